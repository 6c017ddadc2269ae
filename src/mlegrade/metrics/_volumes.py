"""Sets of voxels in many volumes at once, as runs on one line.

The volumes lie on the line one after the other, each with its voxels down the columns of a slice,
slice after slice, and with a gap behind it that no step to a neighbouring voxel crosses. Distances
are measured with the sides of a volume as units: every side is 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import stretch
from mlegrade.metrics.masks import Line, covered

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Volumes", "minus"]

_FAR = 1 << 62


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

    def volume(self, voxels: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the volume of each voxel."""
        return np.searchsorted(self.bases, voxels, side="right") - 1

    def coordinates(self, voxels: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """Return the volume, slice, column and row of each voxel."""
        volume = self.volume(voxels)
        _, height, width = self.shapes[volume].T
        columns, row = np.divmod(voxels - self.bases[volume], height)
        return volume, *np.divmod(columns, width), row

    def surface(self, runs: Line) -> Line:
        """Return the voxels next to one that is outside, and perhaps some more.

        A step from the end of a column leads to the next column: that asks too much of a voxel
        that is to count as inside, never too little.
        """
        _, height, width = self.shapes[self.volume(runs[0])].T
        steps = [step * way for step in (1, height, height * width) for way in (-1, 1)]
        return minus(
            runs, covered([runs, *((runs[0] + s, runs[1] + s) for s in steps)], at_least=7)
        )

    def columns_of(self, runs: Line) -> Line:
        """Cut runs where a column ends; return starts and lengths."""
        starts, ends = runs
        volume = self.volume(starts)
        base, height = self.bases[volume], self.shapes[volume, 1]
        first, last = (starts - base) // height, (ends - 1 - base) // height
        pieces = last - first + 1
        column = stretch(first, pieces)
        base, height = np.repeat(base, pieces), np.repeat(height, pieces)
        cut_starts = np.maximum(np.repeat(starts, pieces), base + column * height)
        cut_ends = np.minimum(np.repeat(ends, pieces), base + (column + 1) * height)
        return cut_starts, cut_ends - cut_starts
