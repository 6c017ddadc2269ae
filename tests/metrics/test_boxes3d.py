"""Boxes in space: against shapely and a plain program, and the laws they obey."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity
from shapely import box as rectangle

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics import (
    Boxes3D,
    Labels,
    mean_average_precision_3d,
    metric_info,
    upright_box_iou,
)
from mlegrade.metrics import _cells as cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES = ["car", "bus", "cow"]
THRESHOLDS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
CENTRES = st.sampled_from([0.0, 0.25, 0.5, -1.0]) | st.floats(-4, 4)
LENGTHS = st.sampled_from([1.0, 2.0, 4.0]) | st.floats(0.1, 8)
YAWS = st.sampled_from([0.0, math.pi / 2, math.pi / 4]) | st.floats(-7, 7)
GEOMETRY = st.tuples(CENTRES, CENTRES, CENTRES, LENGTHS, LENGTHS, LENGTHS, YAWS)
FEW = [[0.0, 0.2], [0.0], [0.0, 0.1], [2.0, 2.4], [2.0, 2.4], [2.0, 2.4], [0.0]]
NEAR = st.tuples(*map(st.sampled_from, FEW))
SCORES = st.sampled_from([0.1, 0.5, 0.9])


def iou(a: Any, b: Any) -> float:
    """Clip polygons with shapely."""
    bases = []
    for x, y, _, width, length, _, yaw in (a, b):
        base = rectangle(-length / 2, -width / 2, length / 2, width / 2)
        turned = affinity.rotate(base, yaw, origin=(0, 0), use_radians=True)
        bases.append(affinity.translate(turned, x, y))
    top = min(a[2] + a[5] / 2, b[2] + b[5] / 2)
    bottom = max(a[2] - a[5] / 2, b[2] - b[5] / 2)
    common = bases[0].intersection(bases[1]).area * max(0.0, top - bottom)
    return common / (a[3] * a[4] * a[5] + b[3] * b[4] * b[5] - common)


@given(GEOMETRY, GEOMETRY)
def test_overlap_is_that_of_shapely(a: Any, b: Any) -> None:
    (found,) = upright_box_iou(np.array([a]), np.array([b]))
    assert math.isclose(found, iou(a, b), rel_tol=1e-9, abs_tol=1e-9)
    assert 0.0 <= found <= 1.0
    (turned,) = upright_box_iou(np.array([b]), np.array([a]))
    assert math.isclose(found, turned, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("noise", [0.0, 1e-17, 1e-16, 1e-15, 1e-12, 1e-9, 1e-6])
@pytest.mark.parametrize("turn", [0.0, math.pi / 2, math.pi, -math.pi, 3 * math.pi])
def test_edges_that_are_all_but_parallel(turn: float, noise: float) -> None:
    for a, b in (
        ((0.0, 0.0, 0.0, 0.109375, 1.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, turn + noise)),
        ((0.5, 0.0, 0.0, 4.2, 4.2, 0.1, turn), (1.3, 1.3, 0.0, 4.2, 2.0, 0.1, noise)),
    ):
        for one, other in ((a, b), (b, a)):
            (found,) = upright_box_iou(np.array([one]), np.array([other]))
            assert math.isclose(found, iou(one, other), rel_tol=1e-9)


@given(GEOMETRY)
def test_overlap_with_itself_is_one(a: Any) -> None:
    one = np.array([a])
    assert math.isclose(upright_box_iou(one, one)[0], 1.0, rel_tol=1e-9)
    half_turn = one + np.array([0, 0, 0, 0, 0, 0, math.pi])
    assert math.isclose(upright_box_iou(one, half_turn)[0], 1.0, rel_tol=1e-9)
    assert upright_box_iou(one, one + np.array([100, 0, 0, 0, 0, 0, 0]))[0] == 0.0


@given(GEOMETRY, GEOMETRY, CENTRES, YAWS)
def test_where_the_world_begins_does_not_matter(a: Any, b: Any, by: float, turn: float) -> None:
    def moved(one: Any) -> NDArray[np.float64]:
        x, y, z, *sizes, yaw = one
        cos, sin = math.cos(turn), math.sin(turn)
        return np.array(
            [[cos * x - sin * y + by, sin * x + cos * y - by, z + by, *sizes, yaw + turn]]
        )

    (found,) = upright_box_iou(np.array([a]), np.array([b]))
    assert math.isclose(upright_box_iou(moved(a), moved(b))[0], found, rel_tol=1e-6, abs_tol=1e-6)


def test_absurd_sizes_overlap_with_nothing() -> None:
    one = np.array([[0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]])
    giant = np.array([[0.0, 0.0, 0.0, 1e200, 1e200, 1e200, 0.3]])
    assert 0.0 <= upright_box_iou(one, giant)[0] <= 1.0


@st.composite
def boxes(draw: st.DrawFn, least: int = 0) -> Boxes3D:
    """Draw boxes; those with few different places overlap a lot."""
    near = st.tuples(
        *map(st.sampled_from, [[0.0, 0.2], [0.0], [0.0, 0.1]] + [[2.0, 2.4]] * 3 + [[0.0]])
    )
    one = st.tuples(st.integers(0, 2), st.sampled_from(NAMES), near | GEOMETRY, SCORES)
    drawn = draw(st.lists(one, min_size=least, max_size=12))
    scenes, labels, geometry, scores = zip(*drawn, strict=True) if drawn else [()] * 4
    return Boxes3D(
        np.array(scenes, np.int64),
        np.array(labels, object),
        np.array(geometry, float).reshape(-1, 7),
        np.array(scores, float),
    )


def naive(truth: Boxes3D, found: Boxes3D, n_scenes: int) -> float:
    """Go through scenes, classes and thresholds as the definition says."""
    total = 0.0
    for scene in range(n_scenes):
        classes = dict.fromkeys(truth.labels[truth.scenes == scene])
        for name in classes:
            true = truth.geometry[(truth.scenes == scene) & (truth.labels == name)]
            mine = np.flatnonzero((found.scenes == scene) & (found.labels == name))
            order = mine[np.argsort(-found.scores[mine], kind="stable")]
            pairs = found.geometry[order].repeat(len(true), axis=0), np.tile(true, (len(order), 1))
            overlaps = upright_box_iou(pairs[1], pairs[0]).reshape(-1, len(true))
            values = [average_precision(overlaps, threshold) for threshold in THRESHOLDS]
            total += sum(values) / len(classes)
    return total / (n_scenes * len(THRESHOLDS))


def average_precision(overlaps: NDArray[np.float64], threshold: float) -> float:
    n_true = overlaps.shape[1]
    taken: set[int] = set()
    recall, precision = [0.0], [0.0]
    for rank, row in enumerate(overlaps, start=1):
        best = int(np.argmax(row))
        if row[best] > threshold and best not in taken:
            taken.add(best)
        recall.append(len(taken) / n_true)
        precision.append(len(taken) / rank)
    envelope = np.maximum.accumulate([0.0, *precision[::-1]])[::-1]
    return float((np.diff([*recall, 1.0]) * envelope[1:]).sum())


class TestMeanAveragePrecision:
    @pytest.mark.parametrize("at_once", [1, 5, 1 << 18])
    @given(truth=boxes(), found=boxes())
    def test_naive(self, at_once: int, truth: Boxes3D, found: Boxes3D) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cells, "_PAIRS_AT_ONCE", at_once)
            score = mean_average_precision_3d(truth, found, 3)
        assert type(score) is float
        assert math.isclose(score, naive(truth, found, 3), rel_tol=1e-9, abs_tol=1e-12)
        info = metric_info(mean_average_precision_3d)
        assert info.worst == 0.0 <= score <= 1.0 == info.optimum

    @given(boxes(), boxes())
    def test_tables_of_cells_do_not_show(self, truth: Boxes3D, found: Boxes3D) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cells, "_LARGEST_TABLE", 0)
            score = mean_average_precision_3d(truth, found, 3)
        assert score == mean_average_precision_3d(truth, found, 3)

    @given(boxes(1))
    def test_perfect_and_nothing(self, truth: Boxes3D) -> None:
        scenes = len(set(truth.scenes.tolist()))
        # Boxes that are far apart, so that each is the best for itself only.
        spread = truth.geometry + 1000.0 * np.arange(len(truth.geometry))[:, None] * np.eye(7)[0]
        alone = replace(truth, geometry=spread)
        assert math.isclose(mean_average_precision_3d(alone, alone, 3), scenes / 3)
        nothing = Boxes3D(np.zeros(0, np.int64), [], np.zeros((0, 7)), np.zeros(0))
        assert mean_average_precision_3d(truth, nothing, 3) == 0.0
        assert mean_average_precision_3d(nothing, truth, 3) == 0.0

    @given(boxes(), boxes(), st.permutations(range(3)))
    def test_order_of_scenes_and_names_do_not_matter(
        self, truth: Boxes3D, found: Boxes3D, order: Any
    ) -> None:
        def moved(made: Boxes3D) -> Boxes3D:
            names = dict(zip(NAMES, [1, "b", (2,)], strict=True))
            labels = Labels.of([names[name] for name in made.labels])
            return replace(made, scenes=np.array(order, np.int64)[made.scenes], labels=labels)

        score = mean_average_precision_3d(truth, found, 3)
        assert math.isclose(
            mean_average_precision_3d(moved(truth), moved(found), 3), score, rel_tol=1e-12
        )

    @given(boxes(), boxes())
    def test_classes_that_a_scene_lacks_do_not_count(self, truth: Boxes3D, found: Boxes3D) -> None:
        labels = np.array([*found.labels, *["ghost"] * len(found.labels)], object)
        both = Boxes3D(
            np.tile(found.scenes, 2),
            labels,
            np.tile(found.geometry, (2, 1)),
            np.tile(found.scores, 2),
        )
        score = mean_average_precision_3d(truth, found, 3)
        assert mean_average_precision_3d(truth, both, 3) == score

    def test_no_scenes(self) -> None:
        nothing = Boxes3D(np.zeros(0, np.int64), [], np.zeros((0, 7)), np.zeros(0))
        with pytest.raises(UndefinedTruthError, match="no scenes"):
            mean_average_precision_3d(nothing, nothing, 0)

    @pytest.mark.parametrize("scene", [-1, 1])
    def test_a_scene_that_is_none(self, scene: int) -> None:
        box = Boxes3D(np.array([scene]), ["car"], np.ones((1, 7)), np.ones(1))
        with pytest.raises(ValueError, match="numbered"):
            mean_average_precision_3d(box, box, 1)


def test_overlap_of_lists_and_of_unlike_shapes() -> None:
    box = [0, 0, 0, 2, 4, 2, 0]
    assert upright_box_iou([box], [box]) == 1.0
    for a, b in (([box], [box, box]), (box, box), ([box[:6]], [box[:6]])):
        with pytest.raises(ValueError, match="shape"):
            upright_box_iou(a, b)
