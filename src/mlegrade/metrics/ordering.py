"""Metrics on orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics._arrays import finite
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["count_inversions", "pooled_kendall_tau"]


def count_inversions(ranks: ArrayLike, offsets: ArrayLike) -> int:
    """Return how many pairs stand in the wrong order, over all lists.

    Parameters
    ----------
    ranks : array of int, shape (m,)
        The lists, one after the other; list i is a permutation of 0, 1, ..., n_i - 1.
    offsets : array of int, shape (n + 1,)
        List i begins at ``offsets[i]`` and ends before ``offsets[i + 1]``.

    Returns
    -------
    int
        The number of pairs i < j of places in the same list with ``ranks[i] > ranks[j]``.

    Raises
    ------
    ValueError
        If a list is no permutation.

    Notes
    -----
    All lists are sorted at once, bit by bit from the highest, as in a wavelet tree: pairs that
    a bit tells apart are counted when it is looked at. That takes log2(longest list) passes.

    Examples
    --------
    >>> count_inversions([2, 0, 1, 1, 0], [0, 3, 5])
    3
    """
    values, bounds = np.asarray(ranks, np.int64), np.asarray(offsets, np.int64)
    lengths = np.diff(bounds)
    base = np.repeat(bounds[:-1], lengths)
    if not _are_permutations(values, base, np.repeat(lengths, lengths)):
        raise ValueError("every list has to be a permutation of 0, 1, ..., n - 1.")
    inversions = 0
    for bit in reversed(range(int(lengths.max(initial=1) - 1).bit_length())):
        # Before this step the list is sorted by all higher bits. Being permutations, values that
        # share them lie together from the place of their smallest on.
        block = base + (values >> (bit + 1) << (bit + 1))
        high = (values >> bit) & 1
        before = np.cumsum(high) - high
        high_before = before - before[block]
        is_low = high == 0
        inversions += int(high_before[is_low].sum())
        place = np.where(
            is_low, np.arange(len(values)) - high_before, block + (1 << bit) + high_before
        )
        ordered = np.empty_like(values)
        ordered[place] = values
        values = ordered
    return inversions


def _are_permutations(
    values: NDArray[np.int64], base: NDArray[np.int64], lengths: NDArray[np.int64]
) -> bool:
    if len(values) != len(base) or ((values < 0) | (values >= lengths)).any():
        return False
    return bool((np.bincount(values + base, minlength=len(values)) == 1).all())


@metric(higher_is_better=True, optimum=1.0, worst=-1.0)
def pooled_kendall_tau(ranks: ArrayLike, offsets: ArrayLike) -> float:
    r"""Kendall's rank correlation of many lists, counted as one.

    :math:`1 - 4 \sum_i S_i / \sum_i n_i (n_i - 1)`, where :math:`S_i` is the number of pairs of
    list i in the wrong order (swaps of neighbours that sorting needs) and :math:`n_i` its length.

    Parameters
    ----------
    ranks : array of int, shape (m,)
        The true place of each item, in the order predicted, one list after the other; list i is
        a permutation of 0, 1, ..., n_i - 1.
    offsets : array of int, shape (n + 1,)
        List i begins at ``offsets[i]`` and ends before ``offsets[i + 1]``.

    Returns
    -------
    float
        In [-1, 1].

    Raises
    ------
    UndefinedMetricError
        If no list has two items.

    Notes
    -----
    Edge cases: lists with one item count for nothing; long lists weigh more than short ones,
    which is the difference to a mean of correlations.

    References
    ----------
    M. G. Kendall, "A new measure of rank correlation", 1938.

    Examples
    --------
    >>> pooled_kendall_tau([0, 1, 2, 1, 0], [0, 3, 5])
    0.5
    """
    bounds = np.asarray(offsets, np.int64)
    lengths = bounds[1:] - bounds[:-1]
    pairs = int((lengths * (lengths - 1)).sum())
    if not pairs:
        raise UndefinedMetricError("no list has two items.")
    return finite(1 - 4 * count_inversions(ranks, offsets) / pairs)
