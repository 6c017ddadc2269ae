"""Metrics on orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics._arrays import finite, integers, stretch
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["count_inversions", "pooled_kendall_tau"]

_SHORT = 1024
_CELLS = 1 << 17  # of a batch of short lists: few enough to stay in the cache


def count_inversions(ranks: ArrayLike, offsets: ArrayLike) -> int:
    """Return how many pairs stand in falling order, over all lists.

    Parameters
    ----------
    ranks : array of int, shape (m,)
        The lists, one after the other.
    offsets : array of int, shape (n + 1,)
        List i begins at ``offsets[i]`` and ends before ``offsets[i + 1]``.

    Returns
    -------
    int
        The number of pairs i < j of places in the same list with ``ranks[i] > ranks[j]``.

    Notes
    -----
    Short lists are compared with themselves, shifted by 1, 2, ...: many lists at once, padded to
    about the same length. That is quadratic in their length, but a comparison of machine words is
    far cheaper than a step of merging. Long lists are sorted bit by bit.

    Examples
    --------
    >>> count_inversions([2, 0, 1, 1, 0], [0, 3, 5])
    3
    """
    values, bounds = integers(ranks), integers(offsets)
    lengths = bounds[1:] - bounds[:-1]
    ends = [*bounds[:1], *bounds[-1:]]
    if values.ndim != 1 or ends != [0, len(values)] or (lengths < 0).any():
        raise ValueError("the offsets have to ascend from 0 to the number of ranks.")
    order = np.argsort(lengths, kind="stable")
    ascending = lengths[order]
    n_short = int(np.searchsorted(ascending, _SHORT, side="right"))
    total = sum(
        _by_bits(values[bounds[place] : bounds[place + 1]]) for place in order[n_short:].tolist()
    )
    values = _narrow(values)
    begin = 0
    while begin < n_short:
        least = int(ascending[begin])
        most = least + max(4, least // 8)
        stop = int(np.searchsorted(ascending[:n_short], most, side="right"))
        stop = min(stop, begin + max(1, _CELLS // most))
        batch = order[begin:stop]
        total += _by_shifts(values, bounds[batch], lengths[batch])
        begin = stop
    return total


def _narrow(values: NDArray[np.int64]) -> NDArray[Any]:
    """Return the same integers in few bytes: the cost of comparing them."""
    largest = np.iinfo(np.int16).max
    fits = not len(values) or (values.min() >= -largest and values.max() <= largest)
    return values.astype(np.int16) if fits else values


def _by_shifts(values: NDArray[Any], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> int:
    """Count inversions of lists in ascending order of their lengths."""
    # What pads a list is never smaller than what stands before.
    longest = int(lengths[-1])
    rows = np.full((len(lengths), longest), np.iinfo(values.dtype).max, values.dtype)
    rows[np.arange(longest) < lengths[:, None]] = values[stretch(starts, lengths)]
    padded = np.ascontiguousarray(rows.T)  # one column a list: a shift is one piece of memory
    return sum(
        int(np.count_nonzero(padded[:-shift] > padded[shift:])) for shift in range(1, len(padded))
    )


def _by_bits(values: NDArray[np.int64]) -> int:
    """Count inversions of one list, as a wavelet tree does: from the highest bit to the lowest."""
    ranks = np.empty(len(values), np.int64)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    inversions = 0
    for bit in reversed(range((len(values) - 1).bit_length())):
        # The ranks are sorted by all higher bits: those that share them lie together, from the
        # place of their smallest on. This bit tells apart pairs that no higher bit does.
        block = ranks >> (bit + 1) << (bit + 1)
        high = (ranks >> bit) & 1
        before = np.cumsum(high) - high
        high_before = before - before[block]
        is_low = high == 0
        inversions += int(high_before[is_low].sum())
        low_place = np.arange(len(ranks)) - high_before
        ordered = np.empty_like(ranks)
        ordered[np.where(is_low, low_place, block + (1 << bit) + high_before)] = ranks
        ranks = ordered
    return inversions


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
    UndefinedTruthError
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
    bounds = integers(offsets)
    lengths = bounds[1:] - bounds[:-1]
    pairs = int((lengths * (lengths - 1)).sum())
    if not pairs:
        raise UndefinedTruthError("no list has two items.")
    return finite(1 - 4 * count_inversions(ranks, offsets) / pairs)
