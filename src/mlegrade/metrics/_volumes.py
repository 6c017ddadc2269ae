"""Sets of voxels in many volumes at once, as runs on one line.

The volumes lie on the line one after the other, each with its voxels down the columns of a slice,
slice after slice, and with a gap behind it that no step to a neighbouring voxel crosses. Distances
are measured with the sides of a volume as units: every side is 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import first_places, stretch
from mlegrade.metrics.masks import Line, covered

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Volumes", "minus"]

_FAR = 1 << 62
_APART = 4.0  # between volumes in the tree: more than any distance inside one
_COLUMNS_IN_GROUP = 8


def minus(a: Line, b: Line) -> Line:
    """Return the parts of a line that lie in runs `a`, but not in `b`."""
    gaps = np.concatenate([[-_FAR], b[1]]), np.concatenate([b[0], [_FAR]])
    return covered([a, gaps], at_least=2)


class Volumes:
    """Volumes on a line.

    Parameters
    ----------
    shapes : array of int, shape (n, 3)
        Slices, rows and columns of each volume.
    """

    def __init__(self, shapes: ArrayLike) -> None:
        self.shapes = np.asarray(shapes, np.int64)
        slice_sizes = self.shapes[:, 1] * self.shapes[:, 2]
        sizes = (self.shapes[:, 0] + 2) * slice_sizes
        self.bases = np.cumsum(sizes) - sizes + slice_sizes

    def place(self, voxels: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the volume of each voxel, and where it lies: slice, row and column in [0, 1)."""
        volume = np.searchsorted(self.bases, voxels, side="right") - 1
        depth, height, width = self.shapes[volume].T
        columns, rows = np.divmod(voxels - self.bases[volume], height)
        slices, columns = np.divmod(columns, width)
        return volume, np.column_stack([slices / depth, rows / height, columns / width])

    def surface(self, runs: Line) -> Line:
        """Return the voxels next to one that is outside, and perhaps some more.

        A step from the end of a column leads to the next column: that asks too much of a voxel
        that is to count as inside, never too little.
        """
        _, height, width = self.shapes[np.searchsorted(self.bases, runs[0], side="right") - 1].T
        steps = [step * way for step in (1, height, height * width) for way in (-1, 1)]
        return minus(
            runs, covered([runs, *((runs[0] + s, runs[1] + s) for s in steps)], at_least=7)
        )

    def hausdorff(self, a: Line, b: Line) -> NDArray[np.float64]:
        """Return the symmetric Hausdorff distance of two sets in each volume, shape (n,).

        Neither set may be empty in a volume where the other is not.
        """
        return np.maximum(self._directed(a, b), self._directed(b, a))

    def _directed(self, a: Line, b: Line) -> NDArray[np.float64]:
        """Return the largest distance of a voxel in `a` from `b`, for each volume."""
        search = _FarthestVoxel(self, b)
        starts, ends = minus(a, b)
        if len(starts):
            self._search(search, starts, ends)
        return search.farthest

    def _search(
        self, search: _FarthestVoxel, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> None:
        """Look at voxels from coarse to fine: groups of columns, columns, single voxels.

        Distance from a set grows by no more than one walks. What stands within reach of a voxel
        that is nearer than the farthest one known, by more than that reach, need not be looked at.
        """
        lengths = ends - starts
        middles = starts + lengths // 2
        volume, at = self.place(middles)
        _, height, width = self.shapes[volume].T
        column = np.rint(at[:, 2] * width).astype(np.int64)
        reach = (lengths // 2 + 1) / height
        groups = first_places_of(starts // height // width, column // _COLUMNS_IN_GROUP)
        sizes = np.diff(np.append(groups, len(starts)))
        first = np.repeat(groups, sizes)
        from_first = np.hypot(np.abs(at - at[first])[:, 1] + reach, (at - at[first])[:, 2])
        near = search.look(volume[groups], at[groups], np.maximum.reduceat(from_first, groups))
        left = stretch(groups[near], sizes[near])
        left = left[search.look(volume[left], at[left], reach[left])]
        volume, at = self.place(stretch(starts[left], lengths[left]))
        search.look(volume, at, np.zeros(len(at)))


def first_places_of(*keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where a new tuple of keys begins."""
    return np.unique(np.concatenate([first_places(key) for key in keys]))


class _FarthestVoxel:
    """The largest distance from a set of voxels that was found so far, for each volume."""

    def __init__(self, volumes: Volumes, runs: Line) -> None:
        from scipy.spatial import cKDTree  # noqa: PLC0415 only where it is needed

        # The voxel of a set that is nearest to one outside it lies on the set's surface.
        starts, ends = volumes.surface(runs)
        self._tree = cKDTree(_apart(*volumes.place(stretch(starts, ends - starts))))
        self.farthest = np.zeros(len(volumes.shapes))

    def look(
        self,
        volume: NDArray[np.int64],
        at: NDArray[np.float64],
        reach: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        """Look at some voxels; return which have one within reach that may be the farthest."""
        if not len(volume):
            return np.zeros(0, np.bool_)
        distances, _ = self._tree.query(_apart(volume, at))
        np.maximum.at(self.farthest, volume, distances)
        return np.asarray(distances + reach > self.farthest[volume])


def _apart(volume: NDArray[np.int64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    points = at.copy()
    points[:, 0] += _APART * volume
    return points
