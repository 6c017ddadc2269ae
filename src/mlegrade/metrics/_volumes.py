"""Sets of voxels in many volumes at once, as runs on one line.

The volumes lie on the line one after the other, each with its voxels down the columns of a slice,
slice after slice, and with a gap behind it that no step to a neighbouring voxel crosses. Distances
are measured with the sides of a volume as units: every side is 1.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import first_places, stretch
from mlegrade.metrics._nearby import Nearby
from mlegrade.metrics.masks import Line, covered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Volumes", "minus"]

_FAR = 1 << 62
_APART = 4.0  # between volumes in the tree: more than any distance inside one
_COLUMNS_IN_GROUP = 8
_VOXELS_AT_ONCE = 1 << 16
_WHOLE, _PIECE = 1 << 40, 8
_LEVELS = ((_WHOLE, slice(0, 3)), (_WHOLE, slice(3, 16)), (_PIECE, slice(0, 16)))


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

    def place(self, voxels: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the volume of each voxel, and where it lies: slice, row and column in [0, 1)."""
        volume = self.volume(voxels)
        depth, height, width = self.shapes[volume].T
        columns, rows = np.divmod(voxels - self.bases[volume], height)
        slices, columns = np.divmod(columns, width)
        return volume, np.column_stack([slices / depth, rows / height, columns / width])

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

    def hausdorff(self, a: Line, b: Line) -> NDArray[np.float64]:
        """Return the symmetric Hausdorff distance of two sets in each volume, shape (n,).

        Neither set may be empty in a volume where the other is not.
        """
        farthest = np.zeros(len(self.shapes))
        # What the first way finds rules out most of the second.
        self._directed(a, b, farthest)
        self._directed(b, a, farthest)
        return farthest

    def _directed(self, a: Line, b: Line, farthest: NDArray[np.float64]) -> None:
        """Raise `farthest` to the largest distance of a voxel in `a` from `b`, where it is more."""
        starts, lengths = self._columns_of(minus(a, b))
        nearby = Nearby(self, b)
        is_far = np.zeros(len(self.shapes), np.bool_)
        for longest, looks in _LEVELS:
            starts, lengths = _cut(starts, lengths, longest)
            bounds = nearby.bounds(starts, lengths, looks)
            # The likeliest piece of each volume first: what it gives rules most others out.
            leaders = self._leaders(starts, bounds)
            far = nearby.measure(stretch(starts[leaders], lengths[leaders]), farthest)
            if len(far):
                is_far[self.volume(far)] = True
                search = self._search_of(b, is_far, farthest)
                search.look_at(far)
                left = bounds > farthest[self.volume(starts)]
                wanted = left & is_far[self.volume(starts)]
                search.from_coarse_to_fine(starts[wanted], lengths[wanted])
            left = (bounds > farthest[self.volume(starts)]) & ~is_far[self.volume(starts)]
            starts, lengths = starts[left], lengths[left]
        for batch in _batches(lengths):
            far = nearby.measure(stretch(starts[batch], lengths[batch]), farthest)
            if len(far):
                is_far[:] = False
                is_far[self.volume(far)] = True
                self._search_of(b, is_far, farthest).look_at(far)

    def _leaders(self, starts: NDArray[np.int64], bounds: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the place of the piece with the largest bound in each volume that has any."""
        volume = self.volume(starts)
        order = np.argsort(bounds, kind="stable")
        leader = np.zeros(len(self.shapes), np.int64)
        leader[volume[order]] = order
        return leader[np.unique(volume)]

    def _search_of(
        self, runs: Line, volumes: NDArray[np.bool_], farthest: NDArray[np.float64]
    ) -> _FarthestVoxel:
        """Return a search in some volumes."""
        inside = volumes[self.volume(runs[0])]
        return _FarthestVoxel(self, (runs[0][inside], runs[1][inside]), farthest)

    def _columns_of(self, runs: Line) -> Line:
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


def _cut(
    starts: NDArray[np.int64], lengths: NDArray[np.int64], longest: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut runs into pieces of a length at most."""
    counts = -(-lengths // longest)
    begin = stretch(np.zeros_like(counts), counts) * longest
    ends = np.minimum(begin + longest, np.repeat(lengths, counts))
    return np.repeat(starts, counts) + begin, ends - begin


def _batches(lengths: NDArray[np.int64]) -> Iterator[slice]:
    """Yield batches of runs with a bounded number of voxels."""
    firsts = first_places(np.cumsum(lengths) // _VOXELS_AT_ONCE).tolist()
    return (slice(begin, end) for begin, end in pairwise([*firsts, len(lengths)]))


def first_places_of(*keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where a new tuple of keys begins."""
    return np.unique(np.concatenate([first_places(key) for key in keys]))


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
        from scipy.spatial import cKDTree  # noqa: PLC0415 only where it is needed

        # The voxel of a set that is nearest to one outside it lies on the set's surface.
        starts, ends = volumes.surface(runs)
        self._tree = cKDTree(_apart(*volumes.place(stretch(starts, ends - starts))))
        self._volumes = volumes
        self.farthest = farthest

    def from_coarse_to_fine(self, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
        """Look at the voxels of runs inside columns: at groups of columns, runs, pieces, voxels.

        Distance from a set grows by no more than one walks. What stands within reach of a voxel
        that is nearer than the farthest one known, by more than that reach, need not be looked at.
        """
        if not len(starts):
            return
        volume, at = self._volumes.place(starts + lengths // 2)
        _, height, width = self._volumes.shapes[volume].T
        column = np.rint(at[:, 2] * width).astype(np.int64)
        groups = first_places_of(starts // height // width, column // _COLUMNS_IN_GROUP)
        sizes = np.diff(np.append(groups, len(starts)))
        from_first = np.abs(at - np.repeat(at[groups], sizes, axis=0))
        reach = np.hypot(from_first[:, 1] + (lengths // 2 + 1) / height, from_first[:, 2])
        near = self.look(volume[groups], at[groups], np.maximum.reduceat(reach, groups))
        left = stretch(groups[near], sizes[near])
        starts, lengths = starts[left], lengths[left]
        for longest in (_WHOLE, _PIECE, 1):
            starts, lengths = _cut(starts, lengths, longest)
            volume, at = self._volumes.place(starts + lengths // 2)
            reach = (lengths // 2) / self._volumes.shapes[volume, 1]
            near = self.look(volume, at, reach)
            starts, lengths = starts[near], lengths[near]

    def look_at(self, voxels: NDArray[np.int64]) -> None:
        """Look at some voxels."""
        volume, at = self._volumes.place(voxels)
        self.look(volume, at, np.zeros(len(at)))

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
