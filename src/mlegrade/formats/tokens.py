"""Cells that hold words: ranked lists and label sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["as_read_by_pandas", "split_at_blanks"]

_INTEGER = re.compile(r"[ \t]*[+-]?[0-9]+[ \t]*")
_NUMBER = re.compile(r"[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*")
_MAX_INTEGER = 2**63


def split_at_blanks(cells: Sequence[str], *, at_most: int | None = None) -> list[list[str]]:
    """Split every cell at every single blank.

    Two blanks in a row enclose an empty word, which takes a place in the list like any other.

    Parameters
    ----------
    cells : sequence of str
        The text of the cells.
    at_most : int, optional
        Words to keep from the beginning of each list.
    """
    if at_most is None:
        return [cell.split(" ") for cell in cells]
    # Splitting at most so often keeps a cell of a million words cheap.
    return [cell.split(" ", at_most)[:at_most] for cell in cells]


def as_read_by_pandas(cells: NDArray[Any], missing: NDArray[np.bool_]) -> NDArray[Any]:
    """Return the text that cells have after pandas inferred the type of their column.

    A column that holds nothing but integers becomes an integer column and loses leading zeros,
    signs and blanks; one of numbers and missing cells becomes a float column, whose texts end in
    ``.0``. Any other column keeps its text.

    Parameters
    ----------
    cells : ndarray of object, shape (n,)
        The text as it stands in the file.
    missing : ndarray of bool, shape (n,)
        Where a cell is missing.
    """
    present = cells[~missing]
    if not len(present) or not all(map(_NUMBER.fullmatch, present)):
        return cells
    result = cells.copy()
    if not missing.any() and all(map(_INTEGER.fullmatch, present)):
        integers = [int(cell) for cell in present]
        if all(-_MAX_INTEGER <= integer < 2 * _MAX_INTEGER for integer in integers):
            result[:] = [str(integer) for integer in integers]
        return result
    result[~missing] = [str(float(cell)) for cell in present]
    return result
