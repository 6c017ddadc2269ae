"""Rewards for reinforcement learning: one number in [0, 1] from a report."""

from __future__ import annotations

from typing import Literal, TypeAlias

from mlegrade.errors import SetupError
from mlegrade.medals import Medal
from mlegrade.report import GradeFailure, GradeReport

__all__ = ["RewardKind", "reward"]

RewardKind: TypeAlias = Literal["any_medal", "medal", "percentile", "normalized"]

_MEDAL_REWARDS = {None: 0.0, Medal.BRONZE: 1 / 3, Medal.SILVER: 2 / 3, Medal.GOLD: 1.0}


def reward(report: GradeReport | GradeFailure, kind: RewardKind = "any_medal") -> float:
    """Return a reward in [0, 1]; an invalid submission gets 0.

    Parameters
    ----------
    report : GradeReport
        The result of grading.
    kind : {"any_medal", "medal", "percentile", "normalized"}, optional
        ``any_medal``: 1 for a medal. ``medal``: 1/3, 2/3 or 1 for bronze, silver or gold.
        ``percentile``: the share of the leaderboard's teams that the score beats, ties counting
        one half. ``normalized``: the way from the median score (0) to the gold line (1), cut at
        both ends.

    Raises
    ------
    SetupError
        If the report is a `GradeFailure` (a fault of the set-up is no reason for a reward of 0),
        or if the competition lacks the leaderboard or the medal lines that the kind needs.
    ValueError
        If there is no such kind.
    """
    if isinstance(report, GradeFailure):
        raise SetupError(
            f"{report.competition_id}: nothing was graded ({report.error['message']}); "
            "mend the set-up and grade again."
        )
    rewards = {
        "any_medal": _any_medal,
        "medal": _medal,
        "percentile": _percentile,
        "normalized": _normalized,
    }
    if kind not in rewards:
        raise ValueError(f"no reward is called {kind!r}; choose one of {', '.join(rewards)}.")
    return rewards[kind](report) if report.valid_submission else 0.0


def _any_medal(report: GradeReport) -> float:
    return float(_medal(report) > 0.0)


def _medal(report: GradeReport) -> float:
    if report.medal is None and report.gold_threshold is None:
        # A reward of 0 would say that the submission was not good enough.
        raise _lacks(report, "medal lines")
    return _MEDAL_REWARDS[report.medal]


def _percentile(report: GradeReport) -> float:
    if report.percentile is None:
        raise _lacks(report, "leaderboard, thus no percentile")
    return report.percentile


def _normalized(report: GradeReport) -> float:
    score, gold, median = report.score, report.gold_threshold, report.median_threshold
    if score is None or gold is None or median is None:
        raise _lacks(report, "medal lines")
    if gold == median:
        return float(score <= gold if report.is_lower_better else score >= gold)
    return min(max((score - median) / (gold - median), 0.0), 1.0)


def _lacks(report: GradeReport, what: str) -> SetupError:
    """Return the error of a report that lacks what a kind needs; it names those that do without."""
    kinds = ["normalized"] if None not in {report.gold_threshold, report.median_threshold} else []
    kinds += ["medal", "any_medal"] if report.gold_threshold is not None else []
    kinds += ["percentile"] if report.percentile is not None else []
    named = " or ".join(f"kind={kind!r}" for kind in kinds)
    mend = f"Use {named}." if named else "Make the reward of `report.score` yourself."
    return SetupError(f"{report.competition_id} has no {what}.", mend)
