"""Rewards: one number in [0, 1] from a report."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade import GradeFailure, GradeReport, Medal, SetupError, reward
from mlegrade.medals import Thresholds, above_median, award

LINES = Thresholds(0.9, 0.8, 0.7, 0.5)
KINDS = ("any_medal", "medal", "percentile", "normalized")


def report_of(score: float) -> GradeReport:
    return GradeReport(
        competition_id="toy",
        score=score,
        raw_score=score,
        medal=award(score, LINES, higher_is_better=True),
        above_median=above_median(score, LINES, higher_is_better=True),
        percentile=min(max(score, 0.0), 1.0),
        **{f"{line}_threshold": getattr(LINES, line) for line in ("gold", "silver", "bronze")},
        median_threshold=LINES.median,
        submission_exists=True,
        valid_submission=True,
        is_lower_better=False,
    )


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0.95, (1.0, 1.0, 0.95, 1.0)),
        (0.8, (1.0, 2 / 3, 0.8, 0.75)),
        (0.7, (1.0, 1 / 3, 0.7, 0.5)),
        (0.6, (0.0, 0.0, 0.6, 0.25)),
        (0.1, (0.0, 0.0, 0.1, 0.0)),
    ],
)
def test_kinds(score: float, expected: tuple[float, ...]) -> None:
    found = [reward(report_of(score), kind) for kind in KINDS]
    assert found == pytest.approx(expected)


@given(st.floats(-2, 2), st.floats(-2, 2), st.sampled_from(KINDS))
def test_a_better_score_never_earns_less(one: float, two: float, kind: str) -> None:
    worse, better = (reward(report_of(score), kind) for score in sorted([one, two]))
    assert 0.0 <= worse <= better <= 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_an_invalid_submission_earns_nothing(kind: str) -> None:
    invalid = dataclasses.replace(report_of(0.95), score=None, valid_submission=False, medal=None)
    assert reward(invalid, kind) == 0.0


def test_a_fault_of_the_set_up_is_no_reward() -> None:
    failure = GradeFailure(competition_id="toy", error={"code": "x", "message": "no answers"})
    with pytest.raises(SetupError, match="no answers"):
        reward(failure)


def test_what_a_competition_lacks_is_said() -> None:
    bare = dataclasses.replace(report_of(0.6), percentile=None, gold_threshold=None)
    with pytest.raises(SetupError, match="no leaderboard"):
        reward(bare, "percentile")
    for kind in ("any_medal", "medal", "normalized"):
        with pytest.raises(SetupError, match="no medal lines"):
            reward(bare, kind)
    with pytest.raises(ValueError, match="choose one of"):
        reward(bare, "points")


@pytest.mark.parametrize(
    ("lacking", "kind", "instead"),
    [
        ({"percentile"}, "percentile", "kind='normalized' or kind='medal' or kind='any_medal'"),
        ({"percentile", "median_threshold"}, "percentile", "Use kind='medal' or kind='any_medal'."),
        ({"gold_threshold", "medal"}, "medal", "Use kind='percentile'."),
        ({"percentile", "gold_threshold", "medal"}, "normalized", "of `report.score` yourself"),
    ],
)
def test_what_is_lacking_is_no_riddle(lacking: set[str], kind: str, instead: str) -> None:
    report = dataclasses.replace(report_of(0.75), **dict.fromkeys(lacking))
    with pytest.raises(SetupError) as caught:
        reward(report, kind)
    assert instead in str(caught.value)


def test_a_flat_leaderboard_normalizes_to_reached_or_not() -> None:
    flat = dataclasses.replace(report_of(0.6), gold_threshold=0.5, median_threshold=0.5)
    assert reward(flat, "normalized") == 1.0
    assert reward(dataclasses.replace(flat, score=0.4), "normalized") == 0.0
    assert reward(dataclasses.replace(flat, is_lower_better=True), "normalized") == 0.0
    assert reward(dataclasses.replace(flat, medal=Medal.BRONZE), "medal") == 1 / 3
