"""Metrics on masks: run lists against drawn masks, pixel by pixel, and the laws they obey."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics as sklearn_metrics

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics import (
    Runs,
    _cells,
    dice,
    global_dice,
    intersection_areas,
    iou_threshold_score,
    mask_fbeta,
    masks,
    metric_info,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Drawn = list[NDArray[np.bool_]]

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 5))
ORDERS = st.sampled_from(["F", "C"])


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Drawn, Drawn]:
    """Draw true and predicted masks of several sizes, many of them empty."""
    shapes = draw(st.lists(SHAPES, min_size=1, max_size=5))

    def mask(shape: tuple[int, int]) -> NDArray[np.bool_]:
        empty = st.just(np.zeros(shape, np.bool_))
        return draw(empty | arrays(np.bool_, shape))

    return [mask(shape) for shape in shapes], [mask(shape) for shape in shapes]


@st.composite
def not_all_empty(draw: st.DrawFn) -> tuple[Drawn, Drawn]:
    """Draw masks with at least one pixel."""
    truth, predicted = draw(drawn())
    draw(st.sampled_from([truth, predicted]))[0][0, 0] = True
    return truth, predicted


def runs(case: tuple[Drawn, Drawn]) -> tuple[Runs, Runs]:
    return Runs.from_masks(case[0]), Runs.from_masks(case[1])


MEMBERS: dict[str, dict[str, Any]] = {
    "dice": {"both_empty": 1.0},
    "global_dice": {},
    "mask_fbeta": {"beta": 0.5},
}
every_metric = pytest.mark.parametrize("name", MEMBERS)


def call(name: str, case: tuple[Drawn, Drawn]) -> float:
    return getattr(masks, name)(*runs(case), **MEMBERS[name])


class TestLawsOfAll:
    """What holds for every metric of the module that takes masks."""

    def test_none_is_forgotten(self) -> None:
        of_module = {n for n in masks.__all__ if hasattr(getattr(masks, n), "info")}
        assert {*MEMBERS, "iou_threshold_score"} == of_module

    @every_metric
    @given(not_all_empty())
    def test_score_is_a_float_in_the_stated_range(self, name: str, case: Any) -> None:
        info = metric_info(getattr(masks, name))
        score = call(name, case)
        assert type(score) is float
        assert info.higher_is_better
        assert info.worst == 0.0 <= score <= 1.0 == info.optimum

    @every_metric
    @given(not_all_empty(), st.randoms())
    def test_order_of_masks_does_not_matter(self, name: str, case: Any, random: Any) -> None:
        pairs = list(zip(*case, strict=True))
        random.shuffle(pairs)
        moved = tuple(map(list, zip(*pairs, strict=True)))
        assert math.isclose(call(name, moved), call(name, case), rel_tol=1e-12)

    @every_metric
    @given(not_all_empty())
    def test_direction_in_the_image_does_not_matter(self, name: str, case: Any) -> None:
        flipped = tuple([mask[::-1].T for mask in side] for side in case)
        assert math.isclose(call(name, flipped), call(name, case), rel_tol=1e-12)

    @every_metric
    @given(not_all_empty())
    def test_perfect_and_opposite(self, name: str, case: Any) -> None:
        full = [mask | ~mask.any() for mask in case[0]]
        assert call(name, (full, full)) == 1.0
        half = [np.array([[True, False]])]
        assert call(name, (half, [~half[0]])) == 0.0

    @every_metric
    def test_nothing_to_compare_and_unlike_numbers(self, name: str) -> None:
        one = [np.ones((1, 1), np.bool_)]
        with pytest.raises(UndefinedMetricError):
            call(name, ([], []))
        with pytest.raises(ValueError, match="but"):
            call(name, (one, one * 2))


class TestRuns:
    @given(drawn(), ORDERS)
    def test_masks_return(self, case: Any, order: Any) -> None:
        masks_, _ = case
        found = Runs.from_masks(masks_, order=order)
        assert len(found) == len(masks_)
        assert found.areas().tolist() == [int(mask.sum()) for mask in masks_]
        for place, mask in enumerate(masks_):
            assert np.array_equal(found.to_mask(place, mask.shape, order=order), mask)

    @given(drawn())
    def test_owner_and_extents(self, case: Any) -> None:
        found, _ = runs(case)
        lines = [mask.ravel(order="F") for mask in case[0]]
        last = [int(line.nonzero()[0].max(initial=-1)) + 1 for line in lines]
        assert found.extents().tolist() == last
        counts = np.bincount(found.owner(), minlength=len(lines))
        assert counts.tolist() == np.diff(found.offsets).tolist()

    @given(drawn())
    def test_intersection_pixel_by_pixel(self, case: Any) -> None:
        truth, predicted = runs(case)
        expected = [int((a & b).sum()) for a, b in zip(*case, strict=True)]
        assert intersection_areas(truth, predicted).tolist() == expected
        assert intersection_areas(predicted, truth).tolist() == expected

    @given(drawn())
    def test_runs_that_touch_may_stay_apart(self, case: Any) -> None:
        truth, predicted = runs(case)
        pixels = np.concatenate([np.arange(a, b) for a, b in zip(*_bounds(truth), strict=True)])
        counts = np.concatenate([[0], np.cumsum(truth.areas())])
        single = Runs(pixels, pixels + 1, counts)
        assert single.areas().tolist() == truth.areas().tolist()
        common = intersection_areas(truth, predicted).tolist()
        assert intersection_areas(single, predicted).tolist() == common
        assert intersection_areas(predicted, single).tolist() == common

    def test_sums_beyond_32_bits(self) -> None:
        giant = Runs(np.array([0]), np.array([2**40]), np.array([0, 1]))
        assert intersection_areas(giant, giant).tolist() == [2**40]
        assert dice(giant, giant) == global_dice(giant, giant) == 1.0

    def test_a_few_masks_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn_ = np.random.default_rng(0).random((2, 30, 4, 5)) < 0.5
        truth, predicted = (Runs.from_masks(list(side)) for side in drawn_)
        common = intersection_areas(truth, predicted)
        monkeypatch.setattr(_cells, "_PAIRS_AT_ONCE", 9)
        assert intersection_areas(truth, predicted).tolist() == common.tolist()

    def test_unlike_numbers_of_masks(self) -> None:
        one = Runs.from_masks([[[1]]])
        with pytest.raises(ValueError, match="compare"):
            intersection_areas(one, Runs.from_masks([[[1]], [[0]]]))


def _bounds(found: Runs) -> tuple[list[int], list[int]]:
    return [0, *found.starts.tolist()], [0, *found.ends.tolist()]


class TestDice:
    @given(drawn(), st.sampled_from([0.0, 1.0, 0.5]))
    def test_naive(self, case: Any, both_empty: float) -> None:
        scores = [
            2 * (a & b).sum() / (a.sum() + b.sum()) if (a | b).any() else both_empty
            for a, b in zip(*case, strict=True)
        ]
        assert math.isclose(dice(*runs(case), both_empty=both_empty), np.mean(scores))

    @given(not_all_empty())
    def test_oracle_without_pairs_that_are_empty(self, case: Any) -> None:
        scores = [
            sklearn_metrics.f1_score(a.ravel(), b.ravel())
            for a, b in zip(*case, strict=True)
            if (a | b).any()
        ]
        assert math.isclose(dice(*runs(case)), np.mean(scores), rel_tol=1e-12, abs_tol=1e-15)

    @given(not_all_empty())
    def test_symmetry(self, case: Any) -> None:
        truth, predicted = runs(case)
        assert dice(truth, predicted) == dice(predicted, truth)

    def test_all_empty_has_no_score(self) -> None:
        empty = Runs.from_masks([[[0]], [[0]]])
        with pytest.raises(UndefinedMetricError, match="all masks are empty"):
            dice(empty, empty)
        assert dice(empty, empty, both_empty=1.0) == 1.0


class TestGlobalDice:
    @given(not_all_empty())
    def test_oracle_on_all_pixels(self, case: Any) -> None:
        truth, predicted = (np.concatenate([m.ravel() for m in side]) for side in case)
        expected = sklearn_metrics.f1_score(truth, predicted)
        assert math.isclose(global_dice(*runs(case)), expected, rel_tol=1e-12, abs_tol=1e-15)

    @given(not_all_empty())
    def test_empty_pairs_and_cuts_do_not_matter(self, case: Any) -> None:
        empty = np.zeros((2, 2), np.bool_)
        more = [*case[0], empty], [*case[1], empty]
        assert global_dice(*runs(more)) == global_dice(*runs(case))
        rows = tuple([mask[:, [c]] for mask in side for c in range(mask.shape[1])] for side in case)
        assert global_dice(*runs(rows)) == global_dice(*runs(case))

    def test_all_empty_has_no_score(self) -> None:
        empty = Runs.from_masks([[[0]], [[0]]])
        with pytest.raises(UndefinedMetricError, match="all masks are empty"):
            global_dice(empty, empty)


class TestMaskFbeta:
    @given(drawn(), st.sampled_from([0.5, 1.0, 2.0]))
    def test_oracle(self, case: Any, beta: float) -> None:
        scores = [
            sklearn_metrics.fbeta_score(a.ravel(), b.ravel(), beta=beta, zero_division=0.0)
            for a, b in zip(*case, strict=True)
        ]
        score = mask_fbeta(*runs(case), beta=beta)
        assert math.isclose(score, np.mean(scores), rel_tol=1e-12, abs_tol=1e-15)

    @pytest.mark.parametrize("beta", [0.0, -1.0, np.nan, np.inf])
    def test_a_weight_that_is_none(self, beta: float) -> None:
        masks = Runs.from_masks([[[1, 0]]])
        with pytest.raises(ValueError, match="beta"):
            mask_fbeta(masks, masks, beta=beta)

    @given(drawn())
    def test_beta_one_is_dice(self, case: Any) -> None:
        score = dice(*runs(case), both_empty=0.0)
        assert math.isclose(mask_fbeta(*runs(case)), score, rel_tol=1e-12)


AREAS = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(
    lambda pair: (pair[0], pair[0] + pair[1] + (pair[0] + pair[1] == 0))
)


class TestIouThresholdScore:
    @given(st.lists(AREAS, min_size=1))
    def test_naive_with_exact_fractions(self, areas: Any) -> None:
        thresholds = [Fraction(50 + 5 * step, 100) for step in range(10)]
        hits = [Fraction(common, either) > t for common, either in areas for t in thresholds]
        score = iou_threshold_score(*zip(*areas, strict=True))
        assert type(score) is float
        assert math.isclose(score, sum(hits) / len(hits), rel_tol=1e-12)
        assert 0.0 <= score <= 1.0

    @given(st.lists(AREAS, min_size=1), st.integers(1, 10**9))
    def test_scale_does_not_matter(self, areas: Any, scale: int) -> None:
        common, either = np.array(areas).T
        score = iou_threshold_score(common, either)
        assert iou_threshold_score(common * scale, either * scale) == score

    @pytest.mark.parametrize(("common", "score"), [(50, 0.0), (51, 0.1), (95, 0.9), (96, 1.0)])
    def test_exactly_at_a_threshold_is_not_beyond(self, common: int, score: float) -> None:
        assert iou_threshold_score([common], [100]) == score

    @pytest.mark.parametrize(("common", "either"), [([0], [0]), ([2], [1]), ([1], [-1])])
    def test_areas_that_cannot_be(self, common: list[int], either: list[int]) -> None:
        with pytest.raises(ValueError, match="union"):
            iou_threshold_score(common, either)

    def test_nothing_to_compare_and_unlike_lengths(self) -> None:
        with pytest.raises(UndefinedMetricError):
            iou_threshold_score([], [])
        with pytest.raises(ValueError, match="but"):
            iou_threshold_score([1], [1, 2])

    @pytest.mark.parametrize(("common", "either"), [([0.5], [1.0]), ([-1], [2]), ([np.nan], [1])])
    def test_areas_are_numbers_of_pixels(self, common: list[float], either: list[float]) -> None:
        with pytest.raises(ValueError, match=r"whole|at least 0"):
            iou_threshold_score(common, either)


@pytest.mark.parametrize("masks", [np.ones((2, 3)), np.ones((1, 2, 3, 3)), [1, 0]])
def test_a_mask_has_rows_and_columns(masks: Any) -> None:
    with pytest.raises(ValueError, match="height, width"):
        Runs.from_masks(masks)
