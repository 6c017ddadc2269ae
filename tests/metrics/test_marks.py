"""Labelled marks in images: against plain programs and scikit-learn, and the laws they obey."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics import (
    Labels,
    Marks,
    average_precision_with_misses,
    marks,
    metric_info,
    point_in_box_f1,
)
from mlegrade.metrics import _cells as cells

IMAGES, LABELS = st.integers(0, 2), st.sampled_from(["U+306B", "U+306b", 7])
GRID = st.integers(0, 8).map(float)
ODD = GRID | st.sampled_from([-1e308, 1e308, 0.5, 1e-9, -3.0])
SIZES = st.integers(0, 6).map(float) | st.sampled_from([-2.0, 1e308, 0.1])
SCORES = st.sampled_from([0.0, 0.5, 0.9, -1.0, 2.0])
N_IMAGES = 4


def made(drawn: Any, width: int) -> Marks:
    images, labels, at, scores = zip(*drawn, strict=True) if drawn else [()] * 4
    return Marks(
        np.array(images, np.int64),
        np.array([*labels, None], object)[:-1],
        np.array(at, float).reshape(-1, width),
        np.array(scores, float),
    )


def several(*at: st.SearchStrategy[float], least: int = 0) -> st.SearchStrategy[Marks]:
    one = st.tuples(IMAGES, LABELS, st.tuples(*at), SCORES)
    return st.lists(one, min_size=least, max_size=14).map(lambda drawn: made(drawn, len(at)))


BOXES = several(ODD, ODD, SIZES, SIZES)
POINTS = several(ODD, ODD)


def hits_one_by_one(truth: Marks, found: Marks) -> int:
    used: set[int] = set()
    for place in range(len(truth)):
        x, y, width, height = truth.at[place]
        for point in range(len(found)):
            same = truth.images[place] == found.images[point]
            same &= truth.labels[place] == found.labels[point]
            px, py = found.at[point]
            if point not in used and same and x < px < x + width and y < py < y + height:
                used.add(point)
                break
    return len(used)


def test_none_is_forgotten() -> None:
    assert set(marks.__all__) == {"Marks", "average_precision_with_misses", "point_in_box_f1"}


@pytest.mark.filterwarnings("ignore:overflow")
class TestPointInBoxF1:
    @pytest.mark.parametrize(("strips", "at_once"), [(1, 1), (3, 4), (64, 1 << 18)])
    @given(truth=BOXES, found=POINTS)
    def test_naive(self, strips: int, at_once: int, truth: Marks, found: Marks) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(marks, "_STRIPS", strips)
            patch.setattr(cells, "_PAIRS_AT_ONCE", at_once)
            score = point_in_box_f1(truth, found)
        hits = hits_one_by_one(truth, found)
        n_marks = len(truth) + len(found)
        assert type(score) is float
        assert math.isclose(score, 2 * hits / n_marks if n_marks else 0.0, rel_tol=1e-12)
        info = metric_info(point_in_box_f1)
        assert info.worst == 0.0 <= score <= 1.0 == info.optimum

    @given(several(GRID, GRID, GRID, GRID), several(GRID, GRID), st.integers(-9, 9))
    def test_place_does_not_matter(self, truth: Marks, found: Marks, by: int) -> None:
        moved = replace(truth, at=truth.at + np.array([by, by, 0, 0]))
        score = point_in_box_f1(truth, found)
        assert point_in_box_f1(moved, replace(found, at=found.at + by)) == score

    @given(BOXES, POINTS, st.permutations([5, 0, 9]))
    def test_order_of_images_does_not_matter(self, truth: Marks, found: Marks, order: Any) -> None:
        numbers = np.array(order, np.int64)
        moved = [replace(one, images=numbers[one.images]) for one in (truth, found)]
        assert point_in_box_f1(*moved) == point_in_box_f1(truth, found)

    @given(several(GRID, GRID, st.just(2.0), st.just(2.0), least=1))
    def test_perfect(self, truth: Marks) -> None:
        centres = replace(truth, at=truth.at[:, :2] + 1.0)
        # Only where boxes do not overlap is it clear which point is meant for which of them.
        apart = replace(truth, at=truth.at + np.arange(len(truth))[:, None] * np.eye(4)[0] * 99)
        assert point_in_box_f1(truth, centres) == 1.0 or len(truth) > 1
        assert point_in_box_f1(apart, replace(centres, at=apart.at[:, :2] + 1.0)) == 1.0

    def test_a_point_on_the_border_is_outside(self) -> None:
        box = Marks(np.array([0]), ["a"], np.array([[1.0, 1.0, 2.0, 2.0]]))
        for x, y, score in ((1.0, 2.0, 0.0), (2.0, 3.0, 0.0), (1.1, 2.9, 1.0)):
            assert point_in_box_f1(box, Marks(np.array([0]), ["a"], np.array([[x, y]]))) == score

    def test_order_decides_where_boxes_overlap(self) -> None:
        boxes = Marks(np.zeros(2, np.int64), ["a", "a"], np.array([[0, 0, 4, 4], [2, 2, 4, 4.0]]))
        points = np.array([[1.0, 1.0], [3.0, 3.0]])
        right = Marks(np.zeros(2, np.int64), ["a", "a"], points)
        wrong = Marks(np.zeros(2, np.int64), ["a", "a"], points[::-1])
        assert point_in_box_f1(boxes, right) == 1.0
        assert point_in_box_f1(boxes, wrong) == 0.5

    def test_boxes_have_four_columns_and_points_two(self) -> None:
        at = [Marks(np.zeros(1, np.int64), ["a"], np.ones((1, n))) for n in (2, 3, 4)]
        for truth, found in ((at[2], at[2]), (at[0], at[0]), (at[2], at[1])):
            with pytest.raises(ValueError, match="it has to be"):
                point_in_box_f1(truth, found)

    def test_a_box_without_borders_holds_nothing(self) -> None:
        box = np.array([[-np.inf, -np.inf, np.inf, np.inf]])
        truth = Marks(np.zeros(1, np.int64), ["a"], box)
        assert point_in_box_f1(truth, Marks(np.zeros(1, np.int64), ["a"], np.ones((1, 2)))) == 0.0

    def test_what_is_no_number_lies_nowhere(self) -> None:
        box = Marks(np.array([0]), ["a"], np.array([[0.0, 0.0, 2.0, np.nan]]))
        point = Marks(np.array([0, 0]), ["a", "a"], np.array([[1.0, 1.0], [np.nan, np.inf]]))
        assert point_in_box_f1(box, point) == 0.0
        nothing = made([], 2)
        assert point_in_box_f1(made([], 4), nothing) == 0.0


def corners(least: int = 0) -> st.SearchStrategy[Marks]:
    return several(GRID, GRID, GRID, GRID, least=least)


def overlap(a: Any, b: Any) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = [(one[2] - one[0]) * (one[3] - one[1]) for one in (a, b)]
    union = sum(areas) - width * height
    return width * height / union if union > 0 else 0.0


def naive(truth: Marks, found: Marks, threshold: float) -> float:
    precisions = []
    for label in dict.fromkeys(truth.labels):
        things: list[tuple[bool, float]] = []
        for image in range(N_IMAGES):
            true = np.flatnonzero((truth.images == image) & (truth.labels == label)).tolist()
            mine = np.flatnonzero((found.images == image) & (found.labels == label))
            free, n_things = list(true), len(things)
            for one in mine[np.argsort(-found.scores[mine], kind="stable")]:
                overlaps = {box: overlap(found.at[one], truth.at[box]) for box in free}
                best = max(overlaps, key=overlaps.__getitem__, default=None)
                is_right = best is not None and overlaps[best] > threshold
                if is_right:
                    free.remove(best)
                things.append((is_right, found.scores[one]))
            things += [(True, 0.0)] * len(free)
            if len(things) == n_things:
                things.append((False, 0.0))
        precisions.append(average_precision_score(*zip(*things, strict=True)))
    return float(np.mean(precisions))


class TestAveragePrecisionWithMisses:
    @pytest.mark.parametrize("at_once", [1, 4, 1 << 18])
    @given(truth=corners(1), found=corners(), threshold=st.sampled_from([0.0, 0.25, 0.5]))
    def test_naive_and_oracle(
        self, at_once: int, truth: Marks, found: Marks, threshold: float
    ) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cells, "_PAIRS_AT_ONCE", at_once)
            score = average_precision_with_misses(truth, found, N_IMAGES, iou_threshold=threshold)
        assert type(score) is float
        assert math.isclose(score, naive(truth, found, threshold), rel_tol=1e-9)
        info = metric_info(average_precision_with_misses)
        assert info.worst == 0.0 < score <= 1.0 == info.optimum

    @given(corners(1), corners(), st.permutations(range(N_IMAGES)))
    def test_order_of_images_and_names_do_not_matter(
        self, truth: Marks, found: Marks, order: Any
    ) -> None:
        def moved(one: Marks) -> Marks:
            labels = Labels.of([("class", label) for label in one.labels])
            return replace(one, images=np.array(order, np.int64)[one.images], labels=labels)

        score = average_precision_with_misses(truth, found, N_IMAGES)
        other = average_precision_with_misses(moved(truth), moved(found), N_IMAGES)
        assert math.isclose(other, score, rel_tol=1e-12)

    @given(corners(1), corners())
    def test_classes_that_the_truth_lacks_do_not_count(self, truth: Marks, found: Marks) -> None:
        more = Marks(
            np.tile(found.images, 2),
            np.array([*found.labels, *["ghost"] * len(found), None], object)[:-1],
            np.tile(found.at, (2, 1)),
            np.tile(found.scores, 2),
        )
        score = average_precision_with_misses(truth, found, N_IMAGES)
        assert average_precision_with_misses(truth, more, N_IMAGES) == score

    @given(several(GRID, GRID, st.just(20.0), st.just(30.0), least=1))
    def test_perfect(self, truth: Marks) -> None:
        perfect = replace(truth, scores=np.ones(len(truth)))
        assert average_precision_with_misses(truth, perfect, N_IMAGES) == 1.0

    def test_exactly_half_is_not_enough_and_the_next_best_is_taken(self) -> None:
        def findings(*at: tuple[float, ...], scores: Any) -> Marks:
            labels = ["opacity"] * len(at)
            return Marks(np.zeros(len(at), np.int64), labels, np.array(at), np.array(scores))

        box = findings((0.0, 0.0, 2.0, 1.0), scores=[1.0])
        half = findings((0.0, 0.0, 1.0, 1.0), scores=[1.0])
        assert average_precision_with_misses(box, half, 1) == 0.5
        two = findings((0.0, 0.0, 10.0, 10.0), (0.0, 0.0, 10.0, 8.0), scores=[1.0, 1.0])
        same = findings((0.0, 0.0, 10.0, 10.0), (0.0, 0.0, 10.0, 10.0), scores=[0.9, 0.8])
        assert average_precision_with_misses(two, same, 1) == 1.0

    def test_no_true_boxes(self) -> None:
        with pytest.raises(UndefinedTruthError, match="no true boxes"):
            average_precision_with_misses(made([], 4), made([], 4), 1)

    def test_mistakes_of_the_caller(self) -> None:
        box = Marks(np.ones(1, np.int64), ["a"], np.array([[0.0, 0.0, 1.0, 1.0]]))
        with pytest.raises(ValueError, match="confidence"):
            average_precision_with_misses(box, box, 2)
        found = Marks(box.images, ["a"], box.at, np.ones(1))
        with pytest.raises(ValueError, match="numbered"):
            average_precision_with_misses(box, found, 1)
        point = Marks(box.images, ["a"], box.at[:, :2], np.ones(1))
        with pytest.raises(ValueError, match="it has to be"):
            average_precision_with_misses(box, point, 2)


class TestLabels:
    @given(st.lists(LABELS | st.none()))
    def test_names_return(self, labels: list[Any]) -> None:
        found = Labels.of(labels)
        assert [found.names[code] for code in found.codes] == labels
        assert len(found) == len(labels)
        assert len(set(found.names)) == len(found.names)
        assert Labels.of(found) is found

    @given(st.lists(st.lists(LABELS)))
    def test_joined(self, parts: list[list[Any]]) -> None:
        joined = Labels.joined([Labels.of(part) for part in parts])
        assert [joined.names[code] for code in joined.codes] == [x for part in parts for x in part]

    @given(st.lists(LABELS), st.lists(LABELS, unique=True))
    def test_among(self, labels: list[Any], names: list[Any]) -> None:
        expected = [names.index(label) if label in names else -1 for label in labels]
        assert Labels.of(labels).among(names).tolist() == expected
