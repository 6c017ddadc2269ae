"""A reason why some cells of a column cannot be decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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
    spot : callable, optional
        Tells where in one of these cells the first thing stands that breaks the rule; by default
        it is the cell as a whole.
    """

    code: str
    expected: str
    where: NDArray[Any]
    spot: Callable[[int], int] | None = None
