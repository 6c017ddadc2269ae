"""The form of a CSV file, before anything reads a cell: encoding, header, cells per line.

`pandas.read_csv` forgives what must not be forgiven: it turns surplus cells into an index, drops
surplus empty ones without a word and lets an unclosed quote swallow the rest of the file. These
checks go over the bytes with numpy, in chunks: time grows with the file, memory does not.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import InvalidSubmissionError

__all__ = [
    "check_bytes",
    "check_cells_per_line",
    "check_text",
    "count_separators",
    "is_quoted",
    "quotes_are_regular",
    "quotes_fit",
    "read_first_row",
    "read_header",
    "refuse_rows_beyond",
    "with_newlines",
]

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COMMA, _NEWLINE, _RETURN, _QUOTE = (ord(character) for character in ',\n\r"')
_CHUNK = 1 << 22
_SMALL_CHUNK = 1 << 16  # stays in the cache
_MAX_COLUMNS = 16_384
_MORE_ROWS = 1_000_000
_CONTENT = re.compile(rb"[^ \t\r\n]")
_LINE_END = re.compile(rb"\r\n?|\n")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_LONG_WORD = re.compile(rb'[^,"\r\n]{64,}')
_BOM = codecs.BOM_UTF8
_BESIDE_QUOTE = np.zeros(256, np.bool_)
_BESIDE_QUOTE[[_COMMA, _NEWLINE, _RETURN, _QUOTE]] = True
_END = 'end"of file'  # reads as it stands only outside quotes


def check_bytes(data: bytes) -> bytes:
    """Return the data without a byte order mark; refuse what is empty or binary.

    Raises
    ------
    InvalidSubmissionError
        ``empty_file`` or ``nul_byte``.
    """
    data = data.removeprefix(_BOM)
    if not _CONTENT.search(data):
        raise InvalidSubmissionError(
            "empty_file", "the file is empty; write a header line and one line per test row."
        )
    if b"\0" in data:
        line = _line_of(data, data.index(b"\0"))
        raise InvalidSubmissionError(
            "nul_byte",
            f"line {line} holds a NUL byte; write the file as UTF-8 text "
            "(UTF-16 and binary formats are not read).",
        )
    return data


def check_text(data: bytes) -> None:
    """Refuse what is no UTF-8 text.

    Raises
    ------
    InvalidSubmissionError
        ``not_utf8``.
    """
    if data.isascii():
        return
    view, start = memoryview(data), 0
    while start < len(data):
        stop = start + _SMALL_CHUNK
        try:
            # Stops before a letter that the end of the chunk cuts in two.
            _, read = codecs.utf_8_decode(view[start:stop], "strict", stop >= len(data))
        except UnicodeDecodeError as error:
            line = _line_of(data, start + error.start)
            raise InvalidSubmissionError(
                "not_utf8", f"line {line} is not UTF-8 text; write the file with encoding='utf-8'."
            ) from error
        start += read


def _line_of(data: bytes, place: int) -> int:
    """Return the number of the line that a byte stands in, also where lines end in CR alone."""
    return (data.count(b"\n", 0, place) or data.count(b"\r", 0, place)) + 1


def read_header(data: bytes) -> list[str]:
    """Return the column names; what has none is called as pandas calls it.

    Raises
    ------
    InvalidSubmissionError
        ``malformed`` if the first line is no CSV record, ``too_many_columns``, or
        ``repeated_column`` if a name stands there twice.
    """
    try:
        names, _ = _record(data)
    except (csv.Error, StopIteration) as error:
        raise InvalidSubmissionError(
            "malformed", f"the first line is no CSV header ({error or 'no column names'})."
        ) from error
    if len(names) > _MAX_COLUMNS:
        raise InvalidSubmissionError(
            "too_many_columns",
            f"the header names {len(names)} columns; at most {_MAX_COLUMNS} are read.",
        )
    names = [name or f"Unnamed: {place}" for place, name in enumerate(names)]
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidSubmissionError(
                "repeated_column",
                f"the header names the column {name[:80]!r} more than once; "
                "every column needs its own name.",
                column=name,
            )
        seen.add(name)
    return names


def read_first_row(data: bytes) -> list[str]:
    """Return the cells of the first row below the header; none if there is no such row."""
    try:
        _, end = _record(data)
        row, _ = _record(data, end)
    except (csv.Error, StopIteration):
        return []
    return row


def _record(data: bytes, start: int = 0) -> tuple[list[str], int]:
    """Return the first record that begins there or later, and where it ends.

    Any number of blank lines may stand in front: those are passed over at once.
    """
    content = next(_CONTENT.finditer(data, start))
    start = max(start, *(data.rfind(end, start, content.start()) + 1 for end in (b"\n", b"\r")))
    stream = io.BytesIO(data)
    stream.seek(start)
    reader = csv.reader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
    record = next(reader)
    ends = itertools.islice(_LINE_END.finditer(data, start), reader.line_num - 1, None)
    last = next(ends, None)
    return record, last.end() if last else len(data)


def count_separators(data: bytes) -> int | None:
    """Return how many commas separate cells; None if quotes make that hard to tell."""
    has_quotes = b'"' in data
    buffer, total, inside = np.frombuffer(data, np.uint8), 0, False
    # Small chunks stay in the cache: about ten times faster than bytes.count here.
    for start in range(0, len(buffer), _SMALL_CHUNK):
        chunk = buffer[start : start + _SMALL_CHUNK]
        if not has_quotes:
            total += int(np.count_nonzero(chunk == _COMMA))
            continue
        quotes = np.flatnonzero(chunk == _QUOTE)
        if not quotes_fit(buffer, start + quotes, inside=inside):
            return None
        # Between cells are those with an even number of quotes before them.
        before = np.searchsorted(quotes, np.flatnonzero(chunk == _COMMA))
        total += int(np.count_nonzero(before % 2 == inside))
        inside ^= bool(len(quotes) % 2)
    return None if inside else total


def refuse_rows_beyond(data: bytes, n_rows: int) -> None:
    """Refuse a file of far more rows than are expected, before its cells take room.

    Raises
    ------
    InvalidSubmissionError
        ``unexpected_rows``, if it is text; a million more are looked at one by one.
    """
    most = n_rows + _MORE_ROWS
    if len(data) <= 2 * most or b'"' in data:  # a row has a character and its end
        return
    buffer, found = np.frombuffer(data, np.uint8), -1  # the header is no row
    for start in range(0, len(buffer), _SMALL_CHUNK):
        chunk = buffer[max(0, start - 1) : start + _SMALL_CHUNK]
        is_end = (chunk == _NEWLINE) | (chunk == _RETURN)
        found += int(np.count_nonzero(is_end[:-1] & ~is_end[1:])) + (start == 0 and not is_end[0])
    if found > most:
        check_text(data)
        raise InvalidSubmissionError(
            "unexpected_rows",
            f"the file has {found:,} rows, but {n_rows:,} are expected; write one row for every "
            "row of the sample submission.",
        )


def with_newlines(data: bytes) -> bytes:
    """Return the data with a newline for each carriage return that ends a line by itself.

    pandas misreads what follows those: a blank under 2.2, an empty cell behind a blank line.
    """
    if b"\r" not in data or not _LONE_RETURN.search(data) or not quotes_are_regular(data):
        return data
    buffer, inside = np.frombuffer(data + b"\n", np.uint8).copy(), False
    for start in range(0, len(data), _SMALL_CHUNK):
        chunk = buffer[start : start + _SMALL_CHUNK + 1]
        quoted = is_quoted(chunk[:-1] == _QUOTE, inside=inside)
        inside = bool(quoted[-1])
        ends = (chunk[:-1] == _RETURN) & (chunk[1:] != _NEWLINE) & ~quoted
        chunk[:-1][ends] = _NEWLINE
    return buffer[:-1].tobytes()


def is_quoted(quote: NDArray[np.bool_], *, inside: bool) -> NDArray[np.bool_]:
    """Return which bytes lie inside quotes: those with an odd number of quotes up to them."""
    odd = np.bitwise_xor.accumulate(quote.view(np.uint8)).view(np.bool_)
    return ~odd if inside else odd


def check_cells_per_line(data: bytes, n_columns: int) -> None:
    """Refuse a line with more cells than the header, and a quote that is never closed.

    Raises
    ------
    InvalidSubmissionError
        ``malformed``, with the line number.
    """
    if b'"' in data and not quotes_are_regular(data):
        _check_records(data, n_columns)
        return
    line, carried, inside = 1, 0, False
    for start in range(0, len(data), _CHUNK):
        chunk = np.frombuffer(data, np.uint8, min(_CHUNK, len(data) - start), start)
        comma, newline = chunk == _COMMA, chunk == _NEWLINE
        returns = chunk == _RETURN
        if returns.any():
            # A carriage return ends a line by itself unless a newline follows.
            following = np.append(newline[1:], data[start + _CHUNK : start + _CHUNK + 1] == b"\n")
            newline |= returns & ~following
        quote = chunk == _QUOTE
        if inside or quote.any():
            quoted = is_quoted(quote, inside=inside)
            inside = bool(quoted[-1])
            comma &= ~quoted
            ends = newline & ~quoted
        else:
            ends = newline
        end_at = np.flatnonzero(ends)
        commas = np.diff(np.searchsorted(np.flatnonzero(comma), end_at), prepend=0)
        if len(commas):
            commas[0] += carried
            surplus = np.flatnonzero(commas >= n_columns)
            if len(surplus):
                first = surplus[0]
                line += int(np.count_nonzero(newline[: end_at[first]]))
                _refuse_surplus(line, int(commas[first]) + 1, n_columns)
            carried = 0
        carried += int(np.count_nonzero(comma[end_at[-1] + 1 if len(end_at) else 0 :]))
        line += int(np.count_nonzero(newline))
    if carried >= n_columns:
        _refuse_surplus(line, carried + 1, n_columns)


def _refuse_surplus(line: int, n_cells: int, n_columns: int) -> None:
    raise InvalidSubmissionError(
        "malformed",
        f"line {line} has {n_cells} cells, but the header names {n_columns} columns; "
        "put cells that contain a comma in double quotes.",
    )


def quotes_are_regular(data: bytes) -> bool:
    """Tell whether quotes stand only where RFC 4180 puts them, so that parity finds the cells."""
    buffer, inside = np.frombuffer(data, np.uint8), False
    for start in range(0, len(buffer), _SMALL_CHUNK):
        at = start + np.flatnonzero(buffer[start : start + _SMALL_CHUNK] == _QUOTE)
        if not quotes_fit(buffer, at, inside=inside):
            return False
        inside ^= bool(len(at) % 2)
    return not inside


def quotes_fit(buffer: NDArray[np.uint8], at: NDArray[np.int64], *, inside: bool) -> bool:
    """Tell whether successive quotes stand where RFC 4180 puts them.

    Parameters
    ----------
    buffer : ndarray of uint8
        The file.
    at : ndarray of int64
        The places of the quotes.
    inside : bool
        Whether the first of them closes a cell.
    """
    opening, closing = at[int(inside) :: 2], at[int(not inside) :: 2]
    if len(opening) and opening[0] == 0:
        opening = opening[1:]
    if len(closing) and closing[-1] == len(buffer) - 1:
        closing = closing[:-1]
    return bool(
        _BESIDE_QUOTE[buffer[opening - 1]].all() and _BESIDE_QUOTE[buffer[closing + 1]].all()
    )


def _check_records(data: bytes, n_columns: int) -> None:
    """Check a file with quotes in unusual places, record by record, as the csv module reads it."""
    # The csv module refuses long cells; what stands between commas, quotes and line ends does not
    # matter here.
    data = _LONG_WORD.sub(b"-", data)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    # A last line of our own: where a quote is still open, it ends up inside the last cell, and its
    # own quote closes that.
    reader = csv.reader(itertools.chain(lines, [_END]))
    line = last = 1
    record = [""]
    try:
        for record in reader:
            if len(record) > n_columns:
                _refuse_surplus(line, len(record), n_columns)
            if record != [_END]:
                last, line = line, reader.line_num + 1
    except csv.Error as error:
        raise InvalidSubmissionError(
            "malformed",
            f"the record that begins in line {line} cannot be read as CSV ({error}); "
            "close every quote, and double the quotes inside a quoted cell.",
        ) from error
    if record != [_END]:
        raise InvalidSubmissionError(
            "malformed", f"a quote that opens in the record of line {last} is never closed."
        )
