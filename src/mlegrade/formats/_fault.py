"""A reason why some cells of a column cannot be decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Fault"]


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """Cells that break one rule.

    Parameters
    ----------
    code : str
        A stable, machine-readable name of the rule.
    expected : str
        What the cell should have held, to be put behind "expected".
    where : ndarray of int64
        The places of the cells, ascending, not empty.
    """

    code: str
    expected: str
    where: NDArray[Any]
