"""Metrics on distances in space."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import (
    first_places,
    group_sizes,
    integers,
    mean,
    need_numbers_below,
    same_columns,
    same_length,
)
from mlegrade.metrics._base import metric
from mlegrade.metrics._cells import portions
from mlegrade.metrics._hausdorff import hausdorff
from mlegrade.metrics._lines import covered
from mlegrade.metrics._runs import Runs, sums
from mlegrade.metrics._volumes import Volumes
from mlegrade.metrics.masks import dice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from mlegrade.metrics._lines import Line

__all__ = ["dice_hausdorff", "voxel_hausdorff"]


def voxel_hausdorff(a: Line, b: Line, shape: tuple[int, int, int]) -> float:
    r"""Symmetric Hausdorff distance of two sets of voxels, in a volume whose sides are 1.

    :math:`\max(\max_a \min_b |a - b|, \max_b \min_a |a - b|)` with coordinates divided by the
    number of slices, rows and columns.

    Parameters
    ----------
    a, b : (starts, ends)
        Runs of voxels, which ascend and do not overlap. Voxels are numbered down the columns of
        a slice, slice after slice. Neither set is empty.
    shape : (int, int, int)
        Slices, rows and columns.

    Returns
    -------
    float
        In [0, sqrt(3)).

    Raises
    ------
    ValueError
        If a set is empty, or its runs are not as they should be.

    References
    ----------
    F. Hausdorff, "Grundzuege der Mengenlehre", 1914.

    Examples
    --------
    >>> import numpy as np
    >>> first, last = ((np.array([v]), np.array([v + 1])) for v in (0, 7))
    >>> voxel_hausdorff(first, last, (2, 2, 2))
    0.8660254037844386
    """
    volumes = Volumes([shape])
    first = np.zeros(1, np.int64)
    one, other = (
        covered(volumes.lay(first, first, _one_mask(runs, math.prod(shape)))) for runs in (a, b)
    )
    return float(hausdorff(volumes, one, other, np.ones(1, np.bool_))[0])


def _one_mask(runs: Line, n_voxels: int) -> Runs:
    """Return a set of voxels as a mask, after a look at its runs."""
    starts, ends = map(integers, runs)
    same_columns(starts, ends)
    borders = np.column_stack([starts, ends]).ravel()
    ascend = (starts < ends).all() and (borders[1:] >= borders[:-1]).all()
    if not len(starts) or not ascend or borders[0] < 0 or borders[-1] > n_voxels:
        raise ValueError("a set needs runs that ascend, do not overlap and lie in the volume.")
    return Runs(starts, ends, np.array([0, len(starts)]))


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def dice_hausdorff(
    y_true: Runs,
    y_pred: Runs,
    slices: ArrayLike,
    scans: ArrayLike,
    shapes: ArrayLike,
    *,
    dice_weight: float = 0.4,
    oversize: float = 10.0,
) -> float:
    r"""Overlap of masks and distance of the volumes that they make, in one number.

    :math:`w D + (1 - w) (1 - H)` with the mean Dice coefficient D of the masks and the mean H,
    over scans, of the symmetric Hausdorff distance divided by its largest value sqrt(3).

    Parameters
    ----------
    y_true, y_pred : Runs
        n masks each, pixels numbered down the columns.
    slices : array of int, shape (n,)
        The slice that each mask belongs to: masks of a slice are merged for the distance.
    scans : array of int or str, shape (s,)
        The scan of each slice; the slices of a scan stand together, in their order in space.
    shapes : array of int, shape (s, 2)
        Rows and columns of each slice, the same throughout a scan.
    dice_weight : float, optional
        The weight w in [0, 1].
    oversize : float, optional
        A predicted volume more than so many times the true one is at the largest distance.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedMetricError
        If all masks are empty.
    ValueError
        If the lengths do not fit together, or there is no slice of a mask's number.

    Notes
    -----
    Edge cases: pairs of masks that are both empty are left out of D, scans that are empty on both
    sides out of H; a scan that is empty on one side is at the largest distance.

    References
    ----------
    The metric of "UW-Madison GI Tract Image Segmentation" on Kaggle.

    Examples
    --------
    >>> truth = Runs.from_masks([[[1, 1], [0, 0]], [[1, 1], [0, 0]]])
    >>> predicted = Runs.from_masks([[[1, 1], [0, 0]], [[0, 1], [0, 0]]])
    >>> shapes = [[2, 2], [2, 2]]
    >>> round(dice_hausdorff(truth, predicted, [0, 1], ["day 1", "day 1"], shapes), 3)
    0.76
    """
    overlap = dice(y_true, y_pred, both_empty=None)
    scan_of, in_slice, sides = np.asarray(scans), integers(slices), integers(shapes)
    same_length(y_true, in_slice, others="slices of masks")
    same_columns(scan_of, sides)
    need_numbers_below(len(scan_of), in_slice, name="slices")
    firsts = first_places(scan_of)
    depths = group_sizes(firsts, len(scan_of))
    shapes_3d = np.column_stack([depths, sides[firsts]])
    scan = np.repeat(np.arange(len(firsts)), depths)[in_slice]
    if len(first_places(scan)) > np.count_nonzero(np.bincount(scan)):
        # The masks of a scan do not stand together.
        order = np.argsort(scan, kind="stable")
        y_true, y_pred = y_true.take(order), y_pred.take(order)
        scan, in_slice = scan[order], in_slice[order]
    pixel = (in_slice - firsts[scan]) * shapes_3d[scan, 1] * shapes_3d[scan, 2]
    distances = []
    for masks in _batches(scan, np.diff(y_true.offsets) + np.diff(y_pred.offsets)):
        here = scan[masks]
        begins = first_places(here)
        volumes = Volumes(shapes_3d[here[begins]])
        sizes = group_sizes(begins, len(here))
        volume = np.repeat(np.arange(len(volumes)), sizes)
        truth, predicted = (
            covered(volumes.lay(volume, pixel[masks], runs.part(masks)))
            for runs in (y_true, y_pred)
        )
        distances.append(_distances(volumes, truth, predicted, oversize))
    return dice_weight * overlap + (1 - dice_weight) * (1 - mean(np.concatenate(distances)))


def _batches(scan: NDArray[np.int64], n_runs: NDArray[np.int64]) -> Iterator[slice]:
    """Yield the masks of whole scans, with a bounded number of runs: little memory, few calls."""
    borders = np.append(first_places(scan), len(scan))
    for some in portions(sums(n_runs, borders)):
        yield slice(borders[some.start], borders[some.stop])


def _distances(
    volumes: Volumes, truth: Line, predicted: Line, oversize: float
) -> NDArray[np.float64]:
    """Return the share of the largest distance for each volume with a voxel in either set."""
    sizes, predicted_sizes = volumes.sizes(truth), volumes.sizes(predicted)
    alike = (sizes > 0) & (predicted_sizes > 0) & (predicted_sizes <= oversize * sizes)
    distances = hausdorff(volumes, truth, predicted, alike) / math.sqrt(3.0)
    return np.where(alike, distances, 1.0)[(sizes > 0) | (predicted_sizes > 0)]
