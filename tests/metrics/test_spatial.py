"""Distances of volumes: against every pair of voxels, and the laws they obey."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import directed_hausdorff

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics import (
    Runs,
    _cells,
    _distant,
    _hausdorff,
    _nearby,
    dice,
    dice_hausdorff,
    metric_info,
    voxel_hausdorff,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlegrade.metrics._lines import Line

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 5))


CUBES, TREES = (_hausdorff, "_FEW", 0), (_distant, "_FEW_PAIRS", 0)
PIECEMEAL = (_nearby, "_LOOKS_AT_ONCE", 500)
WAYS = {"few": [], "cubes": [CUBES], "trees": [TREES], "many": [CUBES, TREES, PIECEMEAL]}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search as is done for few voxels, and as for many."""
    for module, limit, value in WAYS[request.param]:
        monkeypatch.setattr(module, limit, value)


@st.composite
def volumes(draw: st.DrawFn) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Draw two sets of voxels in one volume, neither of them empty."""
    shape = draw(SHAPES)
    pair = []
    for _ in range(2):
        volume = draw(arrays(np.bool_, shape))
        volume[tuple(draw(st.integers(0, side - 1)) for side in shape)] = True
        pair.append(volume)
    return pair[0], pair[1]


def line(volume: NDArray[np.bool_]) -> Line:
    """Return runs of voxels, numbered down the columns of a slice, slice after slice."""
    found = Runs.from_masks([np.concatenate([part.ravel(order="F") for part in volume])[:, None]])
    return found.starts, found.ends


def naive(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Compare every voxel with every other."""
    one, other = (np.argwhere(volume) / volume.shape for volume in (a, b))
    distances = np.linalg.norm(one[:, None] - other[None, :], axis=2)
    return max(distances.min(axis=1).max(), distances.min(axis=0).max())


class TestVoxelHausdorff:
    @given(volumes())
    def test_every_pair_of_voxels(self, case: Any) -> None:
        distance = voxel_hausdorff(*map(line, case), case[0].shape)
        assert type(distance) is float
        assert math.isclose(distance, naive(*case), rel_tol=1e-12)
        assert 0.0 <= distance < math.sqrt(3)

    @given(volumes())
    def test_oracle(self, case: Any) -> None:
        one, other = (np.argwhere(volume) / volume.shape for volume in case)
        expected = max(directed_hausdorff(one, other)[0], directed_hausdorff(other, one)[0])
        assert math.isclose(voxel_hausdorff(*map(line, case), case[0].shape), expected)

    @given(volumes())
    def test_symmetric_and_zero_for_the_same(self, case: Any) -> None:
        a, b = map(line, case)
        shape = case[0].shape
        assert voxel_hausdorff(a, b, shape) == voxel_hausdorff(b, a, shape)
        assert voxel_hausdorff(a, a, shape) == 0.0

    @given(volumes(), st.permutations(range(3)))
    def test_axes_do_not_matter(self, case: Any, axes: Any) -> None:
        turned = [np.transpose(volume, axes)[::-1] for volume in case]
        expected = voxel_hausdorff(*map(line, case), case[0].shape)
        assert math.isclose(voxel_hausdorff(*map(line, turned), turned[0].shape), expected)

    @pytest.mark.usefixtures("way")
    @pytest.mark.parametrize("seed", range(4))
    def test_larger_volumes(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        shape = (5, 40, 30)
        a, b = np.zeros((2, *shape), np.bool_)
        for volume in (a, b):
            for _ in range(rng.integers(1, 4)):
                z, y, x = (rng.integers(0, side) for side in shape)
                volume[z : z + 3, y : y + 20, x : x + 12] = True
        a[rng.integers(0, 5), 39, 29] = True
        assert math.isclose(voxel_hausdorff(line(a), line(b), shape), naive(a, b), rel_tol=1e-12)


class Scans:
    """Scans of several slices, each with a mask for every organ, true and predicted."""

    def __init__(self, truth: list[NDArray[np.bool_]], predicted: list[NDArray[np.bool_]]) -> None:
        # One array a scan: organs, slices, rows, columns.
        self.truth, self.predicted = truth, predicted

    def arguments(self) -> tuple[Any, ...]:
        sides, slices, scans, shapes = [], [], [], []
        for side in (self.truth, self.predicted):
            masks = [mask for scan in side for organ in scan for mask in organ]
            sides.append(Runs.from_masks(masks))
        first = 0
        for number, scan in enumerate(self.truth):
            depth = scan.shape[1]
            slices += [first + place for _ in scan for place in range(depth)]
            scans += [number] * depth
            shapes += [scan.shape[2:]] * depth
            first += depth
        return (*sides, slices, scans, np.array(shapes))

    def naive(self, weight: float, oversize: float) -> float:
        distances = []
        for a, b in zip(self.truth, self.predicted, strict=True):
            true, found = a.any(axis=0), b.any(axis=0)
            if not true.any() and not found.any():
                continue
            far = not true.any() or not found.any() or found.sum() > oversize * true.sum()
            distances.append(1.0 if far else naive(true, found) / math.sqrt(3))
        overlap = dice(*self.arguments()[:2])
        return weight * overlap + (1 - weight) * (1 - sum(distances) / len(distances))


@st.composite
def scans(draw: st.DrawFn) -> Scans:
    """Draw scans, at least one of which is not empty."""
    shapes = draw(st.lists(SHAPES, min_size=1, max_size=3))

    def scan(shape: tuple[int, ...]) -> NDArray[np.bool_]:
        organs = (2, *shape)
        return draw(st.just(np.zeros(organs, np.bool_)) | arrays(np.bool_, organs))

    case = Scans([scan(shape) for shape in shapes], [scan(shape) for shape in shapes])
    case.truth[0][0, 0, 0, 0] = True
    return case


class TestDiceHausdorff:
    @given(scans(), st.sampled_from([0.0, 0.4, 1.0]), st.sampled_from([1.0, 10.0]))
    def test_naive(self, case: Scans, weight: float, oversize: float) -> None:
        options = {"dice_weight": weight, "oversize": oversize}
        score = dice_hausdorff(*case.arguments(), **options)
        assert type(score) is float
        assert math.isclose(score, case.naive(weight, oversize), rel_tol=1e-12, abs_tol=1e-12)

    @pytest.mark.usefixtures("way")
    @pytest.mark.parametrize("seed", range(6))
    def test_larger_scans(self, seed: int) -> None:
        """Scans of unlike shapes: blobs a few voxels off, elsewhere altogether, and noise."""
        rng = np.random.default_rng(seed)
        truth, predicted = [], []
        for _ in range(5):
            shape = tuple(int(rng.integers(1, side)) for side in (8, 50, 40))
            a, b = np.zeros((2, 1, *shape), np.bool_)
            corner = [int(rng.integers(0, side)) for side in shape]
            moved = [at + int(rng.integers(0, 4)) for at in corner]
            for volume, (z, y, x) in ((a, corner), (b, moved if rng.random() < 0.7 else [0, 0, 0])):
                volume[0, z : z + 3, y : y + 20, x : x + 12] = True
                volume[rng.random(volume.shape) < rng.choice([0, 0.001])] = True
            a[0, -1, -1, -1] = b[0, 0, 0, 0] = True
            truth.append(a)
            predicted.append(b)
        case = Scans(truth, predicted)
        expected = case.naive(0.4, 10.0)
        assert math.isclose(dice_hausdorff(*case.arguments()), expected, rel_tol=1e-12)

    @given(scans())
    def test_range_and_perfect(self, case: Scans) -> None:
        info = metric_info(dice_hausdorff)
        assert info.worst == 0.0 <= dice_hausdorff(*case.arguments()) <= 1.0 == info.optimum
        assert dice_hausdorff(*Scans(case.truth, case.truth).arguments()) == 1.0

    @given(scans())
    def test_order_of_scans_does_not_matter(self, case: Scans) -> None:
        turned = Scans(case.truth[::-1], case.predicted[::-1])
        score = dice_hausdorff(*case.arguments())
        assert math.isclose(dice_hausdorff(*turned.arguments()), score, rel_tol=1e-12)

    @given(scans(), st.randoms())
    def test_order_of_masks_does_not_matter(self, case: Scans, random: Any) -> None:
        truth, predicted, slices, scans, shapes = case.arguments()
        order = np.array(random.sample(range(len(slices)), len(slices)), np.int64)
        moved = (runs.take(order) for runs in (truth, predicted))
        score = dice_hausdorff(*moved, np.asarray(slices)[order], scans, shapes)
        assert math.isclose(score, dice_hausdorff(*case.arguments()), rel_tol=1e-12)

    @given(scans())
    def test_batches_do_not_show(self, case: Scans) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_cells, "_PAIRS_AT_ONCE", 1)
            score = dice_hausdorff(*case.arguments())
        assert math.isclose(score, dice_hausdorff(*case.arguments()), rel_tol=1e-12)

    def test_all_empty_has_no_score(self) -> None:
        empty = [np.zeros((1, 1, 2, 2), np.bool_)]
        with pytest.raises(UndefinedMetricError, match="all masks are empty"):
            dice_hausdorff(*Scans(empty, empty).arguments())


@pytest.mark.parametrize(
    "runs",
    [
        ([], []),
        ([8], [9]),
        ([-1], [0]),
        ([3, 1], [4, 2]),
        ([0, 1], [2, 3]),
        ([1], [1]),
        ([0, 3], [1]),
    ],
)
def test_sets_that_are_none(runs: Any) -> None:
    runs = tuple(np.array(side, np.int64) for side in runs)
    one = np.array([0]), np.array([1])
    for a, b in ((runs, one), (one, runs)):
        with pytest.raises(ValueError, match=r"runs|belong"):
            voxel_hausdorff(a, b, (2, 2, 2))


@pytest.mark.parametrize(
    ("slices", "scans", "shapes"),
    [
        ([0], ["a", "a"], [[1, 2]] * 2),
        ([0, 2], ["a", "a"], [[1, 2]] * 2),
        ([0, -1], ["a", "a"], [[1, 2]] * 2),
        ([0, 1], ["a", "a"], [[1, 2]]),
    ],
)
def test_slices_that_do_not_fit(slices: Any, scans: Any, shapes: Any) -> None:
    masks = Runs.from_masks([[[1, 0]], [[1, 1]]])
    with pytest.raises(ValueError, match=r"slices|belong"):
        dice_hausdorff(masks, masks, slices, scans, shapes)
