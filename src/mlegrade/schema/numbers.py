"""Columns of numbers, alone or as a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mlegrade.formats.decimals import WITHIN_DOUBLES
from mlegrade.schema.cells import Cells, missing, to_double, to_truth
from mlegrade.schema.fields import Column, Field, OneColumn
from mlegrade.schema.reader import MISSING_WORDS, CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Number", "Numbers", "WholeNumber", "probability"]


def to_doubles(cells: Cells, column: str, stand_in: float = 0.0) -> NDArray[np.float64]:
    """Return a column as doubles; cells that are no numbers are noted as problems.

    A column of nothing but True and False is 1 and 0.

    Parameters
    ----------
    cells : Cells
        The table's cells.
    column : str
        The column's name.
    stand_in : float, optional
        The value of cells that are no numbers, for none to be refused twice.
    """
    values = cells[column]
    if values.dtype == np.float64:
        return values
    if values.dtype != object:
        return values.astype(np.float64)
    # Text is here because some cell is no number, or too large a one for an integer type. Beside
    # integers without a sign, pandas leaves the words for missing cells what they are.
    # Only the rows that count tell what the column is made of.
    numbers = np.fromiter(map(to_double, values), np.float64, len(values))
    truth = np.fromiter(map(to_truth, values), np.float64, len(values))
    empty = missing(values) | np.isin(values, MISSING_WORDS)
    is_number, is_truth = ~np.isnan(numbers), ~np.isnan(truth)
    wrong = ~(is_number | is_truth | empty)
    if is_number.any():
        wrong |= is_truth  # among numbers, these are wrong
    if cells.reject(column, wrong, "not_a_number", "a number"):
        numbers = np.where(wrong | is_truth, stand_in, numbers)
    elif is_truth.any():
        cells.reject(column, empty, "missing_value", "True or False in every row")
        numbers = np.where(empty, stand_in, truth)
    return numbers


@dataclass(frozen=True)
class Number(OneColumn):
    """A finite number.

    Parameters
    ----------
    column : str
        The column's name.
    low, high : float, optional
        The closed range.
    above : float, optional
        An open lower end instead of `low`.
    missing_as : float, optional
        What a missing cell stands for; by default missing cells are refused.
    varies : bool, optional
        Whether a column of equal values is refused.
    truth_values : bool, optional
        Whether a column of nothing but True and False is 1 and 0; otherwise it is refused.
    no_text : bool, optional
        Whether text is refused also in rows that do not count.
    says : str, optional
        What the number is, for the documentation.
    """

    low: float | None = None
    high: float | None = None
    above: float | None = None
    missing_as: float | None = None
    varies: bool = False
    truth_values: bool = True
    no_text: bool = False
    says: str = ""

    kind: ClassVar[str] = "number"
    cells: ClassVar[CellKind] = CellKind.NUMBER

    def decode(self, cells: Cells, context: Any) -> NDArray[np.float64]:
        """Return doubles, shape (n,)."""
        del context
        before = len(cells.problems)
        if self.no_text:
            to_doubles(cells.whole(), self.column)
            if len(cells.problems) > before:
                return np.zeros(len(cells[self.column]))
        return self.check(cells, self.column, self.read(cells, self.column))

    def read(self, cells: Cells, column: str) -> NDArray[np.float64]:
        """Return a column as doubles, missing cells as NaN; see `to_doubles`."""
        values = to_doubles(cells, column, self._stand_in)
        if not self.truth_values and cells.columns[column].dtype == np.bool_:
            cells.reject(column, np.arange(len(values)), "not_a_number", self.expected)
        return values

    @property
    def _stand_in(self) -> float:
        """A value that is never refused."""
        if self.low is not None:
            return self.low
        if self.high is not None:
            return self.high
        return 0.0 if self.above is None else self.above + 1

    def holds(self, values: NDArray[np.float64]) -> bool:
        """Tell whether there is nothing to refuse in a column, or in each column of a matrix."""
        return bool(
            np.isfinite(values).all()
            and (self.low is None or (values >= self.low).all())
            and (self.above is None or (values > self.above).all())
            and (self.high is None or (values <= self.high).all())
            and not (self.varies and (values == values[:1]).all(axis=0).any())
        )

    def check(self, cells: Cells, column: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Refuse missing, infinite and far-off values, and columns that are all the same."""
        if self.holds(values):
            return values
        before = len(cells.problems)
        empty = np.isnan(values)
        if empty.any():
            if self.missing_as is None:
                cells.reject(column, empty, "missing_value", self.expected)
            values = np.where(empty, self.missing_as or 0.0, values)
        infinite = np.isinf(values)
        if infinite.any():
            is_closed = self.high is not None and (self.low is not None or self.above is not None)
            expected = self.expected if is_closed else f"{self.expected} {WITHIN_DOUBLES}"
            cells.reject(column, infinite, "not_finite", expected)
            values = np.where(infinite, 0.0, values)
        outside = np.zeros(len(values), np.bool_)
        if self.low is not None:
            outside |= values < self.low
        if self.above is not None:
            outside |= values <= self.above
        if self.high is not None:
            outside |= values > self.high
        cells.reject(column, outside & ~empty & ~infinite, "out_of_range", self.expected)
        if self.varies and len(cells.problems) == before and (values == values[:1]).all():
            expected = "values that are not all the same"
            cells.reject(column, np.arange(len(values)), "constant", expected)
        return values

    @property
    def expected(self) -> str:
        """What a cell has to hold, for messages."""
        return f"a number {self._limits}" if self._limits else "a finite number"

    @property
    def _limits(self) -> str:
        if self.high is None:
            if self.low is not None:
                return f"of at least {self.low:g}"
            return "" if self.above is None else f"above {self.above:g}"
        if self.low is not None:
            return f"in [{self.low:g}, {self.high:g}]"
        if self.above is not None:
            return f"in ({self.above:g}, {self.high:g}]"
        return f"of at most {self.high:g}"

    def describe(self) -> list[Column]:
        """Describe the column."""
        limits = {"minimum": self.low, "exclusiveMinimum": self.above, "maximum": self.high}
        facts = {name: value for name, value in limits.items() if value is not None}
        says = (self.says or self.expected) + ("; not the same in every row" if self.varies else "")
        return [Column(self.column, self.kind, says, facts)]


@dataclass(frozen=True)
class WholeNumber(Number):
    """A whole number; ``3.0`` is 3. The other parameters are those of `Number`.

    Parameters
    ----------
    exact : bool, optional
        Whether a column of integers is decoded to integers, of which doubles skip some beyond
        2**53; by default to doubles.
    """

    exact: bool = False

    kind: ClassVar[str] = "integer"

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """The one column."""
        return {self.column: CellKind.INTEGER if self.exact else CellKind.NUMBER}

    def read(self, cells: Cells, column: str) -> NDArray[Any]:
        """Return a column as integers or doubles; see `Number.read`."""
        values = cells[column]
        is_exact = self.exact and values.dtype.kind in "iu"
        return values if is_exact else super().read(cells, column)

    def holds(self, values: NDArray[np.float64]) -> bool:
        """Tell whether there is nothing to refuse in a column, or in each column of a matrix."""
        return super().holds(values) and bool((values == np.floor(values)).all())

    def check(self, cells: Cells, column: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Refuse missing, infinite, far-off and fractional values."""
        values = super().check(cells, column, values)
        cells.reject(column, values != np.floor(values), "not_whole", self.expected)
        return values

    @property
    def expected(self) -> str:
        """What a cell has to hold, for messages."""
        if self.low is not None and self.high is not None:
            return f"a whole number from {self.low} to {self.high}"
        return f"a whole number {self._limits}".strip()


def probability(column: str, says: str = "a probability between 0 and 1") -> Number:
    """Return a `Number` in [0, 1]."""
    return Number(column, low=0.0, high=1.0, says=says)


@dataclass(frozen=True)
class Numbers(Field):
    """Several columns of numbers that make one matrix.

    Parameters
    ----------
    columns : sequence of str
        The columns, in the order of the matrix.
    each : Number, optional
        What holds for every cell; its own column name is not used.
    """

    columns: tuple[str, ...]
    each: Number = Number("")

    @property
    def name(self) -> str:
        """A name for the matrix."""
        return "values"

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """Columns of numbers."""
        return dict.fromkeys(self.columns, CellKind.NUMBER)

    def decode(self, cells: Cells, context: Any) -> NDArray[np.float64]:
        """Return doubles, shape (n, number of columns)."""
        del context
        matrix = np.column_stack([self.each.read(cells, column) for column in self.columns])
        if not self.each.holds(matrix):  # one look at the whole is quicker than many
            for place, column in enumerate(self.columns):
                matrix[:, place] = self.each.check(cells, column, matrix[:, place])
        return matrix

    def describe(self) -> list[Column]:
        """Describe every column."""
        (column,) = self.each.describe()
        return [Column(name, column.kind, column.says, column.facts) for name in self.columns]
