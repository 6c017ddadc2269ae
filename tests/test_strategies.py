"""What is drawn for metrics is what the names of the strategies promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlegrade import formats, metrics
from mlegrade.testing import strategies

if TYPE_CHECKING:
    from mlegrade.metrics import Boxes, Runs


@given(strategies.masks(2, 3))
def test_masks_have_their_shape(mask: Any) -> None:
    assert mask.shape == (2, 3)
    assert mask.dtype == np.bool_


@given(st.data(), st.integers(0, 12), st.integers(0, 4))
def test_run_lengths_stay_inside_the_image(data: st.DataObject, n_pixels: int, most: int) -> None:
    text = data.draw(strategies.run_lengths(n_pixels, most=most))
    runs, faults = formats.decode_run_lengths([text], n_pixels)
    assert not faults
    assert len(runs.starts) <= most
    assert formats.encode_run_lengths(runs) == [text]


@given(strategies.runs(3, 4, most=2))
def test_runs_are_those_of_masks(runs: Runs) -> None:
    assert 1 <= len(runs) <= 2
    assert runs.ends.max(initial=0) <= 12
    assert metrics.dice(runs, runs, both_empty=1.0) == 1.0


@given(strategies.boxes(n_images=2, n_classes=3, most=4))
def test_boxes_are_what_detection_takes(boxes: Boxes) -> None:
    assert len(boxes) <= 4
    if len(boxes):
        assert 0.0 <= metrics.coco_mean_average_precision(boxes, boxes) <= 1.0


@given(strategies.rankings("abc", most=2))
def test_rankings_have_as_many_truths_as_predictions(drawn: Any) -> None:
    relevant, ranked = drawn
    assert len(relevant) == len(ranked) >= 1
    assert all(len(items) <= 2 and set(items) <= set("abc") for items in [*relevant, *ranked])
    assert 0.0 <= metrics.map_at_k(relevant, ranked, k=2) <= 1.0


@given(strategies.probabilities(4, most=3))
def test_probabilities_sum_to_one(drawn: Any) -> None:
    labels, table = drawn
    assert table.shape == (len(labels), 4)
    assert len(labels) <= 3
    assert np.allclose(table.sum(axis=1), 1.0)
    assert np.isfinite(metrics.log_loss(labels, table))


@given(strategies.labels_and_scores(most=5))
def test_labels_are_of_both_classes(drawn: Any) -> None:
    labels, scores = drawn
    assert set(labels) == {0, 1}
    assert len(labels) == len(scores) <= 5
    assert 0.0 <= metrics.roc_auc(labels, scores) <= 1.0
