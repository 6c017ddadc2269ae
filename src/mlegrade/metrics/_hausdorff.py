"""How far apart two sets of voxels are at most: the Hausdorff distance, in many volumes at once.

The farthest voxel is searched for. Of a wrong voxel it is soon known that it is no farther than
another one: most are next to the set, and are cut off their runs whole runs at a time; of those
that are far away, cubes are left out by one voxel of each. Only what is left is measured. All
distances are squares here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mlegrade.metrics._arrays import first_places, group_sizes, stretch
from mlegrade.metrics._cells import portions
from mlegrade.metrics._distant import Distant
from mlegrade.metrics._lines import minus
from mlegrade.metrics._nearby import N_COLUMNS, Nearby

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from mlegrade.metrics._lines import Line
    from mlegrade.metrics._volumes import Volumes

__all__ = ["hausdorff"]

# How many columns have been looked at after each stage: little is left for the later ones.
_FIRST_LOOK = (1, 3, 8)
_SECOND_LOOK = (8, 24, 72, N_COLUMNS)
_MEASURING = (0, 8, 24, 72, N_COLUMNS)
_SIDES_OF_CUBES = (32, 8, 2)
_FEW = 1 << 12  # voxels, for which no cubes are made


def hausdorff(volumes: Volumes, a: Line, b: Line, wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the symmetric Hausdorff distance of two sets in some volumes.

    Parameters
    ----------
    volumes : Volumes
        n volumes on a line.
    a, b : (starts, ends)
        The sets, on the line.
    wanted : ndarray of bool, shape (n,)
        The volumes to measure; neither set is empty in them.

    Returns
    -------
    ndarray of float64, shape (n,)
        The distances; 0 for volumes that are not wanted.
    """
    # Both ways at once: all volumes stand on the line twice, for the way there and the way back.
    twice = volumes.twice()
    ones, others = (_one_behind(way, volumes.length) for way in ((a, b), (b, a)))
    starts, ends, gaps = minus(ones, others)
    volume = np.repeat(np.arange(len(twice)), twice.count(starts))
    nearby = Nearby(twice.shapes, others)
    pieces = _Pieces(starts, ends, volume, nearby.in_gaps(starts, ends, gaps, volume))
    search = _Search(twice, others, nearby)
    search.look_through(pieces.where(np.tile(wanted, 2)[volume]))
    return np.asarray(np.sqrt(search.known[: len(volumes)]))


def _one_behind(way: tuple[Line, Line], length: int) -> Line:
    there, back = way
    return np.append(there[0], back[0] + length), np.append(there[1], back[1] + length)


class _Pieces(NamedTuple):
    """Runs of voxels within columns, in which the farthest voxel may be.

    Parameters
    ----------
    starts, ends : ndarray of int64, shape (m,)
        The runs, on the line.
    volume : ndarray of int64, shape (m,)
        The volume of each.
    bounds : ndarray of float64, shape (m,)
        No voxel is farther from the other set.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    volume: NDArray[np.int64]
    bounds: NDArray[np.float64]

    def where(self, condition: NDArray[np.bool_]) -> _Pieces:
        """Return some of the pieces."""
        places = np.flatnonzero(condition)
        return _Pieces(*(values[places] for values in self))  # type: ignore[arg-type]

    def and_(self, *others: _Pieces) -> _Pieces:
        """Return these and other pieces."""
        return _Pieces(*map(np.concatenate, zip(self, *others, strict=True)))

    def sizes(self) -> NDArray[np.int64]:
        """Return how many voxels each piece has."""
        return self.ends - self.starts

    def middles(self) -> NDArray[np.int64]:
        """Return the voxel amidst each piece."""
        return (self.starts + self.ends) // 2

    def short(self, size: int) -> _Pieces:
        """Return all pieces cut into such of no more voxels than a size."""
        counts = -(-self.sizes() // size)
        whole = np.repeat(np.arange(len(counts)), counts)
        starts = self.starts[whole] + stretch(np.zeros_like(counts), counts) * size
        ends = np.minimum(self.ends[whole], starts + size)
        return _Pieces(starts, ends, self.volume[whole], self.bounds[whole])

    def voxels(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the voxels and their volumes, a bounded number at once."""
        sizes = self.sizes()
        for some in portions(sizes):
            voxels = stretch(self.starts[some], sizes[some])
            yield voxels, np.repeat(self.volume[some], sizes[some])


class _Search:
    """The search for the farthest voxel in each volume.

    Parameters
    ----------
    volumes : Volumes
        All volumes twice.
    runs : (starts, ends)
        The set to measure from, on the line.
    nearby : Nearby
        The same set.

    Attributes
    ----------
    known : ndarray of float64, shape (n,)
        How far the farthest voxel is that has been measured so far, either way.
    """

    def __init__(self, volumes: Volumes, runs: Line, nearby: Nearby) -> None:
        self._volumes = volumes
        self._nearby = nearby
        self._distant = Distant(volumes, runs)
        self.known = np.zeros(len(volumes))

    def look_through(self, pieces: _Pieces) -> None:
        """Find the farthest voxel of some pieces."""
        places = _most_promising(pieces)
        self._measure(pieces.middles()[places], pieces.volume[places])
        near, far = self._cut(self._left(pieces), _FIRST_LOOK)
        if far.sizes().sum() > _FEW:
            for side in _SIDES_OF_CUBES:
                far = self._thin_out(far, side)
            # Farther voxels are known now.
            near, far = self._cut(near.and_(far), _FIRST_LOOK)
        for voxels, volume in self._left(near.and_(*self._cut(far, _SECOND_LOOK))).voxels():
            self._measure(voxels, volume)

    def _left(self, pieces: _Pieces) -> _Pieces:
        """Return the pieces in which there may be a farther voxel than those known."""
        return pieces.where(pieces.bounds > self.known[pieces.volume])

    def _cut(self, pieces: _Pieces, stages: tuple[int, ...]) -> tuple[_Pieces, _Pieces]:
        """Cut off what is near; return pieces of which nothing more can be cut off, and others."""
        done = pieces.where(np.zeros(0, np.bool_))
        for begin, end in pairwise(stages):
            starts, ends = self._nearby.cut(*pieces[:3], self.known, slice(begin, end))
            all_seen = (self._nearby.beyond[end] >= self.known)[pieces.volume]
            pieces, left = pieces._replace(starts=starts, ends=ends), starts < ends
            done = done.and_(pieces.where(left & all_seen))
            pieces = pieces.where(left & ~all_seen)
        return done, pieces

    def _thin_out(self, pieces: _Pieces, side: int) -> _Pieces:
        """Leave out cubes of voxels that are not far enough, by one voxel of each."""
        pieces = pieces.short(side)
        spots = self._volumes.coordinates(pieces.middles(), pieces.volume)
        n_cubes = self._volumes.shapes.max(axis=0) // side + 1
        cube = np.ravel_multi_index(
            (pieces.volume, *(spots // side)), (len(self._volumes), *n_cubes)
        )
        order = np.argsort(cube, kind="stable")
        firsts = first_places(cube[order])
        counts = group_sizes(firsts, len(cube))
        chosen = order[firsts + counts // 2]
        # Distance from a set grows by no more than one walks.
        steps = spots.take(order, axis=1) - np.repeat(spots.take(chosen, axis=1), counts, axis=1)
        steps[1] = np.abs(steps[1]) + (pieces.sizes() // 2)[order]
        walks = np.square(steps / self._volumes.sides(pieces.volume[order])).sum(axis=0)
        reach = np.sqrt(np.maximum.reduceat(walks, firsts))
        found = self._measure(pieces.middles()[chosen], pieces.volume[chosen], reach)
        bounds = np.empty(len(cube))
        bounds[order] = np.repeat(np.square(np.sqrt(found) + reach), counts)
        return self._left(pieces._replace(bounds=np.minimum(bounds, pieces.bounds)))

    def _measure(
        self,
        places: NDArray[np.int64],
        volume: NDArray[np.int64],
        reach: NDArray[np.float64] | float = 0.0,
    ) -> NDArray[np.float64]:
        """Measure voxels as far as is needed to know the farthest within their reach.

        Returns
        -------
        ndarray of float64, shape (m,)
            How far each voxel is at most.
        """
        bounds = np.full(len(places), np.inf)
        reach = np.broadcast_to(reach, len(places))
        left = np.arange(len(places))
        for begin, end in pairwise(_MEASURING):
            if not len(left):
                return bounds
            here, best = volume[left], bounds[left]
            found = self._nearby.measure(places[left], here, slice(begin, end))
            bounds[left] = best = np.minimum(best, found)
            final = best <= self._nearby.beyond[end][here]
            self._note(here[final], best[final])
            wanted = ~final & (np.sqrt(best) + reach[left] > np.sqrt(self.known[here]))
            left = left[wanted]
        if len(left):
            bounds[left] = self._distant.measure(places[left], volume[left])
            self._note(volume[left], bounds[left])
        return bounds

    def _note(self, volume: NDArray[np.int64], distances: NDArray[np.float64]) -> None:
        """Remember how far the farthest voxels are."""
        np.maximum.at(self.known, volume, distances)
        both_ways = self.known.reshape(2, -1)
        both_ways[:] = both_ways.max(axis=0)


def _most_promising(pieces: _Pieces) -> NDArray[np.int64]:
    """Return where a piece of the highest bound stands, for each volume; volumes ascend."""
    firsts = first_places(pieces.volume)
    highest = np.maximum.reduceat(pieces.bounds, firsts) if len(firsts) else pieces.bounds
    sizes = group_sizes(firsts, len(pieces.volume))
    places = np.flatnonzero(pieces.bounds == np.repeat(highest, sizes))
    firsts = first_places(pieces.volume[places])
    amidst = (firsts + np.append(firsts[1:], len(places))) // 2
    return np.asarray(places[amidst])
