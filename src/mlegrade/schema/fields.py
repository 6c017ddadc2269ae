"""The kinds of columns that tables are made of.

A field says which columns it reads and how, decodes them for a whole table at once, and describes
itself. Fields know nothing of files, rows or keys: they get the cells in the order of the answers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from mlegrade.schema.cells import Cells, missing
from mlegrade.schema.reader import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = [
    "AsIs",
    "Boolean",
    "Column",
    "Field",
    "Number",
    "Numbers",
    "Text",
    "WholeNumber",
    "probability",
    "to_doubles",
]


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds, for people and machines.

    Parameters
    ----------
    name : str
        The name in the header.
    kind : str
        ``number``, ``integer``, ``boolean``, ``text`` or the name of a format.
    says : str
        A phrase for the documentation.
    facts : mapping, optional
        Limits and options, JSON-compatible.
    """

    name: str
    kind: str
    says: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the column as JSON-compatible data."""
        return {"name": self.name, "kind": self.kind, "description": self.says, **self.facts}


class Field(ABC):
    """One value of a row, in one column or several."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What the value is called in decoded tables."""

    @property
    @abstractmethod
    def reads(self) -> Mapping[str, CellKind]:
        """The columns that hold the value, and how their cells are read."""

    @property
    def facts(self) -> Mapping[str, CellKind]:
        """The columns of the answers that decoding depends on, such as image sizes."""
        return {}

    @property
    def reads_further(self) -> bool:
        """Whether columns that no field names are looked at, too: they are read as numbers."""
        return False

    def context(self, facts: Mapping[str, NDArray[Any]]) -> Any:
        """Return what decoding has to know, made once for many submissions.

        Parameters
        ----------
        facts : mapping of str to ndarray
            The columns named by `facts`, in the order of the answers, as far as they are known.
        """
        del facts
        return None

    @abstractmethod
    def decode(self, cells: Cells, context: Any) -> Any:
        """Return the values of all rows, and note what is wrong with `cells.reject`.

        Parameters
        ----------
        cells : Cells
            The table's cells, in the order of the answers.
        context : any
            What `context` returned, in the same order; None if the answers are not known.
        """

    @abstractmethod
    def describe(self) -> list[Column]:
        """Return what the columns hold."""


def to_doubles(cells: Cells, column: str) -> NDArray[np.float64]:
    """Return a column as doubles; cells that are no numbers are noted as problems.

    A column of nothing but True and False is 1 and 0.
    """
    values = cells[column]
    if values.dtype == np.float64:
        return values
    if values.dtype != object:
        return values.astype(np.float64)
    # Text is here because not every cell is a number; a few of them may be, or may be too large
    # for an integer type.
    doubles = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce")
    numbers = doubles.to_numpy(dtype=np.float64, copy=True)
    switches = np.fromiter((isinstance(value, bool) for value in values), np.bool_, len(values))
    bad = (np.isnan(numbers) & ~missing(values)) | switches
    if cells.reject(column, bad, "not_a_number", "a number"):
        numbers[bad] = 0.0
    return numbers


@dataclass(frozen=True)
class Number(Field):
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

    column: str
    low: float | None = None
    high: float | None = None
    above: float | None = None
    missing_as: float | None = None
    varies: bool = False
    truth_values: bool = True
    no_text: bool = False
    says: str = ""

    kind: ClassVar[str] = "number"

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """One column of numbers."""
        return {self.column: CellKind.NUMBER}

    def decode(self, cells: Cells, context: Any) -> NDArray[np.float64]:
        """Return doubles, shape (n,)."""
        del context
        before = len(cells.problems)
        if self.no_text:
            to_doubles(cells.whole(), self.column)
            if len(cells.problems) > before:
                return np.zeros(len(cells[self.column]))
        values = to_doubles(cells, self.column)
        return self.check(cells, self.column, values)

    def check(self, cells: Cells, column: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Refuse missing, infinite and far-off values, and columns that cannot be used."""
        before = len(cells.problems)
        if not self.truth_values and cells[column].dtype == np.bool_:
            cells.reject(column, np.arange(len(values)), "not_a_number", self.expected)
        empty = np.isnan(values)
        if empty.any():
            if self.missing_as is None:
                cells.reject(column, empty, "missing_value", self.expected)
            values = np.where(empty, self.missing_as or 0.0, values)
        infinite = np.isinf(values)
        if infinite.any():
            cells.reject(column, infinite, "not_finite", self.expected)
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
        if self.low is not None and self.high is not None:
            return f"a number in [{self.low:g}, {self.high:g}]"
        if self.low is not None:
            return f"a number of at least {self.low:g}"
        if self.above is not None:
            return f"a number above {self.above:g}"
        if self.high is not None:
            return f"a number of at most {self.high:g}"
        return "a finite number"

    def describe(self) -> list[Column]:
        """Describe the column."""
        limits = {"minimum": self.low, "exclusiveMinimum": self.above, "maximum": self.high}
        facts = {name: value for name, value in limits.items() if value is not None}
        says = (self.says or self.expected) + ("; not the same in every row" if self.varies else "")
        return [Column(self.column, self.kind, says, facts)]


@dataclass(frozen=True)
class WholeNumber(Number):
    """A whole number; ``3.0`` is 3. The parameters are those of `Number`."""

    kind: ClassVar[str] = "integer"

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
        return "a whole number"


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
        matrix = np.empty((len(cells[self.columns[0]]), len(self.columns)))
        for place, column in enumerate(self.columns):
            matrix[:, place] = self.each.check(cells, column, to_doubles(cells, column))
        return matrix

    def describe(self) -> list[Column]:
        """Describe every column."""
        (column,) = self.each.describe()
        return [Column(name, column.kind, column.says, column.facts) for name in self.columns]


@dataclass(frozen=True)
class Boolean(Field):
    """True or False; the numbers 1 and 0 mean the same.

    Parameters
    ----------
    column : str
        The column's name.
    """

    column: str

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """One column, read as pandas reads truth values and numbers."""
        return {self.column: CellKind.NUMBER}

    def decode(self, cells: Cells, context: Any) -> NDArray[np.bool_]:
        """Return truth values, shape (n,)."""
        del context
        values = cells[self.column]
        if values.dtype == object:
            words = np.array([str(value).lower() for value in values], object)
            true, false = words == "true", words == "false"
        else:
            true, false = values == 1, values == 0
        cells.reject(self.column, ~(true | false), "not_a_boolean", "True or False")
        return np.asarray(true, np.bool_)

    def describe(self) -> list[Column]:
        """Describe the column."""
        return [Column(self.column, "boolean", "True or False")]


@dataclass(frozen=True)
class Text(Field):
    """Text, compared as written.

    Parameters
    ----------
    column : str
        The column's name.
    missing_as : str, optional
        The text that a missing cell stands for; by default missing cells are refused.
    says : str, optional
        What the text is, for the documentation.
    """

    column: str
    missing_as: str | None = None
    says: str = "text"

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """One column of text."""
        return {self.column: CellKind.TEXT}

    def decode(self, cells: Cells, context: Any) -> NDArray[Any]:
        """Return text, dtype object, shape (n,)."""
        del context
        return cells.text(self.column, missing_as=self.missing_as)

    def describe(self) -> list[Column]:
        """Describe the column."""
        empty = "may be empty" if self.missing_as is not None else "not empty"
        return [Column(self.column, "text", f"{self.says}; {empty}")]


@dataclass(frozen=True)
class AsIs(Field):
    """Values that a function of the competition made of a record of the answers.

    Parameters
    ----------
    column : str
        The column's name.
    """

    column: str

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """One column of any objects."""
        return {self.column: CellKind.VERBATIM}

    def decode(self, cells: Cells, context: Any) -> NDArray[Any]:
        """Return the objects, shape (n,)."""
        del context
        return cells[self.column]

    def describe(self) -> list[Column]:
        """Describe the column."""
        return [Column(self.column, "object", "made of the record")]
