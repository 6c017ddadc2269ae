"""Metrics on probabilities and scores: against oracles and naive loops, and the laws they obey."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import rel_entr
from sklearn import metrics as sklearn_metrics

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics import (
    kl_divergence,
    log_loss,
    metric_info,
    probabilistic_f1,
    probability,
    roc_auc,
    weighted_multilabel_log_loss,
    weighted_roc_auc,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPSILON = 2.0**-52
LARGEST_LOSS = 52 * math.log(2)
ALASKA = {"tpr_thresholds": (0.0, 0.4, 1.0), "weights": (2.0, 1.0)}

SIZES = st.integers(2, 16)
UNIT = st.floats(0.0, 1.0)
FEW = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0])
FINITE = st.floats(-1e300, 1e300)


@st.composite
def labels(draw: st.DrawFn, size: int) -> NDArray[np.int64]:
    """Draw zeros and ones, at least one of each."""
    truth = draw(arrays(np.int64, size, elements=st.integers(0, 1)))
    one, zero = draw(st.permutations(range(size)))[:2]
    truth[one], truth[zero] = 1, 0
    return truth


@st.composite
def ranked(
    draw: st.DrawFn, elements: st.SearchStrategy[float] = FEW | FINITE
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw labels and scores, often tied."""
    size = draw(SIZES)
    return draw(labels(size)), draw(arrays(np.float64, size, elements=elements))


@st.composite
def distributions(draw: st.DrawFn, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Draw rows that sum to 1."""
    mass = draw(arrays(np.float64, shape, elements=FEW | st.floats(1e-6, 1.0)))
    mass[mass.sum(axis=1) == 0.0] = 1.0
    return mass / mass.sum(axis=1, keepdims=True)


@st.composite
def classified(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw true classes and probabilities of two to five classes."""
    shape = draw(SIZES), draw(st.integers(2, 5))
    truth = draw(arrays(np.int64, shape[0], elements=st.integers(0, shape[1] - 1)))
    return truth, draw(distributions(shape))


@st.composite
def compared(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw true and predicted distributions."""
    shape = draw(SIZES), draw(st.integers(2, 5))
    return draw(distributions(shape)), draw(distributions(shape))


@st.composite
def weighted(draw: st.DrawFn, elements: st.SearchStrategy[float] = UNIT) -> tuple[Any, ...]:
    """Draw labels, probabilities, samples and weights."""
    size = draw(SIZES)
    return (
        draw(arrays(np.int64, size, elements=st.integers(0, 1))),
        draw(arrays(np.float64, size, elements=elements)),
        draw(arrays(np.int64, size, elements=st.integers(0, 5))),
        draw(arrays(np.float64, size, elements=st.floats(0.1, 10.0))),
    )


PROBABLE = ranked(elements=FEW | UNIT)

# Every metric of the module: what it takes, and the options to try it with.
MEMBERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "kl_divergence": (compared(), {"epsilon": 1e-15}),
    "log_loss": (classified(), {}),
    "probabilistic_f1": (PROBABLE, {}),
    "roc_auc": (ranked(), {}),
    "weighted_multilabel_log_loss": (weighted(), {"positive_weight": 2.0, "epsilon": 1e-15}),
    "weighted_roc_auc": (ranked(), ALASKA),
}
every_metric = pytest.mark.parametrize("name", MEMBERS)


def call(name: str, values: tuple[Any, ...]) -> float:
    return getattr(probability, name)(*values, **MEMBERS[name][1])


class TestLawsOfAll:
    """What holds for every metric of the module."""

    def test_none_is_forgotten(self) -> None:
        assert {*MEMBERS, "EPSILON"} == set(probability.__all__)

    @every_metric
    @given(data=st.data())
    def test_score_is_a_float_in_the_stated_range(self, name: str, data: st.DataObject) -> None:
        score = call(name, data.draw(MEMBERS[name][0]))
        info = metric_info(getattr(probability, name))
        low, high = sorted([info.optimum, info.worst])
        assert type(score) is float
        assert low - 1e-12 <= score <= high + 1e-12

    @every_metric
    @given(data=st.data())
    def test_order_of_rows_does_not_matter(self, name: str, data: st.DataObject) -> None:
        values = data.draw(MEMBERS[name][0])
        order = data.draw(st.permutations(range(len(values[0]))))
        moved = tuple(value[order] for value in values)
        assert math.isclose(call(name, moved), call(name, values), rel_tol=1e-12, abs_tol=1e-15)

    @every_metric
    @given(data=st.data())
    def test_every_row_twice_gives_the_same(self, name: str, data: st.DataObject) -> None:
        values = data.draw(MEMBERS[name][0])
        twice = tuple(np.concatenate([value, value]) for value in values)
        assert math.isclose(call(name, twice), call(name, values), rel_tol=1e-12, abs_tol=1e-15)

    @every_metric
    @given(data=st.data())
    def test_lists_do_as_well_as_arrays(self, name: str, data: st.DataObject) -> None:
        values = data.draw(MEMBERS[name][0])
        assert call(name, tuple(value.tolist() for value in values)) == call(name, values)

    @every_metric
    def test_nothing_to_compare(self, name: str) -> None:
        empty = [np.zeros(0)] * (4 if "multilabel" in name else 2)
        with pytest.raises(UndefinedMetricError):
            call(name, tuple(empty))

    @every_metric
    @given(data=st.data())
    def test_unlike_lengths_are_the_callers_mistake(self, name: str, data: st.DataObject) -> None:
        truth, predicted, *others = data.draw(MEMBERS[name][0])
        with pytest.raises(ValueError, match="but"):
            call(name, (truth, predicted[:-1], *others))

    @every_metric
    @given(data=st.data())
    def test_not_a_number_has_no_score(self, name: str, data: st.DataObject) -> None:
        truth, predicted, *others = data.draw(MEMBERS[name][0])
        predicted[:] = np.nan
        with pytest.raises(UndefinedMetricError):
            call(name, (truth, predicted, *others))


class TestLogLoss:
    @given(classified())
    def test_oracle(self, case: Any) -> None:
        truth, prob = case
        expected = sklearn_metrics.log_loss(truth, prob, labels=range(prob.shape[1]))
        assert math.isclose(log_loss(truth, prob), expected, rel_tol=1e-9, abs_tol=1e-12)

    @given(classified())
    def test_naive(self, case: Any) -> None:
        losses = [
            -math.log(min(max(row[true], EPSILON), 1 - EPSILON))
            for true, row in zip(*case, strict=True)
        ]
        assert math.isclose(log_loss(*case), sum(losses) / len(losses), rel_tol=1e-12)

    @given(PROBABLE)
    def test_one_probability_a_row_is_that_of_class_one(self, case: Any) -> None:
        truth, prob = case
        assert log_loss(truth, prob) == log_loss(truth, np.column_stack([1.0 - prob, prob]))

    @given(classified(), st.randoms())
    def test_names_of_classes_do_not_matter(self, case: Any, random: Any) -> None:
        truth, prob = case
        places = list(range(prob.shape[1]))
        random.shuffle(places)
        assert log_loss(np.argsort(places)[truth], prob[:, places]) == log_loss(truth, prob)

    @given(classified())
    def test_perfect_is_the_optimum(self, case: Any) -> None:
        truth, prob = case
        perfect = np.eye(prob.shape[1])[truth]
        assert math.isclose(log_loss(truth, perfect), EPSILON, rel_tol=1e-12)
        assert log_loss(truth, perfect) <= log_loss(truth, prob)
        assert math.isclose(log_loss(truth, 1.0 - perfect), LARGEST_LOSS, rel_tol=1e-12)

    @given(classified())
    def test_rows_are_not_rescaled(self, case: Any) -> None:
        truth, prob = case
        prob = np.clip(prob, 1e-9, 1.0)
        assert math.isclose(
            log_loss(truth, prob / 2), log_loss(truth, prob) + math.log(2), rel_tol=1e-9
        )

    def test_certain_probabilities_are_clipped_after_the_complement(self) -> None:
        # 1 - p is a rounded double: clipping p first would give another number near 1.
        almost = 1.0 - 2.0**-53
        assert log_loss([0], [almost]) == LARGEST_LOSS
        assert math.isclose(log_loss([1], [almost]), EPSILON, rel_tol=1e-12)

    @pytest.mark.parametrize("truth", [[0, 2], [0, -1]])
    def test_a_class_without_a_column(self, truth: list[int]) -> None:
        with pytest.raises(UndefinedTruthError, match="none of the columns"):
            log_loss(truth, [[0.5, 0.5], [0.2, 0.8]])

    @pytest.mark.parametrize("truth", [[0, 0.5], [0, math.nan], [[1, 0], [0, 1]]])
    def test_classes_are_whole_numbers_on_a_line(self, truth: Any) -> None:
        with pytest.raises(ValueError, match=r"whole|shape"):
            log_loss(truth, [[0.5, 0.5], [0.2, 0.8]])

    @pytest.mark.parametrize("other", [2, 0.5, math.nan])
    def test_a_class_that_is_neither_0_nor_1(self, other: float) -> None:
        with pytest.raises(UndefinedTruthError, match="neither"):
            log_loss([0, other], [0.5, 0.5])
        with pytest.raises(UndefinedTruthError, match="neither"):
            weighted_multilabel_log_loss([0, other], [0.5, 0.5], "ab", [1.0, 1.0])


def area_by_pairs(truth: Any, score: Any) -> Fraction:
    """Compare every positive row with every negative one."""
    pairs = [(p, n) for p in score[truth == 1] for n in score[truth == 0]]
    return Fraction(sum(2 * (p > n) + (p == n) for p, n in pairs), 2 * len(pairs))


class TestRocAuc:
    @given(ranked())
    def test_oracle(self, case: Any) -> None:
        assert math.isclose(
            roc_auc(*case), sklearn_metrics.roc_auc_score(*case), rel_tol=1e-12, abs_tol=1e-12
        )

    @given(ranked())
    def test_pairs(self, case: Any) -> None:
        assert roc_auc(*case) == float(area_by_pairs(*case))

    @given(ranked())
    def test_negated_scores_mirror_the_area(self, case: Any) -> None:
        truth, score = case
        assert math.isclose(roc_auc(truth, -score), 1.0 - roc_auc(truth, score), abs_tol=1e-15)
        assert roc_auc(1 - truth, -score) == roc_auc(truth, score)

    @given(ranked())
    def test_only_the_order_counts(self, case: Any) -> None:
        truth, score = case
        ranks = np.unique(score, return_inverse=True)[1]
        assert roc_auc(truth, ranks) == roc_auc(truth, score)
        assert roc_auc(truth, 2.0**-30 * ranks + 1.0) == roc_auc(truth, score)

    @given(ranked(), FINITE)
    def test_perfect_reversed_and_constant(self, case: Any, constant: float) -> None:
        truth, _ = case
        assert roc_auc(truth, truth) == 1.0
        assert roc_auc(truth, -truth) == 0.0
        assert roc_auc(truth, np.full(len(truth), constant)) == 0.5

    @given(st.lists(st.tuples(labels(12), arrays(np.float64, 12, elements=FEW)), min_size=1))
    def test_columns_are_averaged(self, columns: Any) -> None:
        truth = np.column_stack([column for column, _ in columns])
        score = np.column_stack([column for _, column in columns])
        areas = [float(area_by_pairs(*pair)) for pair in zip(truth.T, score.T, strict=True)]
        assert math.isclose(roc_auc(truth, score), sum(areas) / len(areas), rel_tol=1e-12)

    def test_neighbouring_doubles_are_no_tie(self) -> None:
        assert roc_auc([0, 1], [0.5, math.nextafter(0.5, 1.0)]) == 1.0
        assert roc_auc([0, 1], [0.0, 5e-324]) == 1.0
        assert roc_auc([0, 1], [0.0, -0.0]) == 0.5

    def test_infinite_scores_have_their_place(self) -> None:
        assert roc_auc([0, 1, 0], [-np.inf, np.inf, 1e308]) == 1.0
        assert roc_auc([0, 1], [np.inf, np.inf]) == 0.5

    @pytest.mark.parametrize("truth", [[0, 0], [1, 1], [[0, 1], [1, 1]], [[0, 1], [0, 0]]])
    def test_one_class_has_no_area(self, truth: Any) -> None:
        with pytest.raises(UndefinedTruthError, match="all of one class"):
            roc_auc(truth, np.zeros(np.shape(truth)))

    def test_one_missing_score(self) -> None:
        with pytest.raises(UndefinedMetricError, match="not a number"):
            roc_auc([0, 1], [0.5, np.nan])

    def test_other_shape(self) -> None:
        with pytest.raises(ValueError, match="of shape"):
            roc_auc([[0], [1]], [0.5, 0.5])


def banded_area(truth: Any, score: Any, *, tpr_thresholds: Any, weights: Any) -> Fraction:
    """Integrate the curve piece by piece, in fractions."""
    corners = [(Fraction(0), Fraction(0))]
    for cut in sorted(set(score.tolist()), reverse=True):
        rates = [
            Fraction(int((score[truth == c] >= cut).sum()), int((truth == c).sum())) for c in (0, 1)
        ]
        corners.append((rates[0], rates[1]))
    limits = [Fraction(limit).limit_denominator(1000) for limit in tpr_thresholds]
    total = whole = Fraction(0)
    for low, high, weight in zip(limits[:-1], limits[1:], map(Fraction, weights), strict=True):
        for (x0, y0), (x1, y1) in pairwise(corners):
            stops = sorted({y0, y1, *(limit for limit in (low, high) if y0 < limit < y1)})
            for a, b in pairwise(stops):
                middle = min(max((a + b) / 2, low), high) - low
                total += weight * (x1 - x0) * (b - a) / (y1 - y0) * middle
            if y0 == y1:
                total += weight * (x1 - x0) * (min(max(y0, low), high) - low)
        whole += weight * (high - low)
    return total / whole


class TestWeightedRocAuc:
    @given(ranked())
    def test_naive(self, case: Any) -> None:
        assert math.isclose(
            weighted_roc_auc(*case, **ALASKA), banded_area(*case, **ALASKA), rel_tol=1e-12
        )

    @given(ranked(), st.lists(st.integers(1, 99), max_size=4, unique=True), st.data())
    def test_any_bands(self, case: Any, percents: list[int], data: st.DataObject) -> None:
        limits = [0.0, *(percent / 100 for percent in sorted(percents)), 1.0]
        weights = [data.draw(st.integers(1, 5)) for _ in limits[1:]]
        bands = {"tpr_thresholds": limits, "weights": weights}
        assert math.isclose(
            weighted_roc_auc(*case, **bands), banded_area(*case, **bands), rel_tol=1e-12
        )

    @given(ranked(), st.lists(st.integers(1, 99), max_size=4, unique=True))
    def test_like_weights_are_the_plain_area(self, case: Any, percents: list[int]) -> None:
        limits = [0.0, *(percent / 100 for percent in sorted(percents)), 1.0]
        area = weighted_roc_auc(*case, tpr_thresholds=limits, weights=[3.0] * (len(limits) - 1))
        assert math.isclose(area, roc_auc(*case), rel_tol=1e-12, abs_tol=1e-15)
        expected = sklearn_metrics.roc_auc_score(*case)
        assert math.isclose(area, expected, rel_tol=1e-12, abs_tol=1e-12)

    @given(ranked())
    def test_perfect_reversed_and_constant(self, case: Any) -> None:
        truth, score = case
        assert weighted_roc_auc(truth, truth, **ALASKA) == 1.0
        assert weighted_roc_auc(truth, -truth, **ALASKA) == 0.0
        constant = weighted_roc_auc(truth, 0.0 * score, **ALASKA)
        assert math.isclose(constant, (2 * 0.32 + 0.18) / 1.4, rel_tol=1e-12)

    @given(ranked())
    def test_only_the_order_counts(self, case: Any) -> None:
        truth, score = case
        ranks = np.unique(score, return_inverse=True)[1]
        assert weighted_roc_auc(truth, ranks, **ALASKA) == weighted_roc_auc(truth, score, **ALASKA)

    @pytest.mark.parametrize("truth", [[0, 0], [1, 1]])
    def test_one_class_has_no_area(self, truth: list[int]) -> None:
        with pytest.raises(UndefinedTruthError, match="all of one class"):
            weighted_roc_auc(truth, [0.1, 0.2], **ALASKA)

    def test_every_band_needs_a_weight(self) -> None:
        with pytest.raises(ValueError, match="3 limits of bands, but 1 weights"):
            weighted_roc_auc([0, 1], [0.1, 0.2], tpr_thresholds=[0, 0.4, 1], weights=[1])


class TestKlDivergence:
    @given(compared())
    def test_oracle(self, case: Any) -> None:
        truth, prob = case
        prob = np.clip(prob, 1e-6, 1.0 - 1e-6)
        assert math.isclose(
            kl_divergence(truth, prob),
            rel_entr(truth, prob).sum(axis=1).mean(),
            rel_tol=1e-9,
            abs_tol=1e-12,
        )

    @given(compared(), st.sampled_from([1e-15, 1e-6, 0.01]))
    def test_naive(self, case: Any, epsilon: float) -> None:
        rows = [
            sum(
                t * math.log(t / min(max(p, epsilon), 1 - epsilon))
                for t, p in zip(*row, strict=True)
                if t > 0
            )
            for row in zip(*case, strict=True)
        ]
        expected = sum(rows) / len(rows)
        assert math.isclose(
            kl_divergence(*case, epsilon=epsilon), expected, rel_tol=1e-9, abs_tol=1e-12
        )

    @given(compared())
    def test_gibbs_inequality(self, case: Any) -> None:
        truth, prob = case
        assert abs(kl_divergence(truth, truth)) <= 1e-12
        assert kl_divergence(truth, prob) >= -1e-12

    @given(classified())
    def test_certain_truth_makes_it_the_log_loss(self, case: Any) -> None:
        truth, prob = case
        certain = np.eye(prob.shape[1])[truth]
        assert math.isclose(kl_divergence(certain, prob), log_loss(truth, prob), rel_tol=1e-12)

    @given(compared(), st.randoms())
    def test_order_of_classes_does_not_matter(self, case: Any, random: Any) -> None:
        truth, prob = case
        places = list(range(prob.shape[1]))
        random.shuffle(places)
        moved = kl_divergence(truth[:, places], prob[:, places])
        assert math.isclose(moved, kl_divergence(truth, prob), rel_tol=1e-12, abs_tol=1e-15)

    def test_class_without_a_share_adds_nothing(self) -> None:
        assert kl_divergence([[1.0, 0.0]], [[0.5, 0.0]]) == math.log(2)
        assert kl_divergence([[1.0, 0.0]], [[0.5, 1.0]]) == math.log(2)

    def test_share_that_was_not_foreseen_is_clipped(self) -> None:
        assert math.isclose(kl_divergence([[1.0, 0.0]], [[0.0, 1.0]]), LARGEST_LOSS)

    @pytest.mark.parametrize("truth", [[[np.nan, 1.0]], [[-0.5, 1.5]], [[np.inf, 0.0]]])
    def test_truth_that_is_no_distribution(self, truth: Any) -> None:
        with pytest.raises(UndefinedMetricError):
            kl_divergence(truth, [[0.5, 0.5]])

    def test_one_missing_prediction(self) -> None:
        with pytest.raises(UndefinedMetricError):
            kl_divergence([[1.0, 0.0]], [[1.0, np.nan]])


class TestWeightedMultilabelLogLoss:
    @given(weighted(elements=st.floats(1e-6, 1.0 - 1e-6)), st.floats(0.5, 5.0))
    def test_oracle(self, case: Any, positive_weight: float) -> None:
        truth, prob, samples, weights = case
        losses = [
            sklearn_metrics.log_loss(
                truth[samples == sample],
                prob[samples == sample],
                sample_weight=(weights * np.where(truth, positive_weight, 1))[samples == sample],
                labels=[0, 1],
            )
            for sample in np.unique(samples)
        ]
        score = weighted_multilabel_log_loss(*case, positive_weight=positive_weight)
        assert math.isclose(score, np.mean(losses), rel_tol=1e-9)

    @given(weighted())
    def test_naive(self, case: Any) -> None:
        sums: dict[int, list[float]] = {}
        for y, p, sample, weight in zip(*case, strict=True):
            q = min(max(p, 1e-15), 1 - 1e-15)
            of_label = weight * (2 if y else 1)
            of_sample = sums.setdefault(sample, [0.0, 0.0])
            of_sample[0] += of_label * -math.log(q if y else 1 - q)
            of_sample[1] += of_label
        expected = sum(loss / weight for loss, weight in sums.values()) / len(sums)
        score = weighted_multilabel_log_loss(*case, positive_weight=2.0, epsilon=1e-15)
        assert math.isclose(score, expected, rel_tol=1e-9)

    @given(weighted(), st.floats(0.5, 5.0))
    def test_one_half_costs_the_logarithm_of_two(self, case: Any, positive_weight: float) -> None:
        truth, prob, samples, weights = case
        half = np.full(len(prob), 0.5)
        score = weighted_multilabel_log_loss(
            truth, half, samples, weights, positive_weight=positive_weight
        )
        assert math.isclose(score, math.log(2), rel_tol=1e-12)

    @given(weighted())
    def test_perfect_is_the_optimum(self, case: Any) -> None:
        truth, _, samples, weights = case
        score = weighted_multilabel_log_loss(truth, truth, samples, weights)
        assert math.isclose(score, EPSILON, rel_tol=1e-9)
        assert score <= weighted_multilabel_log_loss(*case) + 1e-15

    @given(weighted(), st.floats(0.1, 10.0))
    def test_unit_of_a_samples_weights_does_not_matter(self, case: Any, factor: float) -> None:
        truth, prob, samples, weights = case
        other = np.where(samples == samples[0], factor, 1.0) * weights
        scores = [weighted_multilabel_log_loss(truth, prob, samples, w) for w in (weights, other)]
        assert math.isclose(*scores, rel_tol=1e-9)

    @given(weighted())
    def test_names_of_samples_do_not_matter(self, case: Any) -> None:
        truth, prob, samples, weights = case
        named = [("study", int(sample)) for sample in samples]
        scores = [weighted_multilabel_log_loss(truth, prob, s, weights) for s in (samples, named)]
        assert math.isclose(*scores, rel_tol=1e-12)

    @given(PROBABLE)
    def test_label_alone_makes_it_the_log_loss(self, case: Any) -> None:
        truth, prob = case
        prob = np.clip(prob, 1e-9, 1.0 - 1e-9)
        ones = np.ones(len(prob))
        score = weighted_multilabel_log_loss(truth, prob, np.arange(len(prob)), ones)
        assert math.isclose(score, log_loss(truth, prob), rel_tol=1e-9)

    def test_certain_probabilities_are_clipped_before_the_complement(self) -> None:
        alarm = weighted_multilabel_log_loss([0], [1.0], ["a"], [1.0], epsilon=1e-15)
        miss = weighted_multilabel_log_loss([1], [0.0], ["a"], [1.0], epsilon=1e-15)
        assert math.isclose(alarm, 34.5396, abs_tol=1e-4)
        assert math.isclose(miss, 34.5388, abs_tol=1e-4)

    def test_weights_are_one_a_label_and_do_not_vanish(self) -> None:
        for weights in (1.0, [1.0]):
            with pytest.raises(ValueError, match="weights"):
                weighted_multilabel_log_loss([1, 0], [0.5, 0.5], "ab", weights)
        with pytest.raises(ValueError, match="samples"):
            weighted_multilabel_log_loss([1, 0], [0.5, 0.5], "abc", [1.0, 1.0])
        with pytest.raises(UndefinedMetricError):
            weighted_multilabel_log_loss([1, 0], [0.5, 0.5], "ab", [0.0, 1.0])
        with pytest.raises(UndefinedMetricError):
            weighted_multilabel_log_loss([1, 0], [0.0, 0.5], "ab", [1.0, 1.0], epsilon=0.0)


class TestProbabilisticF1:
    @given(ranked(elements=st.sampled_from([0.0, 1.0])))
    def test_oracle_of_decisions(self, case: Any) -> None:
        expected = sklearn_metrics.f1_score(*case, zero_division=0.0)
        assert math.isclose(probabilistic_f1(*case), expected, rel_tol=1e-12)

    @given(ranked(elements=FEW | st.floats(-1.0, 2.0)))
    def test_naive(self, case: Any) -> None:
        right = wrong = positives = 0.0
        for y, p in zip(*case, strict=True):
            fraction = min(max(p, 0.0), 1.0)
            positives += y
            right, wrong = (right + fraction, wrong) if y else (right, wrong + fraction)
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / positives
        expected = 2 * precision * recall / (precision + recall) if precision * recall else 0.0
        assert math.isclose(probabilistic_f1(*case), expected, rel_tol=1e-9, abs_tol=1e-12)

    @given(PROBABLE)
    def test_perfect_and_empty(self, case: Any) -> None:
        truth, prob = case
        assert probabilistic_f1(truth, truth) == 1.0
        assert probabilistic_f1(truth, 0.0 * prob) == 0.0
        assert probabilistic_f1(truth, 1 - truth) == 0.0

    @given(PROBABLE, st.data())
    def test_more_where_it_belongs_is_never_worse(self, case: Any, data: st.DataObject) -> None:
        truth, prob = case
        at = data.draw(st.integers(0, len(prob) - 1))
        better = prob.copy()
        better[at] = truth[at]
        assert probabilistic_f1(truth, better) >= probabilistic_f1(truth, prob) - 1e-12

    @given(ranked(elements=FINITE))
    def test_predictions_are_clipped(self, case: Any) -> None:
        truth, prob = case
        assert probabilistic_f1(truth, prob) == probabilistic_f1(truth, np.clip(prob, 0.0, 1.0))

    @given(PROBABLE)
    def test_no_positive_row(self, case: Any) -> None:
        truth, prob = case
        with pytest.raises(UndefinedTruthError, match="positive"):
            probabilistic_f1(0 * truth, prob)


@pytest.mark.parametrize(
    ("limits", "weights"),
    [
        ((1.0, 0.4, 0.0), (1.0, 1.0)),
        ((0.0, 0.4, 0.8), (1.0, 1.0)),
        ((0.2, 0.4, 1.0), (1.0, 1.0)),
        ((0.0, 1.4, 2.0), (1.0, 1.0)),
        ((0.0, math.nan, 1.0), (1.0, 1.0)),
        ((0.0,), ()),
        ((), ()),
        ((0.0, 0.4, 1.0), (0.0, 0.0)),
        ((0.0, 0.4, 1.0), (2.0, -1.0)),
        ((0.0, 0.0, 1.0), (1.0, 0.0)),
    ],
)
def test_bands_that_are_none(limits: Any, weights: Any) -> None:
    with pytest.raises(ValueError, match="bands"):
        weighted_roc_auc([0, 1, 0, 1], [1, 2, 3, 4], tpr_thresholds=limits, weights=weights)


def test_a_divergence_too_large_for_a_double() -> None:
    with pytest.raises(UndefinedMetricError):
        kl_divergence([[1e308, 1.0]], [[0.0, 1.0]])


@given(classified())
def test_log_loss_is_not_worse_than_the_worst(case: Any) -> None:
    truth, prob = case
    assert math.isclose(metric_info(log_loss).worst, LARGEST_LOSS, rel_tol=1e-15)
    assert log_loss(truth, prob) <= LARGEST_LOSS * (1.0 + 1e-12)
