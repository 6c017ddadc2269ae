"""The quick way to read a plain CSV file: no quotes, the same number of cells in every line.

Most files are plain. Their cells come out of `str.split`, faster than any parser finds them, and
reading a small file costs no set-up. A cell means the same here as it does to pandas: whatever
could mean something else makes `plain_cells` return None, and pandas reads the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

__all__ = ["PlainCells", "numbers_of", "plain_cells", "text_of"]

_TRUTH = {"True": True, "False": False}
_NUMBER = b"0123456789+-.eE"
_INTEGER = b"0123456789+-"


class PlainCells:
    """The cells of a plain file.

    Parameters
    ----------
    cells : list of str
        All cells, those of the header first, each line's followed by its end.
    n_columns : int
        Cells in a line.
    """

    def __init__(self, cells: list[str], n_columns: int) -> None:
        self._cells = cells
        self._step = n_columns + 1
        self.n_rows = len(cells) // self._step

    def column(self, place: int) -> list[str]:
        """Return a column's cells below the header."""
        return self._cells[place + self._step :: self._step]


def plain_cells(data: bytes, n_columns: int) -> PlainCells | None:
    """Return the cells of a file; None if it is not plain.

    With every line end as a cell of its own, the file is one long row. It is plain if line ends
    stand in this row at every ``n_columns + 1``-th place and nowhere else: then no line has a cell
    too many or too few. A file of one column never is: pandas passes over its empty lines.
    """
    if n_columns < 2 or b'"' in data or b"\r" in data:  # noqa: PLR2004 commas have to show lines
        return None
    text = data.decode("utf-8")
    n_ends = text.count("\n") - text.endswith("\n")
    cells = text.removesuffix("\n").replace("\n", ",\n,").split(",")
    step = n_columns + 1
    if len(cells) + 1 != (n_ends + 1) * step or cells[n_columns::step].count("\n") != n_ends:
        return None
    return PlainCells(cells, n_columns)


def text_of(cells: list[str], missing_words: Collection[str]) -> NDArray[Any]:
    """Return text, dtype object, with NaN for each of the missing words."""
    values = np.empty(len(cells), object)
    values[:] = cells
    words = set(missing_words).intersection(cells)
    if words:
        values[[cell in words for cell in cells]] = np.nan
    return values


def numbers_of(cells: list[str], *, integers: bool) -> NDArray[Any] | None:
    """Return integers, doubles or truth values; None where pandas has to look.

    Python's conversions read the characters allowed here exactly as pandas does.
    """
    characters = "".join(cells).encode()
    try:
        if integers and not characters.translate(None, _INTEGER):
            return _convert(cells, int, np.int64)
        if not characters.translate(None, _NUMBER):
            return _convert(cells, float, np.float64)
    except (ValueError, OverflowError):
        return None
    if cells and _TRUTH.keys() >= set(cells):
        return _convert(cells, _TRUTH.__getitem__, np.bool_)
    return None


def _convert(cells: list[str], function: Callable[[str], Any], dtype: type) -> NDArray[Any]:
    return np.fromiter(map(function, cells), dtype, len(cells))
