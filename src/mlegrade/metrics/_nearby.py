"""The distance of voxels from a set nearby: column by column, the nearest columns first.

Most predictions are wrong by a few voxels. Their distance from the truth is found by looking at
the columns around them in the order of their distance, until the next column is farther than what
was found: exact, and without a tree of all voxels. All distances are squares here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import SearchTable
from mlegrade.metrics._lines import FAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from mlegrade.metrics._lines import Line

__all__ = ["N_COLUMNS", "Nearby"]

N_COLUMNS = 160
"""How many of the columns around a voxel are looked at; 0 is the voxel's own."""
_LOOKS_AT_ONCE = 1 << 15  # few enough for the arrays made of them to stay in the cache
_OUT_OF_REACH = -(1 << 40)


class Nearby:
    """A set of voxels that others are measured from.

    Parameters
    ----------
    shapes : ndarray of int64, shape (n, 3)
        Slices, rows and columns of volumes.
    runs : (starts, ends)
        The set, on the line of these volumes.

    Attributes
    ----------
    beyond : ndarray of float64, shape (columns, n)
        How far at least the columns are that have not been looked at after so many.
    """

    def __init__(self, shapes: NDArray[np.int64], runs: Line) -> None:
        starts, ends = runs
        self._table = SearchTable(starts)
        self._starts, self._lasts = np.append(starts, FAR), np.append(-FAR, ends - 1)
        self._more = np.append(ends - starts - 1, 0)
        self._heights = shapes[:, 1]
        self._steps, self._away, self.beyond = _columns(tuple(map(tuple, shapes.tolist())))

    def measure(
        self, places: NDArray[np.int64], volume: NDArray[np.int64], columns: slice
    ) -> NDArray[np.float64]:
        """Return how far voxels are from what stands in some of the columns around each."""
        squares = np.zeros(len(places))
        for some in _portions(len(places), columns):
            here = volume[some]
            _, up, down = self._look(places[some], here, columns)
            squares[some] = self._nearest(np.minimum(up, down), here, columns)
        return squares

    def cut(
        self,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        volume: NDArray[np.int64],
        known: NDArray[np.float64],
        columns: slice,
    ) -> Line:
        """Cut off what is near, by a look from runs at some of the columns around each.

        Parameters
        ----------
        starts, ends, volume : ndarray of int64, shape (m,)
            Runs within columns.
        known : ndarray of float64, shape (n,)
            What is no farther than this may go.
        columns : slice
            The columns to look at.

        Returns
        -------
        starts, ends : ndarray of int64, shape (m,)
            What is left of each run; it ends before it starts if nothing is.
        """
        left, right = np.zeros_like(starts), np.zeros_like(ends)
        reach = self._rows_within(known, columns)
        for some in _portions(len(starts), columns):
            here, last = volume[some], ends[some] - starts[some] - 1
            run, up, down = self._look(starts[some], here, columns)
            until = down + self._more.take(run)
            within = reach.take(here, axis=1)
            down -= within
            until += within
            begin = np.maximum(within - up + 1, 0)
            begin = np.where(down <= begin, np.maximum(begin, until + 1), begin)
            end = np.where(until >= last, np.minimum(down, last + 1), last + 1)
            left[some], right[some] = begin.max(axis=0), end.min(axis=0)
        return starts + left, starts + right

    def in_gaps(
        self,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        gaps: NDArray[np.int64],
        volume: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Return how far the voxels of runs between those of the set are at most, on the line.

        Nothing in the same column is as far as what stands in another.
        """
        before, after = self._lasts[gaps], self._starts[gaps]
        # The voxel amidst is the farthest, if it is in the run.
        places = np.clip(before + (after - before) // 2, starts, ends - 1)
        rows = np.minimum(places - before, after - places)
        return np.asarray(np.square(rows / self._heights[volume]))

    def _look(
        self, places: NDArray[np.int64], volume: NDArray[np.int64], columns: slice
    ) -> tuple[NDArray[np.int64], ...]:
        """Return the set's next run in each column, and the rows up and down to what stands there.

        Columns are the first axis, voxels the second. Up is the last voxel of the run that starts
        in the same row or above: below 0 if it ends farther down. Down is the first voxel of the
        next run.
        """
        at = self._steps[columns].take(volume, axis=1)  # several times as quick as [:, volume]
        at += places
        run = self._table.search(at)
        return run, at - self._lasts.take(run), self._starts.take(run) - at

    def _nearest(
        self, rows: NDArray[np.int64], volume: NDArray[np.int64], columns: slice
    ) -> NDArray[np.float64]:
        """Return how far the nearest of several columns is, so many rows up or down."""
        squares = np.maximum(rows, 0) / self._heights[volume]
        squares *= squares
        squares += self._away[columns].take(volume, axis=1)
        return np.asarray(squares.min(axis=0))

    def _rows_within(self, distances: NDArray[np.float64], columns: slice) -> NDArray[np.int64]:
        """Return how many rows up or down in each column are no farther, in each volume."""
        away = self._away[columns]
        # A known distance is one of some voxel: whole numbers may come out a little smaller.
        rows = np.sqrt(np.maximum(distances - away, 0)) * self._heights + 1e-12
        return np.where(away <= distances, rows.astype(np.int64), _OUT_OF_REACH)


def _portions(n: int, columns: slice) -> Iterator[slice]:
    """Yield stretches of n voxels that so many columns are looked at from, a few at a time."""
    size = _LOOKS_AT_ONCE // (columns.stop - columns.start)
    return (slice(begin, begin + size) for begin in range(0, n, size))


@lru_cache(maxsize=64)
def _columns(
    shapes: tuple[tuple[int, int, int], ...],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the columns nearby as steps on the line, how far they are, and all after them."""
    steps, away = (np.stack(each, axis=1) for each in zip(*map(_columns_in, shapes), strict=True))
    return steps, away, np.minimum.accumulate(away[::-1])[::-1]


@lru_cache(maxsize=256)
def _columns_in(shape: tuple[int, int, int]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest columns in a volume, in the order in which they are looked at.

    Nearest first, but for those in the slices before and behind: they often settle at once how far
    a whole run is.
    """
    depth, height, width = shape
    radius = 0.0
    while True:
        radius = 2 * radius + 1 / depth + 1 / width
        slices, columns = (
            np.arange(-reach, reach + 1)
            for side in (depth, width)
            for reach in [min(int(radius * side), side - 1)]
        )
        away = np.square(slices / depth)[:, None] + np.square(columns / width)
        # Within the radius nothing is missing.
        if radius > 1 or (away <= radius**2).sum() > N_COLUMNS:
            break
    rank = away.copy()
    rank[np.abs(slices) <= 1, len(columns) // 2] = -1
    rank[len(slices) // 2, len(columns) // 2] = -2
    order = np.argsort(rank, axis=None, kind="stable")[: N_COLUMNS + 1]
    steps = np.add.outer(slices * 2 * width, columns).ravel()[order] * 3 * height
    # A small volume has no more columns: what was found when all are looked at is final.
    missing = N_COLUMNS + 1 - len(order)
    return (
        np.pad(steps, (0, missing)),
        np.pad(away.ravel()[order], (0, missing), constant_values=np.inf),
    )
