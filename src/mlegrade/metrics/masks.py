"""Metrics on binary masks, computed on runs of pixels: no mask is ever drawn.

All counts are exact integers, and the memory needed depends on the number of runs, not on the
size of the images.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics._arrays import (
    compare_shapes,
    finite,
    integers,
    mean,
    places_of_ends,
    same_length,
)
from mlegrade.metrics._base import metric
from mlegrade.metrics._cells import portions
from mlegrade.metrics._runs import Runs, sums, sums_before

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Runs",
    "dice",
    "global_dice",
    "intersection_areas",
    "iou_threshold_score",
    "mask_fbeta",
]

_RUNS_AT_ONCE = 1 << 14  # few enough for the arrays made of them to stay in the cache


def intersection_areas(a: Runs, b: Runs) -> NDArray[np.int64]:
    """Return how many pixels masks have in common, pair by pair.

    Parameters
    ----------
    a, b : Runs
        n masks each.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} masks, but {len(b)} to compare them with.")
    areas = np.zeros(len(a), np.int64)
    for some in portions(np.diff(a.offsets) + np.diff(b.offsets)):
        areas[some] = _common_pixels(a.part(some), b.part(some))
    return areas


def _common_pixels(a: Runs, b: Runs) -> NDArray[np.int64]:
    # The masks are laid end to end on one line. On it, the pixels of b below x are those of all
    # runs that start below x, without what the last of them has beyond; what a run of a holds of b
    # is a difference of two.
    extents = np.maximum(a.extents(), b.extents())
    bases = np.cumsum(extents) - extents
    base_a, base_b = (np.repeat(bases, np.diff(masks.offsets)) for masks in (a, b))
    common = np.zeros(len(a.starts), np.int64)
    starts, last_ends = b.starts + base_b, np.append(0, b.ends + base_b)
    before = sums_before(b.ends - b.starts)

    def pixels_below(x: NDArray[np.int64], n_runs: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.asarray(before.take(n_runs) - np.maximum(last_ends.take(n_runs) - x, 0))

    for begin in range(0, len(common), _RUNS_AT_ONCE):
        some = slice(begin, begin + _RUNS_AT_ONCE)
        low, high = a.starts[some] + base_a[some], a.ends[some] + base_a[some]
        n_low = np.searchsorted(starts, low)
        n_high = places_of_ends(starts, n_low, high)
        common[some] = pixels_below(high, n_high) - pixels_below(low, n_low)
    return sums(common, a.offsets)


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def dice(y_true: Runs, y_pred: Runs, *, both_empty: float | None = None) -> float:
    r"""Mean Dice coefficient of masks.

    :math:`2 |T \cap P| / (|T| + |P|)` for each pair of masks, averaged over the pairs.

    Parameters
    ----------
    y_true, y_pred : Runs
        n masks each.
    both_empty : float or None, optional
        The value of a pair without a pixel on either side; None leaves such pairs out of the mean.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedMetricError
        If no pair counts.

    Notes
    -----
    Edge cases: one side empty gives 0; both sides empty give `both_empty`.

    References
    ----------
    L. R. Dice, "Measures of the amount of ecologic association between species", 1945.

    Examples
    --------
    >>> dice(Runs.from_masks([[[1, 1, 0]]]), Runs.from_masks([[[0, 1, 1]]]))
    0.5
    """
    same_length(y_true, y_pred)
    common = intersection_areas(y_true, y_pred)
    total = y_true.areas() + y_pred.areas()
    if both_empty is None:
        counts = total > 0
        if not counts.any():
            raise UndefinedMetricError("all masks are empty, true and predicted ones.")
        return mean(2 * common[counts] / total[counts])
    return mean(np.where(total == 0, both_empty, 2 * common / np.maximum(total, 1)))


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def global_dice(y_true: Runs, y_pred: Runs) -> float:
    r"""Dice coefficient of all masks taken as one.

    :math:`2 \sum |T \cap P| / (\sum |T| + \sum |P|)` with sums over the pairs of masks.

    Parameters
    ----------
    y_true, y_pred : Runs
        n masks each.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedMetricError
        If all masks are empty.

    Notes
    -----
    Edge cases: large masks weigh more than small ones, which is the difference to `dice`.

    Examples
    --------
    >>> truth = Runs.from_masks([[[1, 1, 1, 1]], [[1, 0, 0, 0]]])
    >>> global_dice(truth, Runs.from_masks([[[1, 1, 1, 1]], [[0, 1, 0, 0]]]))
    0.8
    """
    same_length(y_true, y_pred)
    total = int(y_true.areas().sum() + y_pred.areas().sum())
    if not total:
        raise UndefinedMetricError("all masks are empty, true and predicted ones.")
    return finite(2 * int(intersection_areas(y_true, y_pred).sum()) / total)


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def mask_fbeta(y_true: Runs, y_pred: Runs, *, beta: float = 1.0) -> float:
    r"""Mean F-beta score of the pixels of masks.

    :math:`(1 + \beta^2) |T \cap P| / (\beta^2 |T| + |P|)` for each pair of masks, averaged over
    the pairs; precision weighs more with a `beta` below 1.

    Parameters
    ----------
    y_true, y_pred : Runs
        n masks each.
    beta : float, optional
        The weight of recall against precision; above 0.

    Returns
    -------
    float
        In [0, 1].

    Notes
    -----
    Edge cases: a pair without a common pixel gives 0, also where both masks are empty.

    References
    ----------
    C. J. van Rijsbergen, "Information Retrieval", 1979.

    Examples
    --------
    >>> truth, predicted = Runs.from_masks([[[1, 1, 1, 1]]]), Runs.from_masks([[[1, 0, 0, 0]]])
    >>> mask_fbeta(truth, predicted, beta=0.5)
    0.625
    """
    if not 0.0 < beta < math.inf:
        raise ValueError(f"beta has to be above 0 and finite, not {beta}.")
    same_length(y_true, y_pred)
    common = intersection_areas(y_true, y_pred)
    weighed = beta**2 * y_true.areas() + y_pred.areas()
    return mean(np.where(common == 0, 0.0, (1 + beta**2) * common / np.where(common, weighed, 1)))


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def iou_threshold_score(intersection: ArrayLike, union: ArrayLike) -> float:
    """Share of the IoU thresholds 0.5, 0.55, ..., 0.95 that images with one object each exceed.

    Parameters
    ----------
    intersection, union : array of int, shape (n,)
        Pixels that truth and prediction have in common, and pixels that either has.

    Returns
    -------
    float
        In [0, 1]: the mean over images and thresholds.

    Raises
    ------
    ValueError
        If a union is not above 0 or smaller than its intersection, an intersection is below 0, or
        a value is no whole number.

    Notes
    -----
    Edge cases: an IoU exactly at a threshold does not exceed it; the comparison is made with
    integers, 20 I > k U for k = 10, ..., 19.

    Examples
    --------
    >>> iou_threshold_score([80, 10], [100, 10])
    0.8
    """
    common, either = integers(intersection), integers(union)
    compare_shapes(common, either, 1, name="union")
    if (either <= 0).any() or (common > either).any():
        raise ValueError("a union has to be positive and at least as large as its intersection.")
    if (common < 0).any():
        raise ValueError("an intersection has to be at least 0.")
    return mean(20 * common[:, None] > np.arange(10, 20) * either[:, None])
