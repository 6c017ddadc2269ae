"""How far apart two sets of voxels are at most: the Hausdorff distance, in many volumes at once."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import first_places, stretch
from mlegrade.metrics._nearby import Nearby
from mlegrade.metrics._volumes import minus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy.spatial import cKDTree

    from mlegrade.metrics._volumes import Volumes
    from mlegrade.metrics.masks import Line

__all__ = ["hausdorff"]

_COLUMNS_IN_GROUP = 8
_VOXELS_AT_ONCE = 1 << 16
_FEW_PAIRS = 1 << 18  # of voxels, which are measured before a tree is made
_PIECES = (1 << 40, 6)  # the longest pieces of runs that are looked at before their voxels


def hausdorff(volumes: Volumes, a: Line, b: Line) -> NDArray[np.float64]:
    """Return the symmetric Hausdorff distance of two sets in each volume, shape (n,).

    Neither set may be empty in a volume where the other is not.
    """
    farthest = np.zeros(len(volumes.shapes))
    # What the first way finds rules out most of the second.
    for one, other in ((a, b), (b, a)):
        search = _FarthestVoxel(volumes, other, farthest)
        search.look_through(*volumes.columns_of(minus(one, other)))
    return farthest


def _cut(
    starts: NDArray[np.int64], lengths: NDArray[np.int64], longest: int
) -> tuple[NDArray[np.int64], ...]:
    """Cut runs into pieces of a length at most; return starts, lengths and the run of each."""
    counts = -(-lengths // longest)
    run = np.repeat(np.arange(len(counts)), counts)
    begin = stretch(np.zeros_like(counts), counts) * longest
    return starts[run] + begin, np.minimum(longest, lengths[run] - begin), run


def _batches(lengths: NDArray[np.int64]) -> Iterator[slice]:
    """Yield batches of runs with a bounded number of voxels."""
    firsts = first_places(np.cumsum(lengths) // _VOXELS_AT_ONCE).tolist()
    return (slice(begin, end) for begin, end in pairwise([*firsts, len(lengths)]))


class _FarthestVoxel:
    """The largest distance from a set of voxels that was found so far, for each volume.

    Parameters
    ----------
    volumes : Volumes
        The volumes on the line.
    runs : (starts, ends)
        The set.
    farthest : ndarray of float64
        What is known already; changed in place.
    """

    def __init__(self, volumes: Volumes, runs: Line, farthest: NDArray[np.float64]) -> None:
        self._volumes = volumes
        self._runs = runs
        self._nearby = Nearby(volumes, runs)
        self._surfaces: dict[int, _Points] = {}
        self.farthest = farthest

    def look_through(self, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
        """Look at the voxels of runs inside columns: at groups of columns, runs, pieces, voxels.

        Distance from a set grows by no more than one walks. What stands within reach of a voxel
        that is nearer than the farthest one known, by more than that reach, need not be looked at.
        """
        if not len(starts):
            return
        groups, middles, reach = self._groups(starts, lengths)
        far = np.zeros(len(groups), np.bool_)
        left = self._look(starts[middles] + lengths[middles] // 2, reach, far)
        sizes = np.diff(np.append(groups, len(starts)))
        far = np.repeat(far[left], sizes[left])
        left = stretch(groups[left], sizes[left])
        starts, lengths = starts[left], lengths[left]
        for longest in _PIECES:
            starts, lengths, run = _cut(starts, lengths, longest)
            middles, far = starts + lengths // 2, far[run]
            reach = (lengths // 2) / self._volumes.shapes[self._volumes.volume(middles), 1]
            left = self._look(middles, reach, far)
            starts, lengths, far = starts[left], lengths[left], far[left]
        for batch in _batches(lengths):
            voxels = stretch(starts[batch], lengths[batch])
            self._look(voxels, np.zeros(len(voxels)), np.repeat(far[batch], lengths[batch]))

    def _groups(
        self, starts: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return the first run of each group of columns, the one amidst, and how far others are."""
        volume, in_slice, column, row = self._volumes.coordinates(starts + lengths // 2)
        _, height, width = self._volumes.shapes[volume].T
        keys = (volume, in_slice, column // _COLUMNS_IN_GROUP)
        groups = np.unique(np.concatenate([first_places(key) for key in keys]))
        sizes = np.diff(np.append(groups, len(starts)))
        middles = groups + sizes // 2
        middle = np.repeat(middles, sizes)
        rows = np.abs(row - row[middle]) + lengths // 2
        reach = np.hypot(rows / height, (column - column[middle]) / width)
        return groups, middles, np.maximum.reduceat(reach, groups)

    def _look(
        self, voxels: NDArray[np.int64], reach: NDArray[np.float64], far: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Look at some voxels; return those within whose reach there may be a farther one.

        Voxels that are known to be far are not looked for nearby, and others that turn out to be
        far are marked.
        """
        distances = np.full(len(voxels), np.inf)
        distances[~far] = self._nearby.measure(voxels[~far], reach[~far], self.farthest)
        far |= np.isposinf(distances)
        volume = self._volumes.volume(voxels)
        for number in np.unique(volume[far]).tolist():
            places = np.flatnonzero(far & (volume == number))
            distances[places] = self._surface(number).distances(self._points(voxels[places]))
            self.farthest[number] = max(self.farthest[number], distances[places].max())
        return np.flatnonzero(distances + reach > self.farthest[volume])

    def _surface(self, volume: int) -> _Points:
        """Return the set in a volume, as far as a voxel outside may have it for a neighbour."""
        if volume not in self._surfaces:
            inside = self._volumes.volume(self._runs[0]) == volume
            # The voxel of a set that is nearest to one outside it lies on the set's surface.
            starts, ends = self._volumes.surface((self._runs[0][inside], self._runs[1][inside]))
            self._surfaces[volume] = _Points(self._points(stretch(starts, ends - starts)))
        return self._surfaces[volume]

    def _points(self, voxels: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return where voxels lie in their volumes, with the sides as units."""
        volume, in_slice, column, row = self._volumes.coordinates(voxels)
        depth, height, width = self._volumes.shapes[volume].T
        return np.column_stack([in_slice / depth, row / height, column / width])


class _Points:
    """Points in space that others are measured from.

    Parameters
    ----------
    points : ndarray of float64, shape (n, 3)
        At least one point.
    """

    def __init__(self, points: NDArray[np.float64]) -> None:
        self._points = points

    @cached_property
    def _tree(self) -> cKDTree:
        from scipy.spatial import cKDTree  # noqa: PLC0415 dear to import, and seldom needed

        return cKDTree(self._points)

    def distances(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the distance of each of some points from the nearest of these."""
        if len(points) * len(self._points) <= _FEW_PAIRS:
            squares = np.square(points[:, None] - self._points).sum(axis=2)
            return np.asarray(np.sqrt(squares.min(axis=1)))
        distances, _ = self._tree.query(points)
        return np.asarray(distances)
