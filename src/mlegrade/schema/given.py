"""Fields that repeat what the sample submission says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mlegrade.schema.fields import Column, OneColumn
from mlegrade.schema.numbers import Number
from mlegrade.schema.reader import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from mlegrade.schema.cells import Cells

__all__ = ["Given"]


@dataclass(frozen=True)
class Given(OneColumn):
    """A number that stands in the sample submission and has to be repeated.

    Parameters
    ----------
    column : str
        The column's name.
    """

    cells: ClassVar[CellKind] = CellKind.NUMBER

    @property
    def facts(self) -> Mapping[str, CellKind]:
        """The same column of the answers."""
        return self.reads

    def context(self, facts: Mapping[str, NDArray[Any]]) -> NDArray[Any] | None:
        """Return the numbers to be repeated; None if they are not known."""
        return facts.get(self.column)

    def decode(self, cells: Cells, context: Any) -> NDArray[np.float64]:
        """Return doubles, shape (n,)."""
        before = len(cells.problems)
        values = Number(self.column).decode(cells, None)
        if context is not None and len(cells.problems) == before:
            expected = "the value of the sample submission, whose order of rows has to be kept"
            cells.reject(self.column, values != context, "not_as_given", expected)
        return values

    def describe(self) -> list[Column]:
        """Describe the column."""
        return [Column(self.column, "number", "as in the sample submission")]
