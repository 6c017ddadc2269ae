"""Many volumes on one line, for sets of voxels as runs.

The volumes lie on the line one after the other, each with its voxels down the columns of a slice,
slice after slice. A column has room for three on the line, a slice for two, and a volume for three
of which it is the second: a step that leaves a volume, by less than a side, ends where there is
nothing, and a column is farther from the next one than any voxel from another. Distances are
measured with the sides of a volume as units: every side is 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import stretch
from mlegrade.metrics._lines import covered, minus, sizes_between

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from mlegrade.metrics._lines import Line
    from mlegrade.metrics._runs import Runs

__all__ = ["Volumes"]


class Volumes:
    """Volumes on a line.

    Parameters
    ----------
    shapes : array of int, shape (n, 3)
        Slices, rows and columns of each volume.
    """

    def __init__(self, shapes: ArrayLike) -> None:
        self.shapes = np.asarray(shapes, np.int64)
        depth, height, width = self.shapes.T
        self._column_pitch = 3 * height
        self._slice_pitch = 2 * width * self._column_pitch
        sizes = depth * self._slice_pitch
        self._borders = np.append(0, np.cumsum(3 * sizes))
        self._bases = self._borders[:-1] + sizes

    def __len__(self) -> int:
        """Return the number of volumes."""
        return len(self.shapes)

    @property
    def length(self) -> int:
        """The length of the line."""
        return int(self._borders[-1])

    def twice(self) -> Volumes:
        """Return a line with all volumes on it once more, behind this one."""
        return Volumes(np.tile(self.shapes, (2, 1)))

    def lay(self, volume: NDArray[np.int64], first: NDArray[np.int64], masks: Runs) -> Line:
        """Lay masks on the line; their runs are cut where a column ends.

        Parameters
        ----------
        volume, first : ndarray of int64, shape (m,)
            Each mask's volume, and the number that its pixel 0 has in that volume.
        masks : Runs
            m masks.
        """
        _, height, width = self.sides(volume)
        counts = np.diff(masks.offsets)
        base, height, width, first = (
            np.repeat(values, counts) for values in (self._bases[volume], height, width, first)
        )
        starts, ends = masks.starts + first, masks.ends + first
        column = starts // height
        pieces = (ends - 1) // height - column + 1
        if pieces.max(initial=0) > 1:
            column = stretch(column, pieces)
            base, height, width, starts, ends = (
                np.repeat(values, pieces) for values in (base, height, width, starts, ends)
            )
            starts = np.maximum(starts, column * height)
            ends = np.minimum(ends, (column + 1) * height)
        # In front of a column there is room for two more, and as much as a slice between slices.
        shift = base + (2 * column + column // width * width * 3) * height
        return starts + shift, ends + shift

    def count(self, starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many of some ascending places are in each volume, shape (n,)."""
        return np.diff(np.searchsorted(starts, self._borders))

    def sizes(self, runs: Line) -> NDArray[np.int64]:
        """Return how many voxels a set has in each volume, shape (n,)."""
        return sizes_between(runs, self._borders)

    def sides(self, volume: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the slices, rows and columns of some volumes, shape (3, m)."""
        return self.shapes.T.take(volume, axis=1)

    def coordinates(
        self, places: NDArray[np.int64], volume: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the slice, row and column of some voxels in their volumes, shape (3, m)."""
        _, height, width = self.sides(volume)
        column, row = np.divmod(places - self._bases[volume], 3 * height)
        in_slice, in_column = np.divmod(column, 2 * width)
        return np.stack([in_slice, row, in_column])

    def surface(self, runs: Line, volume: int) -> Line:
        """Return the voxels of a set in one volume that have a neighbour outside of it."""
        pitches = (1, self._column_pitch[volume], self._slice_pitch[volume])
        steps = [step * way for step in pitches for way in (-1, 1)]
        bare = [minus(runs, (runs[0] + step, runs[1] + step)) for step in steps]
        starts, ends, _ = (np.concatenate(side) for side in zip(*bare, strict=True))
        return covered((starts, ends))
