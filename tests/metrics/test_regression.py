"""Metrics on quantities: against scikit-learn, SciPy and plain loops, and the laws they obey."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from sklearn import metrics as sklearn_metrics

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics import (
    group_mean_log_mae,
    laplace_log_likelihood,
    mean_absolute_error,
    metric_info,
    regression,
    root_mean_squared_error,
    root_mean_squared_log_error,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

VALUES = st.sampled_from([0.0, 1.0, 2.5, -3.0]) | st.floats(-1e6, 1e6)
ABOVE = st.sampled_from([0.0, 1.0, -0.5]) | st.floats(-0.99, 1e6)
SIZES = st.integers(1, 12)
GROUPS = st.sampled_from(["1JHC", "2JHH", 3])


def close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


@st.composite
def pairs(
    draw: st.DrawFn, elements: st.SearchStrategy[float] = VALUES, columns: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw truth and prediction of one shape."""
    size = draw(SIZES)
    shape = (size, columns) if columns else size
    one = arrays(np.float64, shape, elements=elements)
    return draw(one), draw(one)


@st.composite
def grouped(draw: st.DrawFn) -> tuple[NDArray[Any], ...]:
    """Draw truth, prediction and groups; no error is 0 exactly, which has no logarithm."""
    truth, predicted = draw(pairs())
    groups = np.array(draw(st.lists(GROUPS, min_size=len(truth), max_size=len(truth))), object)
    return truth, predicted + (predicted == truth), groups


@st.composite
def with_sigma(draw: st.DrawFn) -> tuple[NDArray[np.float64], ...]:
    """Draw truth, prediction and standard deviation."""
    truth, predicted = draw(pairs())
    sigma = arrays(np.float64, len(truth), elements=st.floats(-100.0, 1e4))
    return truth, predicted, draw(sigma)


MEMBERS: dict[str, Any] = {
    "group_mean_log_mae": grouped(),
    "laplace_log_likelihood": with_sigma(),
    "mean_absolute_error": pairs(),
    "root_mean_squared_error": pairs(columns=2),
    "root_mean_squared_log_error": pairs(ABOVE),
}
every_metric = pytest.mark.parametrize("name", MEMBERS)


def call(name: str, values: tuple[Any, ...]) -> float:
    return getattr(regression, name)(*values)


class TestLawsOfAll:
    """What holds for every metric of the module."""

    def test_none_is_forgotten(self) -> None:
        assert set(MEMBERS) == set(regression.__all__)

    @every_metric
    @given(data=st.data())
    def test_score_is_a_float_in_the_stated_range(self, name: str, data: st.DataObject) -> None:
        score = call(name, data.draw(MEMBERS[name]))
        info = metric_info(getattr(regression, name))
        low, high = sorted([info.optimum, info.worst])
        assert type(score) is float
        assert low - 1e-12 <= score <= high + 1e-12

    @every_metric
    @given(data=st.data())
    def test_order_of_rows_does_not_matter(self, name: str, data: st.DataObject) -> None:
        values = data.draw(MEMBERS[name])
        order = data.draw(st.permutations(range(len(values[0]))))
        assert close(call(name, tuple(v[order] for v in values)), call(name, values))

    @every_metric
    @given(data=st.data())
    def test_every_row_twice_gives_the_same(self, name: str, data: st.DataObject) -> None:
        values = data.draw(MEMBERS[name])
        assert close(call(name, tuple(np.concatenate([v, v]) for v in values)), call(name, values))

    @every_metric
    @given(data=st.data())
    def test_lists_and_floats_of_other_kinds_do_as_well(
        self, name: str, data: st.DataObject
    ) -> None:
        values = data.draw(MEMBERS[name])
        assert call(name, tuple(v.tolist() for v in values)) == call(name, values)

    @every_metric
    @given(data=st.data())
    def test_perfect_is_the_optimum(self, name: str, data: st.DataObject) -> None:
        truth, _, *others = data.draw(MEMBERS[name])
        others = [v if v.dtype == object else np.zeros(len(v)) for v in others]
        optimum = metric_info(getattr(regression, name)).optimum
        assert math.isclose(call(name, (truth, truth, *others)), optimum, rel_tol=1e-12)

    @every_metric
    @given(data=st.data())
    def test_better_in_every_row_is_no_worse(self, name: str, data: st.DataObject) -> None:
        truth, predicted, *others = data.draw(MEMBERS[name])
        halfway = call(name, (truth, (truth + predicted) / 2, *others))
        score = call(name, (truth, predicted, *others))
        higher = metric_info(getattr(regression, name)).higher_is_better
        assert halfway >= score - 1e-9 if higher else halfway <= score + 1e-9

    @every_metric
    def test_nothing_to_compare(self, name: str) -> None:
        with pytest.raises(UndefinedMetricError):
            call(name, tuple([np.zeros(0)] * (2 if "squared" in name or "abs" in name else 3)))

    @every_metric
    @given(data=st.data())
    def test_unlike_lengths_are_the_callers_mistake(self, name: str, data: st.DataObject) -> None:
        truth, predicted, *others = data.draw(MEMBERS[name])
        with pytest.raises(ValueError, match="but"):
            call(name, (truth, predicted[:-1], *others))

    @every_metric
    @pytest.mark.parametrize("value", [np.nan, np.inf])
    @given(data=st.data())
    def test_what_is_no_number_has_no_score(
        self, name: str, value: float, data: st.DataObject
    ) -> None:
        truth, predicted, *others = data.draw(MEMBERS[name])
        if name == "laplace_log_likelihood":
            others, predicted = [np.full(len(truth), value)], truth
        else:
            predicted = np.full_like(truth, value)
        with pytest.raises(UndefinedMetricError):
            call(name, (truth, predicted, *others))


class TestMeanAbsoluteError:
    @given(pairs() | pairs(columns=3))
    def test_oracle(self, case: Any) -> None:
        assert close(mean_absolute_error(*case), sklearn_metrics.mean_absolute_error(*case))

    @given(pairs())
    def test_symmetry(self, case: Any) -> None:
        truth, predicted = case
        assert mean_absolute_error(truth, predicted) == mean_absolute_error(predicted, truth)

    @given(pairs(st.integers(-1000, 1000)), st.integers(-1000, 1000), st.sampled_from([-2.0, 4.0]))
    def test_shift_and_scale(self, case: Any, shift: int, scale: float) -> None:
        truth, predicted = case
        moved = mean_absolute_error(scale * truth + shift, scale * predicted + shift)
        assert moved == abs(scale) * mean_absolute_error(truth, predicted)

    def test_errors_that_add_up_to_infinity(self) -> None:
        with pytest.raises(UndefinedMetricError, match="too large"):
            mean_absolute_error([0.0, 0.0], [1.5e308, 1.5e308])


class TestRootMeanSquaredError:
    @given(pairs() | pairs(columns=3))
    def test_oracle(self, case: Any) -> None:
        truth, predicted = case
        squares = sklearn_metrics.mean_squared_error(truth, predicted, multioutput="raw_values")
        assert close(root_mean_squared_error(truth, predicted), np.sqrt(squares).mean())

    @given(pairs())
    def test_naive(self, case: Any) -> None:
        squares = [(t - p) ** 2 for t, p in zip(*case, strict=True)]
        assert close(root_mean_squared_error(*case), math.sqrt(math.fsum(squares) / len(squares)))

    @given(pairs())
    def test_not_below_the_mean_absolute_error(self, case: Any) -> None:
        # Squares of less than 1e-150 vanish.
        assert root_mean_squared_error(*case) >= mean_absolute_error(*case) * (1 - 1e-12) - 1e-150

    def test_absurd_is_fine_as_long_as_squares_fit(self) -> None:
        assert math.isclose(root_mean_squared_error([0.0], [1e154]), 1e154)
        for predicted in ([1e155], [1e154, 1e154]):
            with pytest.raises(UndefinedMetricError, match="too large"):
                root_mean_squared_error(np.zeros(len(predicted)), np.multiply(predicted, 1.2))


class TestRootMeanSquaredLogError:
    @given(pairs(st.floats(0.0, 1e6)))
    def test_oracle(self, case: Any) -> None:
        expected = math.sqrt(sklearn_metrics.mean_squared_log_error(*case))
        assert close(root_mean_squared_log_error(*case), expected)

    @given(pairs(ABOVE) | pairs(ABOVE, columns=2))
    def test_error_of_logarithms(self, case: Any) -> None:
        logs = map(np.log1p, case)
        assert root_mean_squared_log_error(*case) == root_mean_squared_error(*logs)

    @pytest.mark.parametrize("value", [-1.0, -2.0, -np.inf, np.nan])
    def test_whose_fault_it_is(self, value: float) -> None:
        with pytest.raises(UndefinedTruthError, match="above -1"):
            root_mean_squared_log_error([value], [0.0])
        with pytest.raises(UndefinedMetricError, match="above -1") as caught:
            root_mean_squared_log_error([0.0], [value])
        assert type(caught.value) is UndefinedMetricError


class TestGroupMeanLogMae:
    @given(grouped(), st.sampled_from([0.0, 1e-9, 2.0]))
    def test_naive(self, case: Any, floor: float) -> None:
        truth, predicted, groups = case
        logs = []
        for group in set(groups):
            rows = [row for row, name in enumerate(groups) if name == group]
            error = sum(abs(truth[row] - predicted[row]) for row in rows) / len(rows)
            logs.append(math.log(max(error, floor)))
        expected = sum(logs) / len(logs)
        assert close(group_mean_log_mae(truth, predicted, groups, floor=floor), expected)

    @given(grouped())
    def test_one_group_is_the_log_of_its_error(self, case: Any) -> None:
        truth, predicted, _ = case
        score = group_mean_log_mae(truth, predicted, ["all"] * len(truth))
        assert close(score, math.log(mean_absolute_error(truth, predicted)))

    def test_a_group_without_error(self) -> None:
        truth, predicted, groups = [1.0, 2.0], [1.0, 3.0], ["a", "b"]
        assert group_mean_log_mae(truth, predicted, groups) == -math.inf
        assert group_mean_log_mae(truth, truth, groups, floor=1e-9) == math.log(1e-9)

    @pytest.mark.parametrize("floor", [-1.0, math.nan, math.inf])
    def test_a_floor_that_is_none(self, floor: float) -> None:
        with pytest.raises(ValueError, match="floor"):
            group_mean_log_mae([1.0], [2.0], ["a"], floor=floor)


class TestLaplaceLogLikelihood:
    @given(pairs(st.floats(-300.0, 300.0)), st.data())
    def test_oracle(self, case: Any, data: st.DataObject) -> None:
        truth, predicted = case
        sigma = data.draw(arrays(np.float64, len(truth), elements=st.floats(2.0, 1e3)))
        # The standard deviation of Laplace's distribution is the root of 2 times its scale.
        density = stats.laplace.logpdf(truth, loc=predicted, scale=sigma / math.sqrt(2.0))
        score = laplace_log_likelihood(
            truth, predicted, sigma, least_sigma=1e-9, largest_error=math.inf
        )
        assert close(score, density.mean())

    @given(with_sigma())
    def test_naive(self, case: Any) -> None:
        values = []
        for truth, predicted, sigma in zip(*case, strict=True):
            believed = max(sigma, 70.0)
            error = min(abs(truth - predicted), 1000.0)
            values.append(-math.sqrt(2) * error / believed - math.log(math.sqrt(2) * believed))
        assert close(laplace_log_likelihood(*case), sum(values) / len(values))

    @given(with_sigma())
    def test_bounds_of_deviation_and_error(self, case: Any) -> None:
        truth, predicted, sigma = case
        bounded = laplace_log_likelihood(truth, predicted, np.maximum(sigma, 70.0))
        assert laplace_log_likelihood(truth, predicted, sigma) == bounded
        far = laplace_log_likelihood(truth, truth + 1000.0, sigma)
        assert laplace_log_likelihood(truth, truth - 1e300, sigma) == far

    def test_a_deviation_too_large_for_its_logarithm(self) -> None:
        assert laplace_log_likelihood([0.0], [0.0], [1.2e308]) < -709
        with pytest.raises(UndefinedMetricError):
            laplace_log_likelihood([0.0], [0.0], [1.5e308])

    @pytest.mark.parametrize(
        "options",
        [{"least_sigma": 0.0}, {"least_sigma": math.nan}, {"largest_error": -1.0}],
    )
    def test_bounds_that_are_none(self, options: dict[str, float]) -> None:
        with pytest.raises(ValueError, match="has to be"):
            laplace_log_likelihood([1.0], [2.0], [0.0], **options)

    def test_each_row_has_a_deviation(self) -> None:
        with pytest.raises(ValueError, match="sigma"):
            laplace_log_likelihood([1.0, 2.0], [1.0, 2.0], 100.0)
