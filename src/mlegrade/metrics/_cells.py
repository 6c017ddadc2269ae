"""Cells, the pairs of group and label of the truth, inside which things are compared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.metrics._arrays import first_places, stretch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["Cells", "pairs", "portions"]

_PAIRS_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Which pairs of group and label the truth has, and where things belong.

    Parameters
    ----------
    groups, labels : ndarray of int64, shape (c,)
        The group of each cell, and the number of its label.
    n_labels : int
        How many labels there are.
    true : ndarray of int64, shape (n,)
        The cell of each true thing.
    found : ndarray of int64, shape (m,)
        The cell of each predicted thing, -1 where the truth has nothing of its group and label.
    found_labels : ndarray of int64, shape (m,)
        The number of each predicted thing's label, -1 where the truth does not have it.
    """

    groups: NDArray[np.int64]
    labels: NDArray[np.int64]
    n_labels: int
    true: NDArray[np.int64]
    found: NDArray[np.int64]
    found_labels: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        true_groups: NDArray[np.int64],
        true_labels: NDArray[Any],
        groups: NDArray[np.int64],
        labels: NDArray[Any],
    ) -> Cells:
        """Find the cells of true and predicted things, given by their groups and labels."""
        listed = true_labels.tolist()
        numbers = {label: number for number, label in enumerate(dict.fromkeys(listed))}
        count = max(1, len(numbers))
        true = np.fromiter(map(numbers.__getitem__, listed), np.int64, len(listed))
        asked = (numbers.get(label, -1) for label in labels.tolist())
        found = np.fromiter(asked, np.int64, len(labels))
        known, true_cells = np.unique(true_groups * count + true, return_inverse=True)
        codes = np.where(found < 0, -1, groups * count + found)
        place = np.searchsorted(known, codes)
        is_known = np.append(known, -2)[place] == codes
        found_cells = np.where(is_known, place, -1)
        return cls(known // count, known % count, len(numbers), true_cells, found_cells, found)


def pairs(
    cells: NDArray[np.int64], others: NDArray[np.int64], n_cells: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pair all things with all others of the same cell, in portions of bounded size.

    Parameters
    ----------
    cells, others : ndarray of int64
        The cell of each thing; -1 where it is in none.
    n_cells : int
        The number of cells.

    Yields
    ------
    things, others : ndarray of int64
        The places of the partners: things ascend, and so do the partners of each.
    """
    order = np.argsort(others, kind="stable")[np.count_nonzero(others < 0) :]
    sizes = np.append(np.bincount(others[order], minlength=n_cells), 0)
    firsts, counts = (np.cumsum(sizes) - sizes)[cells], sizes[cells]
    for part in portions(counts):
        owner = np.repeat(np.arange(part.start, part.stop), counts[part])
        yield owner, order[stretch(firsts[part], counts[part])]


def portions(counts: NDArray[np.int64]) -> Iterator[slice]:
    """Cut things into slices with a bounded number of pairs each."""
    portion = np.cumsum(counts) // _PAIRS_AT_ONCE
    bounds = np.append(first_places(portion), len(counts)).tolist()
    yield from (slice(a, b) for a, b in pairwise(bounds))
