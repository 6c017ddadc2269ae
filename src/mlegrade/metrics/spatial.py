"""Metrics on distances in space."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics._arrays import first_places, mean, stretch
from mlegrade.metrics._base import metric
from mlegrade.metrics.masks import Line, Runs, covered, dice, union_by_group

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["dice_hausdorff", "voxel_hausdorff"]

_MANY = 1 << 62


@dataclass(frozen=True, slots=True)
class _Grid:
    """Voxels numbered down the columns of a slice, slice after slice."""

    depth: int
    height: int
    width: int

    def coordinates(self, runs: Line) -> NDArray[np.float64]:
        """Return where the voxels of runs lie, each side of the volume being 1; shape (m, 3)."""
        voxels = stretch(runs[0], runs[1] - runs[0])
        slices, pixels = np.divmod(voxels, self.height * self.width)
        columns, rows = np.divmod(pixels, self.height)
        return np.column_stack([slices / self.depth, rows / self.height, columns / self.width])

    def surface(self, runs: Line) -> Line:
        """Return the voxels next to one that is outside, and perhaps some more."""
        neighbours = [
            (runs[0] + step, runs[1] + step)
            for away in (1, self.height, self.height * self.width)
            for step in (-away, away)
        ]
        return minus(runs, covered([runs, *neighbours], at_least=7))


def minus(a: Line, b: Line) -> Line:
    """Return the parts of a line that lie in runs `a`, but not in `b`."""
    gaps = np.concatenate([[-_MANY], b[1]]), np.concatenate([b[0], [_MANY]])
    return covered([a, gaps], at_least=2)


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

    Notes
    -----
    A voxel in both sets is at distance 0, and the nearest voxel of a set to one outside it lies on
    the set's surface: only differences are looked up, and only in a tree of the surface.

    References
    ----------
    F. Hausdorff, "Grundzuege der Mengenlehre", 1914.
    """
    grid = _Grid(*shape)
    return max(_directed(grid, a, b), _directed(grid, b, a))


def _directed(grid: _Grid, a: Line, b: Line) -> float:
    from scipy.spatial import cKDTree  # noqa: PLC0415 only where it is needed

    alone = minus(a, b)
    if not len(alone[0]):
        return 0.0
    tree = cKDTree(grid.coordinates(grid.surface(b)))
    distances, _ = tree.query(grid.coordinates(alone))
    return float(distances.max())


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
    scan_of, sides = np.asarray(scans, np.int64), np.asarray(shapes, np.int64)
    merged = [union_by_group(runs, slices, len(scan_of)) for runs in (y_true, y_pred)]
    bounds = np.append(first_places(scan_of), len(scan_of))
    distances = []
    for first, stop in pairwise(bounds):
        height, width = (int(side) for side in sides[first])
        truth, predicted = (_volume(runs, first, stop, height * width) for runs in merged)
        sizes = [int((ends - starts).sum()) for starts, ends in (truth, predicted)]
        if any(sizes):
            far = not all(sizes) or sizes[1] > oversize * sizes[0]
            shape = (int(stop - first), height, width)
            reach = math.sqrt(3.0)
            distances.append(1.0 if far else voxel_hausdorff(truth, predicted, shape) / reach)
    if not distances:
        raise UndefinedMetricError("all masks are empty, true and predicted ones.")
    return dice_weight * overlap + (1 - dice_weight) * (1 - mean(np.array(distances)))


def _volume(runs: Runs, first: int, stop: int, n_pixels: int) -> Line:
    """Return the voxels of the slices `first` to `stop` - 1 as one line."""
    part = slice(runs.offsets[first], runs.offsets[stop])
    counts = np.diff(runs.offsets[first : stop + 1])
    base = np.repeat(np.arange(stop - first), counts) * n_pixels
    return runs.starts[part] + base, runs.ends[part] + base
