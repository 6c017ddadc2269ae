"""Fields that hold labels: the name of a class, a set of labels, a class before its runners-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade import formats
from mlegrade.schema.cells import Cells, missing
from mlegrade.schema.fields import Column, OneColumn, Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlegrade.metrics import LabelSets

__all__ = ["ClassName", "FirstInteger", "LabelSet"]


@dataclass(frozen=True)
class ClassName(Text):
    """The name of a class, compared as written; a column of nothing but numbers is refused.

    Parameters
    ----------
    column : str
        The column's name.
    missing_as : str, optional
        The text that a missing cell stands for; by default missing cells are refused.
    says : str, optional
        What the name is, for the documentation.
    """

    says: str = "the name of a class"

    def decode(self, cells: Cells, context: Any) -> NDArray[Any]:
        """Return names, dtype object, shape (n,)."""
        _refuse_numbers(cells, self.column)
        return super().decode(cells, context)


@dataclass(frozen=True)
class LabelSet(OneColumn):
    """Labels separated by white space, in any order; a missing cell is an empty set.

    Parameters
    ----------
    column : str
        The column's name.
    digits : bool, optional
        Whether every label has to consist of digits.
    names : bool, optional
        Whether labels are names, so that a column of nothing but numbers is refused.
    says : str, optional
        What the labels are, for the documentation.
    """

    digits: bool = False
    names: bool = False
    says: str = "labels"

    def decode(self, cells: Cells, context: Any) -> LabelSets:
        """Return the sets."""
        del context
        if self.names:
            _refuse_numbers(cells, self.column)
        sets = formats.decode_label_sets(cells.text(self.column, missing_as="").tolist())
        if self.digits:
            odd = np.array([not (str(x).isascii() and str(x).isdigit()) for x in sets.labels], bool)
            where = np.unique(sets.rows[odd[sets.codes]])
            cells.reject(self.column, where, "not_digits", "numbers separated by blanks")
        return sets

    def describe(self) -> list[Column]:
        """Describe the column."""
        says = f"{self.says}, separated by blanks, in any order; may be empty"
        return [Column(self.column, "label_set", says)]


@dataclass(frozen=True)
class FirstInteger(OneColumn):
    """A whole number, or several separated by white space, of which only the first counts.

    Parameters
    ----------
    column : str
        The column's name.
    says : str, optional
        What the numbers are, for the documentation.
    """

    says: str = "whole numbers"

    def decode(self, cells: Cells, context: Any) -> NDArray[np.float64]:
        """Return the first number of each row, shape (n,)."""
        del context
        numbers, faults = formats.decode_first_integers(cells.text(self.column).tolist())
        cells.reject_faults(self.column, faults)
        return numbers

    def describe(self) -> list[Column]:
        """Describe the column."""
        says = f"one or more {self.says}, separated by blanks, best first; only the first counts"
        return [Column(self.column, "integer_list", says)]


def _refuse_numbers(cells: Cells, column: str) -> None:
    """Note as a problem that a whole column holds numbers where names are due."""
    texts = cells[column]
    present = ~missing(texts)
    if formats.all_numbers(texts[present]):
        cells.reject(column, present, "not_a_name", "names of classes, not numbers")
