"""What a report comes to: in numbers that have a mean, and in words."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from mlegrade.competitions import get

if TYPE_CHECKING:
    from mlegrade.report import GradeReport

__all__ = ["MEASURES", "explain", "values"]

MEASURES = (
    "any_medal",
    "gold_medal",
    "silver_medal",
    "bronze_medal",
    "above_median",
    "valid_submission",
    "percentile",
)
"""What a score holds, as numbers from 0 to 1."""


def values(report: GradeReport) -> dict[str, float]:
    """Return what a report comes to, in numbers that have a mean.

    Parameters
    ----------
    report : GradeReport
        The report. Where its competition has no leaderboard, the percentile is NaN, which Inspect
        leaves out of means; an invalid submission beats nobody.
    """
    percentile = report.percentile
    if percentile is None:
        percentile = nan if get(report.competition_id).leaderboard() is None else 0.0
    flags = {name: float(getattr(report, name)) for name in MEASURES if name != "percentile"}
    return {**flags, "percentile": percentile}


def explain(report: GradeReport) -> str:
    """Return a sentence or two on how a submission did, and why.

    Parameters
    ----------
    report : GradeReport
        The report.
    """
    if not report.submission_exists:
        return f"No submission: {_message(report)}"
    if not report.valid_submission:
        return f"Invalid submission: {_message(report)}"
    better = "lower" if report.is_lower_better else "higher"
    what = f"{report.metric} {report.score} ({better} is better)"
    if report.gold_threshold is None:
        return f"Valid: {what}; the competition has no medal lines."
    medal = f"{report.medal} medal".capitalize() if report.medal else "No medal"
    board = "" if report.percentile is None else f", better than {report.percentile:.0%} of teams"
    lines = ("gold", "silver", "bronze", "median")
    shown = ", ".join(f"{line} {getattr(report, f'{line}_threshold')}" for line in lines)
    return f"{medal}: {what}{board}. Lines: {shown}."


def _message(report: GradeReport) -> str:
    return str((report.error or {}).get("message", "no reason given."))
