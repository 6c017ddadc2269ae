"""The kinds of columns that tables are made of.

A field says which columns it reads and how, decodes them for a whole table at once, and describes
itself. Fields know nothing of files, rows or keys: they get the cells in the order of the answers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mlegrade.schema.cells import to_double, to_truth
from mlegrade.schema.reader import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from mlegrade.schema.cells import Cells

__all__ = [
    "AsIs",
    "Boolean",
    "Column",
    "Field",
    "OneColumn",
    "Text",
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


@dataclass(frozen=True)
class OneColumn(Field):
    """What fields of one column have in common; by default its cells are text.

    Parameters
    ----------
    column : str
        The column's name.
    """

    column: str

    cells: ClassVar[CellKind] = CellKind.TEXT
    """How the column's cells are read."""

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """The one column."""
        return {self.column: self.cells}


@dataclass(frozen=True)
class Boolean(OneColumn):
    """True or False; the numbers 1 and 0 mean the same.

    Parameters
    ----------
    column : str
        The column's name.
    """

    cells: ClassVar[CellKind] = CellKind.NUMBER

    def decode(self, cells: Cells, context: Any) -> NDArray[np.bool_]:
        """Return truth values, shape (n,)."""
        del context
        values = cells[self.column]
        if values.dtype == object:
            # Text is here because not every cell is right. Words and numbers do not mix: those that
            # are fewer are the wrong ones.
            words = np.fromiter(map(to_truth, values), np.float64, len(values))
            numbers = np.fromiter(map(to_double, values), np.float64, len(values))
            values = max(words, numbers, key=lambda read: np.count_nonzero(_are_bits(read)))
        cells.reject(self.column, ~_are_bits(values), "not_a_boolean", "True or False")
        return np.asarray(values == 1, np.bool_)

    def describe(self) -> list[Column]:
        """Describe the column."""
        return [Column(self.column, "boolean", "True or False")]


def _are_bits(values: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray((values == 0) | (values == 1), np.bool_)


@dataclass(frozen=True)
class Text(OneColumn):
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

    missing_as: str | None = None
    says: str = "text"

    def decode(self, cells: Cells, context: Any) -> NDArray[Any]:
        """Return text, dtype object, shape (n,)."""
        del context
        return cells.text(self.column, missing_as=self.missing_as)

    def describe(self) -> list[Column]:
        """Describe the column."""
        empty = "may be empty" if self.missing_as is not None else "not empty"
        return [Column(self.column, "text", f"{self.says}; {empty}")]


@dataclass(frozen=True)
class AsIs(OneColumn):
    """Values that a function of the competition made of a record of the answers.

    Parameters
    ----------
    column : str
        The column's name.
    """

    cells: ClassVar[CellKind] = CellKind.VERBATIM

    def decode(self, cells: Cells, context: Any) -> NDArray[Any]:
        """Return the objects, shape (n,)."""
        del context
        return cells[self.column]

    def describe(self) -> list[Column]:
        """Describe the column."""
        return [Column(self.column, "object", "made of the record")]
