"""The distance of voxels from a set nearby: column by column, the nearest columns first.

Most predictions are wrong by a few voxels. Their distance from the truth is found by looking at
the columns around a voxel in the order of their distance, until the next column is farther than
what was found: exact, and without a tree of all voxels.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlegrade.metrics._volumes import Volumes
    from mlegrade.metrics.masks import Line

__all__ = ["Nearby"]

# How many columns have been looked at after each stage: few voxels are left for the later ones.
_STAGES = (0, 1, 2, 4, 8, 16, 48, 160)
_FAR = 1 << 62


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
        self,
        places: NDArray[np.int64],
        reach: NDArray[np.float64],
        farthest: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Measure how far some voxels are, and raise `farthest` for each volume accordingly.

        Parameters
        ----------
        places : ndarray of int64, shape (m,)
            Voxels on the line.
        reach : ndarray of float64, shape (m,)
            A voxel is of no interest as soon as it is known to be no farther than `farthest` less
            its reach.
        farthest : ndarray of float64, shape (number of volumes,)
            The farthest known so far; changed in place.

        Returns
        -------
        ndarray of float64, shape (m,)
            The distances; infinite where the set is too far away to tell, and minus infinity where
            a voxel turned out to be of no interest.
        """
        volume, *coordinates = self._volumes.coordinates(places)
        result = np.full(len(places), -np.inf)
        left, best = np.arange(len(places)), np.full(len(places), np.inf)
        for begin, end in pairwise(_STAGES):
            if not len(left):
                break
            voxels = (values[left] for values in (places, volume, *coordinates))
            best = np.minimum(best, self._distances(slice(begin, end), *voxels))
            final = best <= self._away[self._kind[volume[left]], end]
            found = left[final]
            result[found] = best[final]
            np.maximum.at(farthest, volume[found], best[final])
            wanted = ~final & (best + reach[left] > farthest[volume[left]])
            left, best = left[wanted], best[wanted]
        result[left] = np.inf
        return result

    def _distances(
        self,
        looks: slice,
        places: NDArray[np.int64],
        volume: NDArray[np.int64],
        in_slice: NDArray[np.int64],
        in_column: NDArray[np.int64],
        in_row: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Return how far the set is from each voxel in the nearest of some columns."""
        kind = self._kind[volume]
        depth, height, width = self._volumes.shapes[volume].T[..., None]
        slices, columns = np.moveaxis(self._steps[kind, looks], -1, 0)
        to_slice, to_column = in_slice[:, None] + slices, in_column[:, None] + columns
        inside = (to_slice >= 0) & (to_slice < depth) & (to_column >= 0) & (to_column < width)
        at = places[:, None] + (slices * width + columns) * height
        run = np.searchsorted(self._starts, at, side="right")
        # The set's voxels next to the same row, as steps of rows; some lie in other columns.
        above, below = np.maximum(at - self._lasts[run], 0), self._starts[run] - at
        row = in_row[:, None]
        rows = np.minimum(
            np.where(above <= row, above, np.inf), np.where(below < height - row, below, np.inf)
        )
        distances = np.hypot(self._away[kind, looks], rows / height)
        return np.asarray(np.where(inside, distances, np.inf).min(axis=1))


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
