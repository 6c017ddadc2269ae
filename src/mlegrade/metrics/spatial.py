"""Metrics on distances in space."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics._arrays import first_places, mean, stretch
from mlegrade.metrics._base import metric
from mlegrade.metrics._hausdorff import hausdorff
from mlegrade.metrics._volumes import Volumes
from mlegrade.metrics.masks import Line, Runs, dice, union_by_group

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["dice_hausdorff", "voxel_hausdorff"]

_RUNS_AT_ONCE = 1 << 15


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
    base = volumes.bases[0]
    lines = [(starts + base, ends + base) for starts, ends in (a, b)]
    return float(hausdorff(volumes, *lines)[0])


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
    scans : array of int, shape (s,)
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

    Notes
    -----
    Edge cases: pairs of masks that are both empty are left out of D, scans that are empty on both
    sides out of H; a scan that is empty on one side is at the largest distance.

    References
    ----------
    The metric of "UW-Madison GI Tract Image Segmentation" on Kaggle.
    """
    overlap = dice(y_true, y_pred, both_empty=None)
    scan_of = np.asarray(scans, np.int64)
    truth, predicted = (union_by_group(runs, slices, len(scan_of)) for runs in (y_true, y_pred))
    firsts = first_places(scan_of)
    sizes = [np.add.reduceat(runs.areas(), firsts) for runs in (truth, predicted)]
    distances = np.where(sizes[1] > oversize * sizes[0], 1.0, 0.0)
    distances[(sizes[0] > 0) & (sizes[1] == 0)] = 1.0
    depths = np.diff(np.append(firsts, len(scan_of)))
    shapes_3d = np.column_stack([depths, np.asarray(shapes, np.int64)[firsts]])
    to_measure = np.flatnonzero((sizes[0] > 0) & (sizes[1] > 0) & (distances == 0))
    n_runs = np.diff(truth.offsets) + np.diff(predicted.offsets)
    for batch in _batches(to_measure, np.add.reduceat(n_runs, firsts)[to_measure]):
        volumes = Volumes(shapes_3d[batch])
        lines = [_line(runs, firsts[batch], volumes) for runs in (truth, predicted)]
        distances[batch] = hausdorff(volumes, *lines) / math.sqrt(3.0)
    counts = (sizes[0] > 0) | (sizes[1] > 0)
    if not counts.any():
        raise UndefinedMetricError("all masks are empty, true and predicted ones.")
    return dice_weight * overlap + (1 - dice_weight) * (1 - mean(distances[counts]))


def _batches(scans: NDArray[np.int64], n_runs: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cut scans into batches with a bounded number of runs: few calls, and little memory."""
    batch = np.cumsum(n_runs) // _RUNS_AT_ONCE
    return np.split(scans, first_places(batch)[1:]) if len(scans) else []


def _line(runs: Runs, firsts: NDArray[np.int64], volumes: Volumes) -> Line:
    """Return the voxels of some scans as one line; slice i of a scan is at ``firsts + i``."""
    depths, heights, widths = volumes.shapes.T
    of_scan = stretch(firsts, depths)
    in_scan = stretch(np.zeros_like(depths), depths)
    scan = np.repeat(np.arange(len(depths)), depths)
    base = volumes.bases[scan] + in_scan * (heights * widths)[scan]
    counts = runs.offsets[of_scan + 1] - runs.offsets[of_scan]
    places, bases = stretch(runs.offsets[of_scan], counts), np.repeat(base, counts)
    return runs.starts[places] + bases, runs.ends[places] + bases
