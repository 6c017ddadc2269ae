"""The distance of voxels from a set that may be anywhere in their volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import distinct, stretch

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.spatial import cKDTree

    from mlegrade.metrics._lines import Line
    from mlegrade.metrics._volumes import Volumes

__all__ = ["Distant"]

_FEW_PAIRS = 1 << 16  # of voxels and runs, which are measured before a tree is made


class Distant:
    """A set of voxels that others are measured from.

    Parameters
    ----------
    volumes : Volumes
        The volumes on the line.
    runs : (starts, ends)
        The set, on the line.
    """

    def __init__(self, volumes: Volumes, runs: Line) -> None:
        self._volumes = volumes
        self._starts, self._ends = runs
        counts = volumes.count(self._starts)
        self._firsts, self._counts = np.cumsum(counts) - counts, counts
        self._trees: dict[int, cKDTree] = {}

    def measure(self, places: NDArray[np.int64], volume: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the square of the distance of each voxel, shape (m,)."""
        if self._counts[volume].sum() <= _FEW_PAIRS:
            return self._measure_pairs(places, volume)
        squares = np.zeros(len(places))
        for number in distinct(volume).tolist():
            here = np.flatnonzero(volume == number)
            points = self._points(places[here], number)
            squares[here] = np.square(self._tree(number).query(points)[0])
        return squares

    def _measure_pairs(
        self, places: NDArray[np.int64], volume: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Measure every voxel against all runs in its volume."""
        counts = self._counts[volume]
        runs = stretch(self._firsts[volume], counts)
        pairs = np.repeat(np.arange(len(places)), counts)
        steps = self._volumes.coordinates(self._starts[runs], volume[pairs])
        steps -= self._volumes.coordinates(places, volume).take(pairs, axis=1)
        # A run goes down from its first voxel.
        below = 1 - (self._ends - self._starts)[runs] - steps[1]
        steps[1] = np.maximum(np.maximum(steps[1], below), 0)
        squares = np.square(steps / self._volumes.sides(volume[pairs])).sum(axis=0)
        return np.asarray(np.minimum.reduceat(squares, np.cumsum(counts) - counts))

    def _tree(self, volume: int) -> cKDTree:
        if volume not in self._trees:
            from scipy.spatial import cKDTree  # noqa: PLC0415 dear to import, and seldom needed

            here = slice(self._firsts[volume], self._firsts[volume] + self._counts[volume])
            # The voxel of a set that is nearest to one outside of it has a neighbour outside.
            starts, ends = self._volumes.surface((self._starts[here], self._ends[here]), volume)
            points = self._points(stretch(starts, ends - starts), volume)
            self._trees[volume] = cKDTree(points, balanced_tree=False)
        return self._trees[volume]

    def _points(self, places: NDArray[np.int64], volume: int) -> NDArray[np.float64]:
        """Return where voxels of one volume lie, with its sides as units."""
        coordinates = self._volumes.coordinates(places, np.full(len(places), volume))
        return np.asarray(coordinates.T / self._volumes.shapes[volume])
