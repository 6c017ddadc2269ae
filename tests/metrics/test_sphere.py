"""Directions and places on the globe: against vectors and plain loops, and the laws they obey."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics.pairwise import haversine_distances

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics import haversine_quantile_error, mean_angular_error, metric_info, sphere

if TYPE_CHECKING:
    from numpy.typing import NDArray

ANGLES = st.sampled_from([0.0, math.pi / 2, math.pi, -1.0]) | st.floats(-20.0, 20.0)
DEGREES = st.sampled_from([0.0, 90.0, -90.0, 180.0]) | st.floats(-90.0, 90.0)
TRIPS = st.sampled_from(["a", "b", "c"])


@st.composite
def directions(draw: st.DrawFn) -> tuple[NDArray[np.float64], ...]:
    """Draw true and predicted directions."""
    one = arrays(np.float64, (draw(st.integers(1, 10)), 2), elements=ANGLES)
    return draw(one), draw(one)


@st.composite
def places(draw: st.DrawFn) -> tuple[NDArray[Any], ...]:
    """Draw true and predicted places, and the trip of each."""
    size = draw(st.integers(1, 12))
    one = arrays(np.float64, (size, 2), elements=DEGREES)
    trips = draw(st.lists(TRIPS, min_size=size, max_size=size))
    return draw(one), draw(one), np.array(trips, object)


MEMBERS: dict[str, Any] = {"haversine_quantile_error": places(), "mean_angular_error": directions()}
# How much of a distance near zero or near the antipodes is due to rounding.
TOLERANCE = {"haversine_quantile_error": 1.0, "mean_angular_error": 1e-7}
every_metric = pytest.mark.parametrize("name", MEMBERS)


def call(name: str, values: tuple[Any, ...], **options: Any) -> float:
    return getattr(sphere, name)(*values, **options)


class TestLawsOfAll:
    """What holds for every metric of the module."""

    def test_none_is_forgotten(self) -> None:
        assert set(MEMBERS) == set(sphere.__all__)

    @every_metric
    @given(data=st.data())
    def test_score_is_a_float_in_the_stated_range(self, name: str, data: st.DataObject) -> None:
        score = call(name, data.draw(MEMBERS[name]))
        info = metric_info(getattr(sphere, name))
        assert type(score) is float
        assert not info.higher_is_better
        assert info.optimum <= score <= info.worst

    @every_metric
    @given(data=st.data())
    def test_order_of_rows_does_not_matter(self, name: str, data: st.DataObject) -> None:
        values = data.draw(MEMBERS[name])
        order = list(data.draw(st.permutations(range(len(values[0])))))
        moved = call(name, tuple(value[order] for value in values))
        assert math.isclose(moved, call(name, values), rel_tol=1e-12, abs_tol=1e-12)

    @every_metric
    @given(data=st.data())
    def test_symmetric_and_perfect(self, name: str, data: st.DataObject) -> None:
        truth, predicted, *others = data.draw(MEMBERS[name])
        score = call(name, (truth, predicted, *others))
        assert math.isclose(call(name, (predicted, truth, *others)), score, abs_tol=1e-9)
        assert call(name, (truth, truth, *others)) <= 1e-7

    @every_metric
    @given(data=st.data())
    def test_a_full_turn_changes_nothing(self, name: str, data: st.DataObject) -> None:
        truth, predicted, *others = data.draw(MEMBERS[name])
        turn = np.array([0.0, 360.0]) if name.startswith("hav") else np.array([2 * math.pi, 0.0])
        turned = call(name, (truth, predicted + turn, *others))
        score = call(name, (truth, predicted, *others))
        assert math.isclose(turned, score, rel_tol=1e-6, abs_tol=TOLERANCE[name])

    @every_metric
    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_what_is_no_number_has_no_score(self, name: str, value: float) -> None:
        values = np.zeros((2, 2)), np.array([[0.0, 0.0], [value, 0.0]]), ["a", "a"]
        with pytest.raises(UndefinedMetricError):
            call(name, values[: 3 if name.startswith("hav") else 2])

    @every_metric
    def test_nothing_to_compare_and_unlike_lengths(self, name: str) -> None:
        others = ([],) if name.startswith("hav") else ()
        with pytest.raises(UndefinedMetricError):
            call(name, (np.zeros((0, 2)), np.zeros((0, 2)), *others))
        with pytest.raises(ValueError, match="but"):
            call(name, (np.zeros((1, 2)), np.zeros((2, 2)), *others))


def unit_vectors(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    azimuth, zenith = angles.T
    around = np.sin(zenith)
    return np.stack([np.cos(azimuth) * around, np.sin(azimuth) * around, np.cos(zenith)], axis=1)


class TestMeanAngularError:
    @given(directions())
    def test_angle_between_vectors(self, case: Any) -> None:
        a, b = map(unit_vectors, case)
        # The arc tangent has full precision everywhere; the arc cosine has not.
        sines = np.linalg.norm(np.cross(a, b), axis=1)
        expected = np.arctan2(sines, (a * b).sum(axis=1)).mean()
        assert math.isclose(mean_angular_error(*case), expected, rel_tol=1e-9, abs_tol=5e-8)

    @given(directions())
    def test_the_formula_to_the_last_digit(self, case: Any) -> None:
        total = 0.0
        for (az1, ze1), (az2, ze2) in zip(*case, strict=True):
            cosine = np.sin(ze1) * np.sin(ze2) * (
                np.cos(az1) * np.cos(az2) + np.sin(az1) * np.sin(az2)
            ) + np.cos(ze1) * np.cos(ze2)
            total += np.arccos(np.clip(cosine, -1.0, 1.0))
        assert math.isclose(mean_angular_error(*case), total / len(case[0]), rel_tol=1e-12)

    @given(directions())
    def test_opposite_directions(self, case: Any) -> None:
        truth, _ = case
        opposite = np.array([0.0, math.pi]) + truth * [1.0, -1.0] + [math.pi, 0.0]
        assert math.isclose(mean_angular_error(truth, opposite), math.pi, abs_tol=1e-7)

    @given(st.floats(0.0, 6.0), st.floats(0.0, 6.0))
    def test_at_a_pole_all_azimuths_meet(self, one: float, other: float) -> None:
        assert mean_angular_error([[one, 0.0]], [[other, 0.0]]) <= 1e-7

    def test_batches_do_not_show(self, monkeypatch: pytest.MonkeyPatch) -> None:
        angles = np.random.default_rng(0).uniform(0, 6, (2, 100, 2))
        whole = mean_angular_error(*angles)
        monkeypatch.setattr(sphere, "_ROWS_AT_ONCE", 7)
        assert math.isclose(mean_angular_error(*angles), whole, rel_tol=1e-14)

    def test_equal_directions_are_near_each_other(self) -> None:
        directions = np.random.default_rng(0).uniform(-10, 10, (10_000, 2))
        angles = [mean_angular_error([one], [one]) for one in directions]
        assert max(angles) <= 3e-8

    @pytest.mark.parametrize("metric", [mean_angular_error, haversine_quantile_error])
    def test_a_place_has_two_columns(self, metric: Any) -> None:
        groups = ["a"] if metric is haversine_quantile_error else []
        with pytest.raises(ValueError, match=r"\(n, 2\)"):
            metric([[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]], *([groups] if groups else []))


class TestHaversineQuantileError:
    @given(places())
    def test_oracle_and_plain_loop(self, case: Any) -> None:
        truth, predicted, trips = case
        distances = np.array(
            [
                haversine_distances(np.radians([a]), np.radians([b]))[0, 0] * 6_371_000
                for a, b in zip(truth, predicted, strict=True)
            ]
        )
        quantiles = [np.quantile(distances[trips == t], [0.5, 0.95]) for t in set(trips)]
        score = haversine_quantile_error(truth, predicted, trips, quantiles=(0.5, 0.95))
        assert math.isclose(score, np.mean(quantiles), rel_tol=1e-9, abs_tol=1e-6)

    @given(places(), st.floats(0.0, 1.0))
    def test_rises_with_the_quantile(self, case: Any, share: float) -> None:
        least, middle, most = (
            haversine_quantile_error(*case, quantiles=(q,)) for q in (0.0, share, 1.0)
        )
        assert least <= middle * (1 + 1e-12)
        assert middle <= most * (1 + 1e-12)

    @given(places())
    def test_half_the_globe_at_most(self, case: Any) -> None:
        score = haversine_quantile_error(*case, quantiles=(1.0,), radius=1.0)
        assert score <= math.pi
        assert math.isclose(score * 2, haversine_quantile_error(*case, quantiles=(1.0,), radius=2))

    def test_antipodes(self) -> None:
        half = math.pi * 6_371_000
        for truth, opposite in (([90.0, 0.0], [-90.0, 5.0]), ([0.1, 12.3], [-0.1, -167.7])):
            score = haversine_quantile_error([truth], [opposite], ["a"])
            assert math.isclose(score, half, rel_tol=1e-7)

    @pytest.mark.parametrize("quantiles", [[], [-0.5], [0.5, 2.0], [math.nan]])
    def test_quantiles_that_are_none(self, quantiles: list[float]) -> None:
        places = [[0.0, 0.0], [1.0, 1.0]]
        with pytest.raises(ValueError, match="quantiles"):
            haversine_quantile_error(places, places, "aa", quantiles=quantiles)

    def test_groups_weigh_the_same_whatever_their_size(self) -> None:
        truth = np.zeros((4, 2))
        predicted = np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [0.0, 3.0]])
        degree = haversine_quantile_error(truth[:1], predicted[:1], ["a"])
        score = haversine_quantile_error(truth, predicted, ["a", "a", "a", "b"])
        assert math.isclose(score, 2 * degree, rel_tol=1e-12)
