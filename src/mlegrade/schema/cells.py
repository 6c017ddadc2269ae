"""The raw cells of a table while its fields decode them, and the wording of what is wrong."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import InvalidSubmissionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from mlegrade.formats import Fault

__all__ = ["LARGEST_EXACT", "Cells", "missing", "quote", "some_rows", "to_double", "to_truth"]

_SHOWN = 5
_LONGEST = 80
LARGEST_EXACT = 2.0**53
"""Below it, doubles hold every whole number."""
_TRUTH = {"true": 1.0, "false": 0.0}
# What Python forgives in a number, and pandas does not.
_FOR_PYTHON_ONLY = re.compile(r"[_\x1c-\x1f]|[^\x00-\x7f]")


def quote(value: object, spot: Callable[[], int] | None = None) -> str:
    """Return a cell's value for a message: quoted; of long text a part, from some spot on."""
    if value == "" or (isinstance(value, float) and np.isnan(value)):
        return "no value"  # an empty cell, or a word such as NA
    if isinstance(value, str):
        if len(value) <= _LONGEST:
            return repr(value)
        begin = spot() if spot else 0
        shown = repr(value[begin : begin + _LONGEST])
        shown += "..." if begin + _LONGEST < len(value) else ""
        where = f"from character {begin + 1:,} of {len(value):,}"
        return f"{shown} ({where if begin else f'{len(value):,} characters'})"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_EXACT:
        return f"{value:.0f}"  # mostly it is written so, and 5.0 would look like no whole number
    return str(value)[:_LONGEST]


def some_rows(rows: Sequence[int], total: int) -> str:
    """Return ``row 3`` or ``rows 3, 7 and 12 more``."""
    listed = ", ".join(str(row) for row in rows)
    more = total - len(rows)
    if total == 1:
        return f"row {listed}"
    return f"rows {listed}" + (f" and {more:,} more" if more else "")


def missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where cells are missing: NaN is the one value that differs from itself."""
    return np.asarray(values != values, np.bool_)  # noqa: PLR0124 quicker than pandas.isna


def to_double(cell: object) -> float:
    """Return the double nearest to a number, however large, or to its text; NaN for all else."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return math.nan
    if isinstance(cell, str) and _FOR_PYTHON_ONLY.search(cell):
        return math.nan
    try:
        return float(cell)
    except ValueError:
        return math.nan
    except OverflowError:  # of an integer: text becomes infinite by itself
        return math.inf if isinstance(cell, int) and cell > 0 else -math.inf


def to_truth(cell: object) -> float:
    """Return 1 for True and 0 for False, in any capitals; NaN for all else."""
    return _TRUTH.get(str(cell).lower(), math.nan)


@dataclass(slots=True, eq=False)
class Cells:
    """Columns of a table, their rows already in the order of the answers.

    Parameters
    ----------
    columns : mapping of str to ndarray
        The columns as they stand in the file, in its order.
    order : ndarray of int64 or None
        For each row to look at, its place in the file; None for all rows in the file's order.
    key_of : callable
        Gives the key of a row of the file, for messages.
    further : sequence of str, optional
        The columns that no field names, where one looks at them.
    """

    columns: Mapping[str, NDArray[Any]]
    order: NDArray[np.int64] | None
    key_of: Callable[[int], str]
    further: Sequence[str] = ()
    problems: list[InvalidSubmissionError] = field(default_factory=list)

    def __getitem__(self, column: str) -> NDArray[Any]:
        """Return a column's cells, in the order of the answers."""
        values = self.columns[column]
        return values if self.order is None else values[self.order]

    def text(
        self,
        column: str,
        *,
        missing_as: str | None = None,
        expected: str = "a value in every row",
    ) -> NDArray[Any]:
        """Return a column of text; missing cells are refused or stand for some text.

        Parameters
        ----------
        column : str
            The column's name.
        missing_as : str, optional
            The text that a missing cell stands for. By default missing cells are a problem.
        expected : str, optional
            What should stand there instead.
        """
        values = self[column]
        empty = missing(values)
        if not empty.any():
            return values
        if missing_as is None:
            self.reject(column, empty, "missing_value", expected)
        filled: NDArray[Any] = np.where(empty, missing_as or "", values)
        return filled

    def reject(
        self,
        column: str,
        where: NDArray[Any],
        code: str,
        expected: str,
        found: Sequence[object] | NDArray[Any] | None = None,
        called: str | None = None,
        spot: Callable[[int], int] | None = None,
    ) -> bool:
        """Note a problem, if there is any.

        Parameters
        ----------
        column : str
            The column's name.
        where : ndarray of bool or of int64
            The rows concerned, as a mask or as places.
        code : str
            The kind of problem.
        expected : str
            What should have stood there.
        found : sequence, optional
            What stands in each row; the column's cells by default.
        called : str, optional
            What the message is about, where it is more than one column.
        spot : callable, optional
            Tells where in the cell of one of these rows it is wrong.

        Returns
        -------
        bool
            Whether there was a problem.
        """
        places = np.flatnonzero(where) if where.dtype == np.bool_ else where
        if not len(places):
            return False
        lines = places if self.order is None else self.order[places]
        # Only the first few are sorted out: a message never costs more than the check.
        first = np.argsort(lines, kind="stable")[:_SHOWN]
        values = self[column] if found is None else found
        rows = [int(lines[at]) + 1 for at in first]
        place = int(places[first[0]])
        shown = quote(values[place], partial(spot, place) if spot else None)
        key = self.key_of(rows[0] - 1)
        n_others = len(places) - 1
        others = f", and the like in {some_rows(rows[1:], n_others)}" if n_others else ""
        self.problems.append(
            InvalidSubmissionError(
                code,
                f"{called or f'column {column!r}'}: expected {expected}, found {shown} in row "
                f"{rows[0]}{f' ({key})' if key else ''}{others}.",
                column=column,
                rows=rows,
            )
        )
        return True

    def whole(self) -> Cells:
        """Return all rows of the file; what is wrong with them is noted here, too."""
        return replace(self, order=None)

    def reject_faults(self, column: str, faults: Iterable[Fault]) -> None:
        """Note what a decoder found."""
        for fault in faults:
            self.reject(column, fault.where, fault.code, fault.expected, spot=fault.spot)
