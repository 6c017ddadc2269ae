"""Fields that spread the classes of a row over several columns, one column a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.schema.fields import Column, Field
from mlegrade.schema.numbers import Number, Numbers, probability
from mlegrade.schema.reader import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from mlegrade.schema.cells import Cells

__all__ = ["OneHot", "Probabilities"]

_FURTHER_TOLERANCE = 1e-8 + 1e-5  # that of `numpy.isclose`


@dataclass(frozen=True)
class Probabilities(Field):
    """One probability a class; every row sums to one.

    Parameters
    ----------
    classes : sequence of str
        The classes; each has a column of its name.
    sum_to_one : bool, optional
        Whether row sums are checked.
    tolerance : float, optional
        The largest difference of a row's sum from 1.
    decimals : int, optional
        Instead of the tolerance: a row's sum, rounded to so many decimals, is exactly 1.
    further_columns : bool, optional
        Whether columns that nothing names count as classes that never occur: their cells are
        probabilities or empty, and row sums with them are 1, too.
    """

    classes: tuple[str, ...]
    sum_to_one: bool = True
    tolerance: float = 1e-6 + 1e-5
    decimals: int | None = None
    further_columns: bool = False

    @property
    def name(self) -> str:
        """A name for the matrix."""
        return "probabilities"

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """Columns of numbers."""
        return dict.fromkeys(self.classes, CellKind.NUMBER)

    @property
    def reads_further(self) -> bool:
        """Whether columns that no field names are looked at, too."""
        return self.further_columns

    def decode(self, cells: Cells, context: Any) -> NDArray[np.float64]:
        """Return probabilities, shape (n, number of classes)."""
        before = len(cells.problems)
        matrix = Numbers(self.classes, probability("")).decode(cells, context)
        further = np.zeros(len(matrix))
        if cells.further:
            each = Number("", low=0.0, high=1.0, missing_as=0.0)
            further = Numbers(tuple(cells.further), each).decode(cells, context).sum(axis=1)
        if self.sum_to_one and len(cells.problems) == before:
            self._check_sums(cells, matrix.sum(axis=1), further)
        return matrix

    def _check_sums(
        self, cells: Cells, sums: NDArray[np.float64], further: NDArray[np.float64]
    ) -> None:
        called = f"columns {self.classes[0]!r} ... {self.classes[-1]!r}"
        if self.decimals is None:
            wrong = np.abs(sums - 1.0) > self.tolerance
            expected = f"a sum of 1 in every row (within {self.tolerance:g})"
        else:
            wrong = np.round(sums, self.decimals) != 1.0
            expected = f"a sum of 1 in every row (rounded to {self.decimals} decimals)"
        rejected = cells.reject(
            self.classes[0], wrong, "sum_not_one", expected, sums, called=called
        )
        if rejected or not cells.further:  # the tolerance with further columns is a narrower one
            return
        totals = sums + further
        cells.reject(
            self.classes[0],
            np.abs(totals - 1.0) > _FURTHER_TOLERANCE,
            "sum_not_one",
            f"a sum of 1 in every row, {', '.join(map(repr, cells.further))} included",
            totals,
            called="all columns",
        )

    def describe(self) -> list[Column]:
        """Describe every column."""
        says = "a probability between 0 and 1"
        if self.sum_to_one:
            says += "; the classes of a row sum to 1"
        facts = {"minimum": 0.0, "maximum": 1.0}
        return [Column(name, "number", says, facts) for name in self.classes]


@dataclass(frozen=True)
class OneHot(Field):
    """One column a class: 1 in the column of the row's class, 0 elsewhere.

    Parameters
    ----------
    classes : sequence of str
        The classes; each has a column of its name.
    """

    classes: tuple[str, ...]

    @property
    def name(self) -> str:
        """A name for the classes."""
        return "label"

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """Columns of numbers."""
        return dict.fromkeys(self.classes, CellKind.NUMBER)

    def decode(self, cells: Cells, context: Any) -> NDArray[np.int64]:
        """Return the place of each row's class among `classes`, shape (n,)."""
        matrix = Numbers(self.classes, probability("")).decode(cells, context)
        wrong = (matrix.max(axis=1, initial=0.0) != 1.0) | (matrix.sum(axis=1) != 1.0)
        cells.reject(self.classes[0], wrong, "not_one_hot", "exactly one 1 among the classes")
        labels: NDArray[np.int64] = matrix.argmax(axis=1).astype(np.int64)
        return labels

    def describe(self) -> list[Column]:
        """Describe every column."""
        return [
            Column(name, "integer", "1 for the class of the row, else 0") for name in self.classes
        ]
