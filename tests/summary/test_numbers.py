"""Means, errors, intervals, pass@k, tests: against oracles, by law."""

from __future__ import annotations

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mlegrade.summary import (
    best_of_k,
    bootstrap,
    bootstrap_mean,
    correlation,
    mcnemar,
    pass_at_k,
    permutation,
    standard_error,
)

numbers = st.floats(-1e3, 1e3).map(lambda value: round(value, 3))


@given(st.lists(numbers, min_size=2, max_size=30))
def test_standard_error_is_that_of_scipy(values: list[float]) -> None:
    expected = stats.sem(values, ddof=1)
    assert standard_error(np.array(values)) == pytest.approx(expected, abs=1e-9, rel=1e-9)


def test_one_value_has_no_error() -> None:
    assert standard_error(np.array([0.5])) is None
    assert standard_error(np.array([0.1 + 0.2, 0.3])) == 0.0
    assert bootstrap_mean(np.array([0.5])) is None


def test_a_statistic_without_a_value_has_no_interval() -> None:
    assert bootstrap(3, lambda drawn: np.full(len(drawn), np.nan), resamples=10) is None


@given(st.lists(numbers, min_size=2, max_size=30))
@settings(max_examples=20)
def test_the_bootstrap_is_the_same_every_time_and_inside(values: list[float]) -> None:
    found = bootstrap_mean(np.array(values), resamples=500)
    assert found == bootstrap_mean(np.array(values), resamples=500)
    assert found is not None
    assert min(values) - 1e-9 <= found[0] <= found[1] <= max(values) + 1e-9


def test_the_bootstrap_is_that_of_scipy() -> None:
    values = np.random.default_rng(5).random(40)
    found = bootstrap_mean(values)
    other = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", random_state=1
    ).confidence_interval
    assert found == pytest.approx((other.low, other.high), abs=0.005)


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), st.data())
def test_pass_at_k_counts_all_subsets(given_: tuple[int, int], data: st.DataObject) -> None:
    n, passed = given_
    k = data.draw(st.integers(1, n))
    subsets = list(combinations([True] * passed + [False] * (n - passed), k))
    expected = sum(map(any, subsets)) / len(subsets)
    assert pass_at_k(n, passed, k) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("n", "passed", "k"), [(3, 1, 4), (3, 1, 0), (3, 4, 1), (0, 0, 1)])
def test_pass_at_k_refuses_what_cannot_be(n: int, passed: int, k: int) -> None:
    with pytest.raises(ValueError, match="attempts"):
        pass_at_k(n, passed, k)


def test_pass_at_k_holds_for_many_attempts() -> None:
    assert pass_at_k(10_000, 1, 5_000) == pytest.approx(0.5)


@given(st.lists(st.none() | numbers, min_size=1, max_size=8), st.booleans(), st.data())
def test_best_of_k_is_the_mean_of_all_choices(
    scores: list[float | None], higher: bool, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(scores)))
    pick = max if higher else min
    best = [
        pick(score for score in chosen if score is not None)
        for chosen in combinations(scores, k)
        if any(score is not None for score in chosen)
    ]
    found = best_of_k(scores, k, higher_is_better=higher)
    assert found.valid == pytest.approx(len(best) / comb(len(scores), k))
    if best:
        assert found.score == pytest.approx(np.mean(best), abs=1e-9)
    else:
        assert found.score is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test(first: int, second: int) -> None:
    found = mcnemar(first, second)
    if first + second:
        expected = stats.binomtest(first, first + second, 0.5).pvalue
        assert found == pytest.approx(expected, rel=1e-9)
    else:
        assert found == 1.0


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=8))
def test_the_permutation_test_tries_all_signs(values: list[int]) -> None:
    sums = [
        abs(sum(sign * value for sign, value in zip(signs, values, strict=True)))
        for signs in product((1, -1), repeat=len(values))
    ]
    expected = np.mean([total >= abs(sum(values)) for total in sums])
    assert permutation(np.array(values, dtype=float)) == pytest.approx(expected)


def test_the_permutation_test_is_that_of_scipy() -> None:
    values = np.random.default_rng(0).normal(0.3, 1, 40)
    # Two samples that are paired: swapping a pair turns the sign of its difference.
    other = stats.permutation_test(
        (values, np.zeros(40)),
        lambda a, b, axis=-1: np.mean(a - b, axis=axis),
        vectorized=True,
        permutation_type="samples",
        n_resamples=20_000,
    )
    assert permutation(values) == pytest.approx(other.pvalue, abs=0.02)
    assert permutation(values) == permutation(values)


@given(st.lists(st.tuples(numbers, numbers), min_size=4, max_size=20))
def test_correlations_are_those_of_scipy(points: list[tuple[float, float]]) -> None:
    x, y = np.array(points).T
    found = correlation(x, y)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert found is None
        return
    assert found is not None
    expected = stats.pearsonr(x, y)
    assert found.pearson == pytest.approx(expected.statistic, abs=1e-6)
    if abs(found.pearson) < 0.999999:
        interval = expected.confidence_interval()
        assert found.interval == pytest.approx((interval.low, interval.high), abs=1e-5)
    assert found.spearman == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-6)


def test_few_points_have_no_correlation() -> None:
    assert correlation(np.arange(3.0), np.arange(3.0)) is None
    perfect = correlation(np.arange(5.0), np.arange(5.0))
    assert perfect is not None
    assert perfect.interval == pytest.approx((1.0, 1.0))
