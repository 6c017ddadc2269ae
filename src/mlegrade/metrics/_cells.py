"""Cells, the pairs of group and label of the truth, inside which things are compared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.metrics._arrays import first_places, stretch
from mlegrade.metrics._labels import Labels

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from numpy.typing import NDArray

    AnyLabels = Labels | Sequence[Hashable] | NDArray[Any]

__all__ = ["Cells", "pairs", "portions"]

_PAIRS_AT_ONCE = 1 << 15  # few enough for the arrays made of them to stay in the cache
_LARGEST_TABLE = 1 << 20


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
    found_labels : ndarray of int32, shape (m,)
        The number of each predicted thing's label, -1 where the truth does not have it.
    """

    groups: NDArray[np.int64]
    labels: NDArray[np.int64]
    n_labels: int
    true: NDArray[np.int64]
    found: NDArray[np.int64]
    found_labels: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        true_groups: NDArray[Any],
        true_labels: AnyLabels,
        groups: NDArray[Any],
        labels: AnyLabels,
    ) -> Cells:
        """Find the cells of true and predicted things, given by their groups and labels."""
        true = Labels.of(true_labels)
        found = Labels.of(labels).among(true.names)
        n_labels = len(true.names)
        known, true_cells, found_cells = _numbered(
            true_groups.astype(np.int64) * n_labels + true.codes,
            np.where(found < 0, -1, groups.astype(np.int64) * n_labels + found),
        )
        parts = known // max(1, n_labels), known % max(1, n_labels)
        return cls(*parts, n_labels, true_cells, found_cells, found)


def _numbered(
    codes: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct codes, and the place of each code and of each other one among them.

    The place of a code that is not there is -1.
    """
    size = int(codes.max(initial=0)) + 1
    if size > _LARGEST_TABLE:
        known, places = np.unique(codes, return_inverse=True)
        place = np.searchsorted(known, others)
        return known, places, np.where(np.append(known, -2)[place] == others, place, -1)
    is_known = np.zeros(size + 1, np.bool_)  # one more, for what is beyond
    is_known[codes] = True
    known = np.flatnonzero(is_known)
    number = np.full(size + 1, -1, np.int32)
    number[known] = np.arange(len(known))
    asked_for = number[np.where((others < 0) | (others > size), size, others)]
    return known, number[codes].astype(np.int64), asked_for.astype(np.int64)


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
