"""The quick way to read a CSV file with the same number of cells in every line.

Most files are like that. Their cells come out of `str.split`, faster than any parser finds them,
and reading a small file costs no set-up. A cell means the same here as it does to pandas: whatever
could mean something else makes `split_cells` return None, and pandas reads the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.schema._structure import quotes_fit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

__all__ = ["SplitCells", "numbers_of", "split_cells", "text_of"]

_TRUTH = {"True": True, "False": False}
_NUMBER = b"0123456789+-.eE"
_INTEGER = b"0123456789+-"
_DIGITS = b"0123456789"
_SAFE = 10**18
_LONG = 64  # characters
_COMMA, _NEWLINE, _QUOTE = b',\n"'
_KEPT = 0xFF  # no byte of UTF-8: stands for a quote that stays
_PIECE = 1 << 17  # bytes that stay in the cache while they are looked at


class SplitCells:
    """The cells of a file.

    Parameters
    ----------
    cells : list of str
        All cells, line after line, those of the header first.
    step : int
        The cells from one line to the next.
    """

    def __init__(self, cells: list[str], step: int) -> None:
        self._cells = cells
        self._step = step
        self.n_rows = (len(cells) + 1) // step - 1

    def column(self, place: int) -> list[str]:
        """Return a column's cells below the header."""
        return self._cells[place + self._step :: self._step]


def split_cells(data: bytes, n_columns: int) -> SplitCells | None:
    """Return the cells of a file; None if its lines differ in their number of cells.

    A file of one column is left to pandas, too, which passes over its empty lines.
    """
    if n_columns < 2 or b"\r" in data:  # noqa: PLR2004 commas have to show lines
        return None
    split = _split_quoted if b'"' in data else _split_plain
    return split(data, n_columns)


def _split_plain(data: bytes, n_columns: int) -> SplitCells | None:
    """Split a file without quotes.

    With every line end as a cell of its own, the file is one long row. All is well if line ends
    stand in this row at every ``n_columns + 1``-th place and nowhere else: then no line has a cell
    too many or too few.
    """
    text = data.decode("utf-8")
    n_ends = text.count("\n") - text.endswith("\n")
    cells = text.removesuffix("\n").replace("\n", ",\n,").split(",")
    step = n_columns + 1
    if len(cells) + 1 != (n_ends + 1) * step or cells[n_columns::step].count("\n") != n_ends:
        return None
    return SplitCells(cells, step)


def _split_quoted(data: bytes, n_columns: int) -> SplitCells | None:
    """Split a file with quotes, if these stand where RFC 4180 puts them.

    Commas and line ends outside quotes become NUL bytes, which no file holds, and quotes go, but
    for the second one of a doubled quote: then NUL bytes are all that cells have to be split at.
    """
    cells: list[str] = []
    ends: list[NDArray[np.bool_]] = []  # of the separators: which are line ends
    waiting: list[bytes] = []
    buffer, inside, last_quote = np.frombuffer(data, np.uint8), False, -2
    for start in range(0, len(buffer), _PIECE):
        piece = buffer[start : start + _PIECE].copy()
        quotes = np.flatnonzero(piece == _QUOTE)
        if not quotes_fit(buffer, start + quotes, inside=inside):
            return None
        at = np.flatnonzero((piece == _COMMA) | (piece == _NEWLINE))
        at = at[np.searchsorted(quotes, at) % 2 == inside]  # those with an even number before them
        ends.append(piece[at] == _NEWLINE)
        piece[at] = 0
        opening, before = quotes[inside::2], np.append(last_quote, quotes)[inside:-1:2]
        piece[opening[before == opening - 1]] = _KEPT
        waiting.append(piece.tobytes().replace(b'"', b"").replace(bytes([_KEPT]), b'"'))
        inside ^= bool(len(quotes) % 2)
        last_quote = int(quotes[-1]) - len(piece) if len(quotes) else -2
        if len(at):
            complete, _, rest = b"".join(waiting).rpartition(b"\0")
            cells += complete.decode("utf-8").split("\0")
            waiting = [rest]
    if inside:
        return None
    if not data.endswith(b"\n"):
        cells.append(b"".join(waiting).decode("utf-8"))
        ends.append(np.ones(1, np.bool_))
    is_end = np.concatenate(ends)
    n_rows = np.count_nonzero(is_end)
    if len(cells) != n_rows * n_columns or not is_end[n_columns - 1 :: n_columns].all():
        return None
    return SplitCells(cells, n_columns)


def text_of(cells: list[str], missing_words: Collection[str]) -> NDArray[Any]:
    """Return text, dtype object, with NaN for each of the missing words."""
    values = np.fromiter(cells, object, len(cells))
    if missing_words and cells and len(cells[0]) > _LONG:
        # Hashing long text costs more than passing it over by its length.
        longest = max(map(len, missing_words))
        candidates = [cell for cell in cells if len(cell) <= longest]
    else:
        candidates = cells
    words = set(missing_words).intersection(candidates)
    if words:
        values[[cell in words for cell in cells]] = np.nan
    return values


def numbers_of(cells: list[str], *, integers: bool) -> NDArray[Any] | None:
    """Return integers, doubles or truth values; None where pandas has to look.

    Python's conversions read the characters allowed here exactly as pandas does.
    """
    characters = "".join(cells).encode()
    try:
        if integers and not characters.translate(None, _DIGITS):
            return _naturals(cells)
        if integers and not characters.translate(None, _INTEGER):
            return _convert(cells, int, np.int64)
        if not characters.translate(None, _NUMBER):
            return _convert(cells, float, np.float64)
    except (ValueError, OverflowError):
        return None
    if cells and _TRUTH.keys() >= set(cells):
        return _convert(cells, _TRUTH.__getitem__, np.bool_)
    return None


def _naturals(cells: list[str]) -> NDArray[Any]:
    """Return cells of digits as integers."""
    if all(cells):
        # Numbers beyond 64 bits come out as the largest integer: Python looks at those.
        values = np.fromstring(",".join(cells), np.int64, sep=",")
        if not len(values) or values.max() < _SAFE:
            return values
    return _convert(cells, int, np.int64)


def _convert(cells: list[str], function: Callable[[str], Any], dtype: type) -> NDArray[Any]:
    return np.fromiter(map(function, cells), dtype, len(cells))
