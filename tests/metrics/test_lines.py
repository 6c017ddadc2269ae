"""Runs on a line and volumes on one line, pixel by pixel."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlegrade.metrics import Runs
from mlegrade.metrics._arrays import SearchTable, places_of_ends
from mlegrade.metrics._lines import covered, minus, sizes_between
from mlegrade.metrics._volumes import Volumes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlegrade.metrics._lines import Line

LENGTH = 30
LINES = arrays(np.bool_, LENGTH)
SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 5))


def runs(line: NDArray[np.bool_]) -> Line:
    found = Runs.from_masks([line[:, None]])
    return found.starts, found.ends


def pixels(line: tuple[NDArray[np.int64], ...]) -> list[int]:
    starts, ends = line[:2]
    return [place for run in zip(starts, ends, strict=True) for place in range(*run)]


class TestLines:
    @given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=8))
    def test_covered(self, pieces: Any) -> None:
        starts = np.array([start for start, _ in pieces], np.int64)
        ends = starts + np.array([length for _, length in pieces], np.int64)
        line = np.zeros(LENGTH, np.bool_)
        for start, end in zip(starts, ends, strict=True):
            line[start:end] = True
        expected = runs(line)
        found = covered((starts, ends))
        assert [side.tolist() for side in found] == [side.tolist() for side in expected]

    @given(LINES, LINES)
    def test_minus(self, a: Any, b: Any) -> None:
        starts, ends, gaps = minus(runs(a), runs(b))
        assert pixels((starts, ends)) == np.flatnonzero(a & ~b).tolist()
        after = (runs(b)[0][None, :] < starts[:, None]).sum(axis=1)
        assert gaps.tolist() == after.tolist()

    @given(
        st.lists(st.integers(0, 9), max_size=9),
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9),
    )
    def test_places_of_ends(self, line: Any, queries: Any) -> None:
        ascending = np.array(sorted(line), np.int64)
        ends = np.array([end for end, _ in queries], np.int64)
        expected = np.searchsorted(ascending, ends)
        too_low = np.array([by for _, by in queries], np.int64)
        found = places_of_ends(ascending, np.maximum(expected - too_low, 0), ends)
        assert found.tolist() == expected.tolist()

    @given(
        # A few far apart, or many beside each other: several in a stretch, and stretches without.
        st.lists(st.integers(0, 9) | st.integers(0, 10**6) | st.integers(0, 2**62), max_size=30),
        st.lists(st.integers(-(2**62), 2**62 + 9) | st.integers(-2, 11), max_size=9),
    )
    def test_search_table(self, numbers: Any, values: Any) -> None:
        ascending = np.array(sorted(numbers), np.int64)
        wanted = np.array([values + numbers] * 2, np.int64)
        expected = np.searchsorted(ascending, wanted, side="right")
        assert SearchTable(ascending).search(wanted).tolist() == expected.tolist()

    @given(LINES, st.lists(st.integers(0, LENGTH), min_size=1, max_size=5))
    def test_sizes_between(self, line: Any, borders: Any) -> None:
        borders = sorted(borders)
        line[[border for border in borders if border < LENGTH]] = False  # no run crosses them
        parts = [line[a:b].sum() for a, b in itertools.pairwise(borders)]
        assert sizes_between(runs(line), np.array(borders)).tolist() == parts


@st.composite
def several_volumes(draw: st.DrawFn) -> list[NDArray[np.bool_]]:
    """Draw sets of voxels in several volumes: slices, rows, columns."""
    return [
        draw(arrays(np.bool_, shape)) for shape in draw(st.lists(SHAPES, min_size=1, max_size=3))
    ]


def lay(volumes: Volumes, drawn: list[NDArray[np.bool_]]) -> Line:
    """Lay a set on the line, slice by slice."""
    slices = [part for volume in drawn for part in volume]
    number = np.repeat(np.arange(len(drawn)), [len(volume) for volume in drawn])
    first = np.concatenate([np.arange(len(volume)) * volume[0].size for volume in drawn])
    return covered(volumes.lay(number, first, Runs.from_masks(slices)))


def spots(volumes: Volumes, line: Line) -> list[tuple[int, ...]]:
    """Return number, slice, row and column of all voxels."""
    places = np.array(pixels(line), np.int64)
    number = np.repeat(np.arange(len(volumes)), volumes.count(places))
    coordinates = volumes.coordinates(places, number)
    return sorted(zip(number.tolist(), *coordinates.tolist(), strict=True))


def drawn_spots(drawn: list[NDArray[np.bool_]]) -> list[tuple[int, ...]]:
    return sorted(
        (number, *map(int, spot))
        for number, volume in enumerate(drawn)
        for spot in np.argwhere(volume)
    )


class TestVolumes:
    @given(several_volumes())
    def test_there_and_back(self, drawn: Any) -> None:
        volumes = Volumes([volume.shape for volume in drawn])
        line = lay(volumes, drawn)
        assert spots(volumes, line) == drawn_spots(drawn)
        assert volumes.sizes(line).tolist() == [volume.sum() for volume in drawn]
        assert (line[0] >= 0).all()
        assert (line[1] <= volumes.length).all()

    @given(several_volumes())
    def test_twice(self, drawn: Any) -> None:
        once = Volumes([volume.shape for volume in drawn])
        line = lay(once, drawn)
        behind = (line[0] + once.length, line[1] + once.length)
        assert spots(once.twice(), behind) == [
            (number + len(drawn), *spot) for number, *spot in spots(once, line)
        ]

    @given(several_volumes())
    def test_surface(self, drawn: Any) -> None:
        volumes = Volumes([volume.shape for volume in drawn])
        starts, ends = lay(volumes, drawn)
        bare = []
        for number, volume in enumerate(drawn):
            room = np.pad(volume, 1)
            buried = room.copy()
            for axis in range(3):
                buried &= np.roll(room, 1, axis) & np.roll(room, -1, axis)
            bare.append(volume & ~buried[1:-1, 1:-1, 1:-1])
            borders = np.cumsum([0, *volumes.count(starts)])[number : number + 2]
            here = slice(*borders)
            line = volumes.surface((starts[here], ends[here]), number)
            assert [spot for spot in spots(volumes, line) if spot[0] == number] == [
                spot for spot in drawn_spots(bare) if spot[0] == number
            ]

    @pytest.mark.parametrize("order", ["C", "F"])
    def test_masks_of_a_slice_may_come_in_any_order(self, order: Any) -> None:
        volumes = Volumes([(2, 3, 4)])
        rng = np.random.default_rng(0)
        volume = rng.random((2, 3, 4)) < 0.5
        masks = [volume[1], volume[0]]
        found = covered(
            volumes.lay(
                np.zeros(2, np.int64),
                np.array([12, 0]),
                Runs.from_masks([np.asarray(mask, order=order) for mask in masks]),
            )
        )
        assert spots(volumes, found) == drawn_spots([volume])
