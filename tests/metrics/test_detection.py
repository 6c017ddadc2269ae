"""COCO's average precision: against pycocotools, and the laws it obeys."""

from __future__ import annotations

import contextlib
import io
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics import Boxes, coco_mean_average_precision, detection, metric_info

SIDES = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 6), st.integers(1, 6))
SCORES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
THRESHOLDS = st.sampled_from([0.25, 0.4, 0.5, 0.75, 1.0])
AREAS = st.sampled_from([1.0, 30.0, -1.0, 2e10])


@st.composite
def boxes(draw: st.DrawFn, least: int = 0, *, odd: bool = False) -> Boxes:
    """Draw boxes on a coarse grid, so that many overlap and many overlaps are equal."""
    one = st.tuples(st.integers(0, 2), st.integers(0, 2), SIDES, SCORES, AREAS)
    drawn = draw(st.lists(one, min_size=least, max_size=14))
    images, labels, xywh, scores, areas = zip(*drawn, strict=True) if drawn else [()] * 5
    made = Boxes.of(images, labels, np.array(xywh, float).reshape(-1, 4), scores=scores)
    if odd:
        made = replace(made, areas=np.array(areas, float), ids=np.arange(len(made)))
    return made


def collection(made: Boxes) -> COCO:
    """Return boxes as pycocotools keeps them."""
    coco = COCO()
    coco.dataset = {
        "images": [{"id": image} for image in range(3)],
        "categories": [{"id": label} for label in range(3)],
        "annotations": [
            {
                "id": int(made.ids[place]),
                "image_id": int(made.images[place]),
                "category_id": int(made.labels[place]),
                "bbox": made.xywh[place].tolist(),
                "area": float(made.areas[place]),
                "score": float(made.scores[place]),
                "iscrowd": 0,
            }
            for place in range(len(made))
        ],
    }
    coco.createIndex()
    return coco


def oracle(truth: Boxes, found: Boxes, iou_threshold: float, max_detections: int) -> float:
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(collection(truth), collection(found), "bbox")
        evaluation.params.iouThrs = np.array([iou_threshold])
        evaluation.params.maxDets = [max_detections]
        evaluation.params.areaRng = [[0, 1e10]]
        evaluation.params.areaRngLbl = ["all"]
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"][0, :, :, 0, 0]
    of_classes = [column.mean() for column in precision.T if (column > -1).all()]
    return float(np.mean(of_classes))


def test_none_is_forgotten() -> None:
    assert set(detection.__all__) == {"Boxes", "coco_mean_average_precision"}


@given(boxes(1), boxes(), THRESHOLDS, st.sampled_from([1, 3, 100]))
def test_oracle(truth: Boxes, found: Boxes, threshold: float, count: int) -> None:
    score = coco_mean_average_precision(truth, found, iou_threshold=threshold, max_detections=count)
    assert type(score) is float
    assert math.isclose(score, oracle(truth, found, threshold, count), rel_tol=1e-9, abs_tol=1e-12)
    usual = coco_mean_average_precision(truth, found)
    asked = coco_mean_average_precision(truth, found, iou_threshold=0.5, max_detections=100)
    assert usual == asked
    info = metric_info(coco_mean_average_precision)
    assert info.worst == 0.0 <= score <= 1.0 == info.optimum


@given(boxes(1, odd=True), boxes(odd=True), THRESHOLDS)
def test_oracle_with_ids_from_zero_and_odd_areas(
    truth: Boxes, found: Boxes, threshold: float
) -> None:
    counted = (truth.areas >= 0) & (truth.areas <= 1e10)
    if not counted.any():
        with pytest.raises(UndefinedTruthError):
            coco_mean_average_precision(truth, found, iou_threshold=threshold)
        return
    score = coco_mean_average_precision(truth, found, iou_threshold=threshold)
    assert math.isclose(score, oracle(truth, found, threshold, 100), rel_tol=1e-9, abs_tol=1e-12)


def moved(made: Boxes, *, images: Any = None, labels: Any = None) -> Boxes:
    changes: dict[str, Any] = {}
    if images is not None:
        changes["images"] = np.array(images, np.int64)[made.images]
    if labels is not None:
        changes["labels"] = np.array(labels, np.int64)[made.labels]
    return replace(made, **changes)


@given(boxes(1), boxes(), st.permutations([7, 1, 4]))
def test_names_of_classes_do_not_matter(truth: Boxes, found: Boxes, labels: Any) -> None:
    score = coco_mean_average_precision(truth, found)
    renamed = coco_mean_average_precision(moved(truth, labels=labels), moved(found, labels=labels))
    assert math.isclose(renamed, score, rel_tol=1e-12)


@given(boxes(1), boxes(), st.integers(-9, 9), st.sampled_from([0.5, 2.0]))
def test_place_and_scale_do_not_matter(truth: Boxes, found: Boxes, by: int, scale: float) -> None:
    def change(made: Boxes) -> Boxes:
        return replace(made, xywh=(made.xywh + np.array([by, by, 0, 0])) * scale)

    score = coco_mean_average_precision(truth, found)
    assert coco_mean_average_precision(change(truth), change(found)) == score


@given(boxes(1), boxes())
def test_only_the_order_of_scores_counts(truth: Boxes, found: Boxes) -> None:
    score = coco_mean_average_precision(truth, found)
    rescored = replace(found, scores=np.exp(3 * found.scores) - 5)
    assert coco_mean_average_precision(truth, rescored) == score


@given(boxes(1), boxes())
def test_classes_that_the_truth_lacks_do_not_count(truth: Boxes, found: Boxes) -> None:
    strange = moved(found, labels=[10, 11, 12])
    both = Boxes(
        *(
            np.concatenate([getattr(found, name), getattr(strange, name)])
            for name in Boxes.__slots__
        )
    )
    score = coco_mean_average_precision(truth, found)
    assert coco_mean_average_precision(truth, both) == score


@given(boxes(1))
def test_perfect_and_nothing(truth: Boxes) -> None:
    perfect = replace(truth, scores=np.ones(len(truth)))
    assert math.isclose(coco_mean_average_precision(truth, perfect), 1.0, rel_tol=1e-12)
    nothing = truth.take(np.zeros(0, np.int64))
    assert coco_mean_average_precision(truth, nothing) == 0.0


def test_no_true_boxes() -> None:
    one = Boxes.of([0], [0], [[0, 0, 1, 1]])
    nothing = one.take(np.zeros(0, np.int64))
    with pytest.raises(UndefinedTruthError, match="no true boxes"):
        coco_mean_average_precision(nothing, one)


@pytest.mark.parametrize(
    "options",
    [{"iou_threshold": 0.0}, {"iou_threshold": 50.0}, {"max_detections": 0}],
)
def test_options_out_of_range(options: dict[str, Any]) -> None:
    boxes = Boxes.of([1], [1], [[0, 0, 1, 1]])
    with pytest.raises(ValueError, match="has to be"):
        coco_mean_average_precision(boxes, boxes, **options)


def test_images_and_classes_are_whole_numbers() -> None:
    for images, labels in (([1.5], [1]), ([1], [1.5])):
        with pytest.raises(ValueError, match="whole"):
            Boxes.of(images, labels, [[0, 0, 1, 1]])
