"""Metrics on several labels a row: against scikit-learn and plain loops, and their laws."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import label_ranking_average_precision_score

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics import lwlrap, metric_info, multilabel

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCORES = st.sampled_from([0.0, 0.5, 1.0]) | st.floats(-1e6, 1e6)


@st.composite
def labelled(draw: st.DrawFn) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Draw labels, at least one, and scores."""
    shape = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    truth = draw(arrays(np.bool_, shape))
    truth[draw(st.integers(0, shape[0] - 1)), draw(st.integers(0, shape[1] - 1))] = True
    return truth, draw(arrays(np.float64, shape, elements=SCORES))


def naive(truth: Any, score: Any) -> Fraction:
    shares = []
    for labels, scores in zip(truth, score, strict=True):
        for label in np.flatnonzero(labels):
            above = [place for place, one in enumerate(scores) if one >= scores[label]]
            shares.append(Fraction(sum(bool(labels[place]) for place in above), len(above)))
    return sum(shares, Fraction()) / len(shares)


def test_none_is_forgotten() -> None:
    assert multilabel.__all__ == ["lwlrap"]


@given(labelled())
def test_naive(case: Any) -> None:
    score = lwlrap(*case)
    assert type(score) is float
    assert math.isclose(score, naive(*case), rel_tol=1e-12)
    assert 0.0 < score <= 1.0


@given(labelled())
def test_oracle_with_rows_weighted_by_their_labels(case: Any) -> None:
    truth, score = case
    some = truth.any(axis=1)
    expected = label_ranking_average_precision_score(
        truth[some], score[some], sample_weight=truth[some].sum(axis=1)
    )
    assert math.isclose(lwlrap(truth, score), expected, rel_tol=1e-12)


@given(labelled(), st.randoms())
def test_order_of_rows_and_of_labels_does_not_matter(case: Any, random: Any) -> None:
    truth, score = case
    rows, columns = list(range(truth.shape[0])), list(range(truth.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    moved = lwlrap(truth[rows][:, columns], score[rows][:, columns])
    assert math.isclose(moved, lwlrap(truth, score), rel_tol=1e-12)


@given(labelled())
def test_only_the_order_inside_a_row_counts(case: Any) -> None:
    truth, score = case
    ranks = np.unique(score, return_inverse=True)[1].reshape(score.shape)
    offsets = 100.0 * np.arange(len(score))[:, None]
    assert lwlrap(truth, 2.0 * ranks - offsets) == lwlrap(truth, score)


@given(labelled())
def test_perfect_and_constant(case: Any) -> None:
    truth, score = case
    assert lwlrap(truth, truth.astype(float)) == metric_info(lwlrap).optimum
    per_row = truth.sum(axis=1)
    expected = (per_row * per_row / truth.shape[1]).sum() / per_row.sum()
    assert math.isclose(lwlrap(truth, np.zeros(score.shape)), expected, rel_tol=1e-12)


@given(labelled())
def test_rows_without_labels_do_not_count(case: Any) -> None:
    truth, score = case
    more = np.zeros_like(truth[:1]), score[:1]
    assert lwlrap(np.concatenate([truth, more[0]]), np.concatenate([score, more[1]])) == lwlrap(
        truth, score
    )


@given(labelled())
def test_batches_do_not_show(case: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(multilabel, "_CELLS_AT_ONCE", 3)
        score = lwlrap(*case)
    assert math.isclose(score, lwlrap(*case), rel_tol=1e-12)


def test_undefined() -> None:
    with pytest.raises(UndefinedTruthError, match="no row has a label"):
        lwlrap([[0, 0]], [[0.5, 0.1]])
    with pytest.raises(UndefinedMetricError, match="not a number"):
        lwlrap([[0, 1]], [[0.5, np.nan]])
    with pytest.raises(UndefinedMetricError):
        lwlrap(np.zeros((0, 2)), np.zeros((0, 2)))
    with pytest.raises(ValueError, match="but"):
        lwlrap([[0, 1]], [[0.5, 0.1, 0.3]])
