"""Correlations: against SciPy, scikit-learn and plain loops, and the laws they obey."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from sklearn import metrics as sklearn_metrics

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics import (
    correlation,
    matthews_corrcoef,
    metric_info,
    pearson_correlation,
    spearman_correlation,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
VALUES = FEW | st.integers(-999, 999).map(lambda value: value / 8)
SCALES = st.sampled_from([1e-300, 1e-200, 1e-9, 3.0, 1e9, 1e200, 1e300])


@st.composite
def varying(draw: st.DrawFn, shape: int | tuple[int, int]) -> NDArray[np.float64]:
    """Draw values, no column of which is all the same."""
    values = draw(arrays(np.float64, shape, elements=VALUES))
    values[0] = values[1:].max(axis=0) + 1.0
    return values


@st.composite
def pairs(draw: st.DrawFn, columns: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw truth and prediction of one shape."""
    size = draw(st.integers(2, 12))
    shape = (size, columns) if columns else size
    order = draw(st.permutations(range(size)))
    return draw(varying(shape)), draw(varying(shape))[list(order)]


@st.composite
def binary(draw: st.DrawFn) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Draw two binary classifications, perhaps of one class only."""
    size = draw(st.integers(1, 20))
    one = arrays(np.bool_, size)
    return draw(one), draw(one)


def close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


MEMBERS = {
    "matthews_corrcoef": binary(),
    "pearson_correlation": pairs(),
    "spearman_correlation": pairs(),
}
RANKED = ("pearson_correlation", "spearman_correlation")
every_metric = pytest.mark.parametrize("name", MEMBERS)
of_quantities = pytest.mark.parametrize("name", RANKED)


def call(name: str, *values: Any) -> float:
    return getattr(correlation, name)(*values)


class TestLawsOfAll:
    """What holds for every metric of the module."""

    def test_none_is_forgotten(self) -> None:
        assert set(MEMBERS) == set(correlation.__all__)
        for name in MEMBERS:
            info = metric_info(getattr(correlation, name))
            assert (info.higher_is_better, info.optimum, info.worst) == (True, 1.0, -1.0)

    @every_metric
    @given(data=st.data())
    def test_symmetric_and_in_range(self, name: str, data: st.DataObject) -> None:
        truth, predicted = data.draw(MEMBERS[name])
        score = call(name, truth, predicted)
        assert type(score) is float
        assert -1.0 <= score <= 1.0
        assert close(call(name, predicted, truth), score)

    @every_metric
    @given(data=st.data())
    def test_order_of_rows_does_not_matter(self, name: str, data: st.DataObject) -> None:
        truth, predicted = data.draw(MEMBERS[name])
        order = list(data.draw(st.permutations(range(len(truth)))))
        assert close(call(name, truth[order], predicted[order]), call(name, truth, predicted))

    @every_metric
    @given(data=st.data())
    def test_lists_do_as_well_as_arrays(self, name: str, data: st.DataObject) -> None:
        truth, predicted = data.draw(MEMBERS[name])
        assert call(name, truth.tolist(), predicted.tolist()) == call(name, truth, predicted)

    @every_metric
    @given(data=st.data())
    def test_perfect_and_opposite(self, name: str, data: st.DataObject) -> None:
        truth, _ = data.draw(MEMBERS[name])
        assume(len(np.unique(truth)) > 1)
        opposite = ~truth if truth.dtype == np.bool_ else -truth
        assert math.isclose(call(name, truth, truth), 1.0, rel_tol=1e-15)
        assert math.isclose(call(name, truth, opposite), -1.0, rel_tol=1e-15)

    @every_metric
    def test_nothing_to_compare(self, name: str) -> None:
        with pytest.raises(UndefinedMetricError):
            call(name, np.zeros(0), np.zeros(0))

    @every_metric
    @given(data=st.data())
    def test_unlike_lengths_are_the_callers_mistake(self, name: str, data: st.DataObject) -> None:
        truth, predicted = data.draw(MEMBERS[name])
        with pytest.raises(ValueError, match=r"but|broadcast"):
            call(name, np.append(truth, truth), predicted)


class TestQuantities:
    """Pearson's and Spearman's correlation."""

    @of_quantities
    @given(pairs())
    def test_oracle(self, name: str, case: Any) -> None:
        oracle = {"pearson_correlation": stats.pearsonr, "spearman_correlation": stats.spearmanr}
        assert close(call(name, *case), oracle[name](*case).statistic)

    @of_quantities
    @given(pairs(columns=3))
    def test_columns_are_averaged(self, name: str, case: Any) -> None:
        single = [call(name, *columns) for columns in zip(case[0].T, case[1].T, strict=True)]
        assert close(call(name, *case), sum(single) / 3)

    @of_quantities
    @given(pairs(), SCALES)
    def test_scale_does_not_matter(self, name: str, case: Any, scale: float) -> None:
        truth, predicted = case
        score = call(name, truth, predicted)
        assert close(call(name, truth, scale * predicted), score)
        assert close(call(name, scale * truth, predicted), score)
        assert close(call(name, truth, -scale * predicted), -score)

    @of_quantities
    @given(pairs(), st.sampled_from([-1e6, 1.0, 1e6]))
    def test_offset_does_not_matter(self, name: str, case: Any, offset: float) -> None:
        truth, predicted = case
        assert close(call(name, truth, predicted + offset), call(name, truth, predicted))

    @of_quantities
    @pytest.mark.parametrize("value", [0.0, 0.1, 1e308, 5e-324])
    def test_constant_values_have_none(self, name: str, value: float) -> None:
        constant, varied = np.full(5, value), np.arange(5.0)
        with pytest.raises(UndefinedMetricError, match="all equal") as caught:
            call(name, varied, constant)
        assert type(caught.value) is UndefinedMetricError
        with pytest.raises(UndefinedTruthError, match="all equal"):
            call(name, constant, varied)
        with pytest.raises(UndefinedMetricError):
            call(name, [1.0], [2.0])

    @of_quantities
    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_what_is_no_number_has_none(self, name: str, value: float) -> None:
        with pytest.raises(UndefinedMetricError, match="not a finite number") as caught:
            call(name, [1.0, 2.0], [1.0, value])
        assert type(caught.value) is UndefinedMetricError
        with pytest.raises(UndefinedTruthError, match="not a finite number"):
            call(name, [1.0, value], [1.0, 2.0])

    def test_nothing_overflows_or_vanishes_on_the_way(self) -> None:
        largest = np.finfo(np.float64).max
        assert pearson_correlation([0.0, 1.0, 1.0], [-largest, largest, largest]) == 1.0
        assert pearson_correlation([0.0, 1.0, 1.0], [0.0, 5e-324, 5e-324]) == 1.0

    @given(pairs())
    def test_only_the_order_counts_for_spearman(self, case: Any) -> None:
        truth, predicted = case
        ranks = np.unique(predicted, return_inverse=True)[1]
        assert close(spearman_correlation(truth, ranks**3.0), spearman_correlation(*case))

    @given(varying(12))
    def test_ranks(self, values: NDArray[np.float64]) -> None:
        assert (correlation._ranks(values) + 1).tolist() == stats.rankdata(values).tolist()


class TestMatthews:
    @pytest.mark.filterwarnings("ignore:A single label was found")
    @given(binary())
    def test_oracle(self, case: Any) -> None:
        assert close(matthews_corrcoef(*case), sklearn_metrics.matthews_corrcoef(*case))

    @given(binary())
    def test_pearson_of_zeros_and_ones(self, case: Any) -> None:
        truth, predicted = case
        if truth.all() or predicted.all() or not truth.any() or not predicted.any():
            assert matthews_corrcoef(truth, predicted) == 0.0
        else:
            assert close(matthews_corrcoef(truth, predicted), pearson_correlation(*case))

    @given(binary())
    def test_naming_of_classes(self, case: Any) -> None:
        truth, predicted = case
        assert matthews_corrcoef(~truth, ~predicted) == matthews_corrcoef(truth, predicted)
        assert matthews_corrcoef(truth, ~predicted) == -matthews_corrcoef(truth, predicted)
        numbers = truth.astype(float), predicted.astype(int)
        assert matthews_corrcoef(*numbers) == matthews_corrcoef(*case)

    @pytest.mark.parametrize("other", [2, -1, 0.5, math.nan])
    def test_whose_fault_another_class_is(self, other: float) -> None:
        with pytest.raises(UndefinedTruthError, match="neither"):
            matthews_corrcoef([1, other], [1, 0])
        with pytest.raises(UndefinedMetricError, match="neither") as caught:
            matthews_corrcoef([1, 0], [1, other])
        assert not isinstance(caught.value, UndefinedTruthError)

    def test_products_of_counts_beyond_64_bits(self) -> None:
        truth = np.arange(400_000) % 2
        predicted = np.where(np.arange(400_000) < 100_000, 1 - truth, truth)
        assert matthews_corrcoef(truth, predicted) == 0.5
