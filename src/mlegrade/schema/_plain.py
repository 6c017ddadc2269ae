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
    from collections.abc import Callable, Collection, Mapping

    from numpy.typing import NDArray

__all__ = ["SplitCells", "numbers_of", "split_cells"]

_TRUTH = {"True": True, "False": False}
# With the comma that stands between cells; conversions refuse one within a cell.
_NUMBER = b"0123456789+-.eE,"
_INTEGER = b"0123456789+-,"
_DIGITS = b"0123456789,"
_SAFE = 10**18
_LONG = 64  # characters
_COMMA, _NEWLINE, _QUOTE = b',\n"'
_KEPT = 0xFF  # no byte of UTF-8: stands for a quote that stays
_PIECE = 1 << 17  # bytes that stay in the cache while they are looked at
_FIRST_ONES = 64  # cells that tell whether those of a column repeat
_MANY = 1 << 16  # distinct cells of a column: more are not remembered


class SplitCells:
    """The cells of some columns, gathered piece by piece.

    Parameters
    ----------
    columns : mapping of int to collection of str
        The places of the columns to keep, and which words are missing cells there.
    expected : mapping of int to ndarray
        The text that their cells probably are, as far as one knows.
    """

    def __init__(
        self, columns: Mapping[int, Collection[str]], expected: Mapping[int, NDArray[Any]]
    ) -> None:
        self._columns = {
            place: _Column(frozenset(words), expected.get(place))
            for place, words in columns.items()
        }
        self._n_lines = 0

    @property
    def n_rows(self) -> int:
        """The number of lines below the header."""
        return self._n_lines - 1

    def add(self, cells: list[str], step: int) -> None:
        """Take the cells of whole lines, `step` of them from one line to the next."""
        first = 0 if self._n_lines else step  # the header is passed over
        for place, column in self._columns.items():
            column.add(cells[first + place :: step])
        self._n_lines += (len(cells) + 1) // step

    def column(self, place: int) -> list[str]:
        """Return a column's cells."""
        return self._columns[place].cells

    def text(self, place: int) -> NDArray[Any]:
        """Return a column as text, dtype object, with NaN for each of the missing words."""
        return self._columns[place].text()

    def as_expected(self, place: int) -> NDArray[Any] | None:
        """Return the text that a column's cells probably were, if that is what they are."""
        return self._columns[place].as_expected()


class _Column:
    """The cells of a column, of which equal ones are mostly the same object."""

    def __init__(self, words: frozenset[str], expected: NDArray[Any] | None) -> None:
        self.cells: list[str] = []
        self._words = words
        self._longest = max(map(len, words), default=0)
        self._missing: set[str] = set()
        self._expected = expected
        self._repeats: bool | None = None
        self._seen: dict[str, str] = {}

    def add(self, cells: list[str]) -> None:
        if self._expected is not None:
            begin = len(self.cells)
            expected = self._expected[begin : begin + len(cells)].tolist()
            if cells == expected:
                self.cells += expected
                return
            self._expected = None
        if self._repeats is None and self.cells:  # files of one piece are not worth the trouble
            self._repeats = 2 * len(set(cells)) < len(cells)
        if self._repeats:
            if len(self._seen) > _MANY:
                self._seen.clear()
            cells = list(map(self._seen.setdefault, cells, cells))
        self.cells += cells
        if self._words and cells:
            # Now, while they are in the cache. Hashing long text costs more than its length.
            is_long = len(cells[0]) > _LONG and min(map(len, cells)) > self._longest
            self._missing.update(() if is_long else self._words.intersection(cells))

    def text(self) -> NDArray[Any]:
        values = np.fromiter(self.cells, object, len(self.cells))
        if self._missing:
            is_missing = map(self._missing.__contains__, self.cells)
            values[np.fromiter(is_missing, np.bool_, len(values))] = np.nan
        return values

    def as_expected(self) -> NDArray[Any] | None:
        is_whole = self._expected is not None and len(self._expected) == len(self.cells)
        return self._expected if is_whole else None


def split_cells(
    data: bytes,
    n_columns: int,
    columns: Mapping[int, Collection[str]],
    expected: Mapping[int, NDArray[Any]] | None = None,
) -> SplitCells | None:
    """Return some cells of a file; None if its lines differ in their number of cells.

    None as well if it is no UTF-8 text: the parser says where.

    A file of one column is left to pandas, too, which passes over its empty lines.

    Parameters
    ----------
    data : bytes
        The file.
    n_columns : int
        The number of columns that the header names.
    columns, expected : mapping of int to collection of str, mapping of int to ndarray
        See `SplitCells`.
    """
    if n_columns < 2 or b"\r" in data:  # noqa: PLR2004 commas have to show lines
        return None
    split = _split_quoted if b'"' in data else _split_plain
    cells = SplitCells(columns, expected or {})
    try:
        return cells if split(data, n_columns, cells) else None
    except UnicodeDecodeError:
        return None


def _split_plain(data: bytes, n_columns: int, found: SplitCells) -> bool:
    """Split a file without quotes.

    With every line end as a cell of its own, lines are one long row. All is well if line ends
    stand in this row at every ``n_columns + 1``-th place and nowhere else: then no line has a cell
    too many or too few.
    """
    step = n_columns + 1
    start, size = 0, len(data) - data.endswith(b"\n")
    while start <= size:
        stop = data.find(b"\n", start + _PIECE, size)
        stop = size if stop < 0 else stop
        text = data[start:stop].decode("utf-8")
        row = text.replace("\n", ",\n,")
        n_ends = (len(row) - len(text)) // 2
        cells = row.split(",")
        if len(cells) + 1 != (n_ends + 1) * step or cells[n_columns::step].count("\n") != n_ends:
            return False
        found.add(cells, step)
        start = stop + 1
    return True


def _split_quoted(data: bytes, n_columns: int, found: SplitCells) -> bool:
    """Split a file with quotes, if these stand where RFC 4180 puts them.

    Commas and line ends outside quotes become NUL bytes, which no file holds, and quotes go, but
    for the second one of a doubled quote: then NUL bytes are all that cells have to be split at.
    """
    cells: list[str] = []  # of the line that is not yet complete, and of the piece
    waiting: list[bytes] = []
    buffer, inside, last_quote = np.frombuffer(data, np.uint8), False, -2
    for start in range(0, len(buffer), _PIECE):
        piece = buffer[start : start + _PIECE].copy()
        quotes = np.flatnonzero(piece == _QUOTE)
        if not quotes_fit(buffer, start + quotes, inside=inside):
            return False
        at = np.flatnonzero((piece == _COMMA) | (piece == _NEWLINE))
        at = at[np.searchsorted(quotes, at) % 2 == inside]  # those with an even number before them
        is_end = piece[at] == _NEWLINE
        last_ones = is_end[n_columns - 1 - len(cells) :: n_columns]  # separators behind last cells
        if not last_ones.all() or len(last_ones) != np.count_nonzero(is_end):
            return False
        piece[at] = 0
        opening, before = quotes[inside::2], np.append(last_quote, quotes)[inside:-1:2]
        piece[opening[before == opening - 1]] = _KEPT
        waiting.append(piece.tobytes().replace(b'"', b"").replace(bytes([_KEPT]), b'"'))
        inside ^= bool(len(quotes) % 2)
        last_quote = int(quotes[-1]) - len(piece) if len(quotes) else -2
        if len(at):
            complete, _, rest = b"".join(waiting).rpartition(b"\0")
            cells += complete.decode("utf-8").split("\0")
            whole = len(cells) - len(cells) % n_columns
            found.add(cells[:whole], n_columns)
            cells, waiting = cells[whole:], [rest]
    if not data.endswith(b"\n"):
        cells.append(b"".join(waiting).decode("utf-8"))
        if len(cells) == n_columns:
            found.add(cells, n_columns)
            cells = []
    return not (inside or cells)


def numbers_of(cells: list[str], *, integers: bool) -> NDArray[Any] | None:
    """Return integers, doubles or truth values; None where pandas has to look.

    Python's conversions read the characters allowed here exactly as pandas does.
    """
    joined = ",".join(cells)
    characters = joined.encode()
    try:
        if integers and not characters.translate(None, _DIGITS):
            return _naturals(cells, joined)
        if integers and not characters.translate(None, _INTEGER):
            return _convert(cells, int, np.int64)
        if not characters.translate(None, _NUMBER):
            return _convert(cells, float, np.float64)
    except (ValueError, OverflowError):
        return None
    if cells and _TRUTH.keys() >= set(cells):
        return _convert(cells, _TRUTH.__getitem__, np.bool_)
    return None


def _naturals(cells: list[str], joined: str) -> NDArray[Any]:
    """Return cells of digits, or of digits and commas, as integers."""
    if all(cells) and joined.count(",") < max(len(cells), 1):
        # Numbers beyond 64 bits come out as the largest integer: Python looks at those.
        values = np.fromstring(joined, np.int64, sep=",")
        if values.max(initial=0) < _SAFE:
            return values
    return _convert(cells, int, np.int64)


def _convert(cells: list[str], function: Callable[[str], Any], dtype: type) -> NDArray[Any]:
    first_ones = cells[:_FIRST_ONES]
    if 2 * len(set(first_ones)) < len(first_ones):
        # Most cells are like another one: a table is quicker than a conversion.
        known = list(set(cells))
        function = dict(zip(known, map(function, known), strict=True)).__getitem__
    return np.fromiter(map(function, cells), dtype, len(cells))
