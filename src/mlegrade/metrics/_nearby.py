"""The distance of voxels from a set nearby: column by column, the nearest columns first.

Most predictions are wrong by a few voxels. Their distance from the truth is found by looking at
the columns around a voxel in the order of their distance, until the next column is farther than
what was found: exact, and without a tree of all voxels.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlegrade.metrics._volumes import Volumes
    from mlegrade.metrics.masks import Line

__all__ = ["Nearby"]

# How many columns have been looked at after each stage: few voxels are left for the later ones.
_STAGES = (0, 1, 2, 4, 8, 16, 48, 160)
_FAR = 1 << 62


class _Voxels:
    """Voxels on the line, and where they stand in their volumes."""

    __slots__ = ("bases", "column", "places", "shapes", "slice", "volume")

    def __init__(self, volumes: Volumes, places: NDArray[np.int64]) -> None:
        self.places = places
        self.volume = volumes.volume(places)
        self.bases, self.shapes = volumes.bases[self.volume], volumes.shapes[self.volume]
        columns = (places - self.bases) // self.shapes[:, 1]
        self.slice, self.column = np.divmod(columns, self.shapes[:, 2])

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Drop all but some voxels."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name)[mask])


class Nearby:
    """A set of voxels that others are measured from.

    Parameters
    ----------
    volumes : Volumes
        The volumes on the line.
    runs : (starts, ends)
        The set.
    """

    def __init__(self, volumes: Volumes, runs: Line) -> None:
        self._volumes = volumes
        self._starts = np.append(runs[0], _FAR)
        self._lasts = np.concatenate([[-_FAR], runs[1] - 1])
        shapes, self._kind = np.unique(volumes.shapes, axis=0, return_inverse=True)
        offsets = [_offsets(int(depth), int(width)) for depth, _, width in shapes]
        self._steps = np.stack([steps for steps, _ in offsets])
        self._away = np.stack([away for _, away in offsets])

    def measure(
        self, places: NDArray[np.int64], farthest: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Raise `farthest`, for each volume, to the distance of the farthest of some voxels.

        Voxels that turn out to be no farther than the farthest known one are dropped on the way.

        Parameters
        ----------
        places : ndarray of int64, shape (m,)
            Voxels on the line.
        farthest : ndarray of float64, shape (number of volumes,)
            The farthest known so far; changed in place.

        Returns
        -------
        ndarray of int64
            The voxels that are too far away to tell.
        """
        voxels = _Voxels(self._volumes, places)
        best = np.full(len(places), np.inf)
        for begin, end in pairwise(_STAGES):
            if not len(best):
                break
            best = np.minimum(best, self._distances(voxels, slice(begin, end)))
            final = best <= self._away[self._kind[voxels.volume], end]
            np.maximum.at(farthest, voxels.volume[final], best[final])
            left = ~final & (best > farthest[voxels.volume])
            voxels.keep(left)
            best = best[left]
        return voxels.places

    def bounds(
        self, starts: NDArray[np.int64], lengths: NDArray[np.int64], looks: slice
    ) -> NDArray[np.float64]:
        """Return a distance that no voxel of a run exceeds, for runs inside a column.

        What of a run lies beside the set, between its first and last voxel that do not, is in most
        cases inside one gap of the set: rising by a row a step from either end, the distance is
        nowhere more than half the sum of both ends' distances and the way between them.
        """
        voxels = _Voxels(self._volumes, starts)
        places, top, height, inside = self._columns(voxels, looks)
        lasts = places + (lengths - 1)[:, None]
        run = np.searchsorted(self._starts, places, side="right")
        first = np.maximum(places, self._lasts[run] + 1)  # not covered, unless a run begins there
        run = np.searchsorted(self._starts, lasts, side="right")
        last = np.where(self._lasts[run] >= lasts, self._starts[run - 1] - 1, lasts)
        covered = first > last
        rows = self._gap(first, top, height) + self._gap(last, top, height) + (last - first)
        rows = np.where(covered, 0.0, rows / 2)
        away = self._away[self._kind[voxels.volume], looks]
        distances = np.where(inside, np.hypot(away, rows / height), np.inf)
        return np.asarray(distances.min(axis=1))

    def _distances(self, voxels: _Voxels, looks: slice) -> NDArray[np.float64]:
        """Return how far the set is from each voxel in the nearest of some columns."""
        rows = self._rows_apart(voxels, looks) / voxels.shapes[:, 1, None]
        away = self._away[self._kind[voxels.volume], looks]
        return np.asarray(np.hypot(away, rows).min(axis=1))

    def _rows_apart(self, voxels: _Voxels, looks: slice) -> NDArray[np.float64]:
        """Return how many rows the set is away in some columns; infinite where it is not there."""
        places, top, height, inside = self._columns(voxels, looks)
        return np.where(inside, self._gap(places, top, height), np.inf)

    def _columns(self, voxels: _Voxels, looks: slice) -> tuple[NDArray[Any], ...]:
        """Return the voxels of the same row in some columns nearby, and these columns' tops."""
        steps = self._steps[self._kind[voxels.volume], looks]
        depth, height, width = voxels.shapes.T[..., None]
        to_slice = voxels.slice[:, None] + steps[..., 0]
        to_column = voxels.column[:, None] + steps[..., 1]
        inside = (to_slice >= 0) & (to_slice < depth) & (to_column >= 0) & (to_column < width)
        places = voxels.places[:, None] + (steps[..., 0] * width + steps[..., 1]) * height
        top = voxels.bases[:, None] + (to_slice * width + to_column) * height
        return places, top, height, inside

    def _gap(
        self, places: NDArray[np.int64], top: NDArray[np.int64], height: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return how many rows the set is away in the column that begins at `top`."""
        run = np.searchsorted(self._starts, places, side="right")
        above, below = self._lasts[run], self._starts[run]
        apart = np.where(above >= top, np.maximum(places - above, 0), np.inf)
        return np.minimum(apart, np.where(below < top + height, below - places, np.inf))


@lru_cache(maxsize=256)
def _offsets(depth: int, width: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest columns as steps of slices and columns, nearest first, and how far."""
    # A disc of this radius holds more than enough columns, by its area.
    radius = np.sqrt(2 * (_STAGES[-1] + 1) / (np.pi * depth * width)) + 1 / depth + 1 / width
    slices, columns = (
        np.arange(-int(radius * side), int(radius * side) + 1) for side in (depth, width)
    )
    steps = np.stack(np.meshgrid(slices, columns, indexing="ij"), axis=-1).reshape(-1, 2)
    distances = np.hypot(steps[:, 0] / depth, steps[:, 1] / width)
    order = np.argsort(distances, kind="stable")[: _STAGES[-1] + 1]
    return steps[order], distances[order]
