"""One entry of a file of reports: what it says, and whether that can be."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from mlegrade.competitions import get
from mlegrade.errors import UnknownCompetitionError
from mlegrade.medals import DECIMALS, Thresholds, above_median, award, percentile, rank
from mlegrade.report import SCHEMA_VERSION, GradeReport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlegrade.summary.boards import Boards, Facts

__all__ = ["Entry", "EntryError", "Place", "read_entry", "read_place"]

_LONGEST = 1e9
_LINES = tuple(line.name for line in fields(Thresholds))
_FORMS: dict[str, tuple[type, ...]] = {
    "submission_exists": (bool,),
    "valid_submission": (bool,),
    "above_median": (bool,),
    "is_lower_better": (bool, type(None)),
    "any_medal": (bool,),
    "gold_medal": (bool, type(None)),
    "silver_medal": (bool, type(None)),
    "bronze_medal": (bool, type(None)),
    "rank": (int, type(None)),
    "score": (int, float, str, type(None)),
    "percentile": (int, float, type(None)),
    "gold_threshold": (int, float, type(None)),
    "silver_threshold": (int, float, type(None)),
    "bronze_threshold": (int, float, type(None)),
    "median_threshold": (int, float, type(None)),
    "medal": (str, type(None)),
    "data_variant": (str, type(None)),
    "error": (dict, type(None)),
    "meta": (dict,),
    "scoring_version": (int,),
}
_MEDAL_KEYS = {"medal", "any_medal", "gold_medal", "silver_medal", "bronze_medal"}


class EntryError(Exception):
    """What is wrong with one entry."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which run an entry is about, as far as it says."""

    competition_id: str
    seed: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A report with what its surroundings say about it."""

    report: GradeReport
    source: str
    place: Place
    elapsed: float | None
    remark: str | None


def read_entry(data: Any, source: str, boards: Boards) -> Entry:
    """Return an entry.

    Raises
    ------
    EntryError
        If it is no report, or one that contradicts itself.
    UnknownCompetitionError
        If there is no such competition.
    """
    if isinstance(data, ValueError):
        raise EntryError(f"is no JSON ({data}).")
    if not isinstance(data, dict):
        raise EntryError("is no JSON object.")
    elapsed = _elapsed(data)
    inner = data["report"] if elapsed is not None else data
    if not isinstance(inner, dict):
        raise EntryError("its report is no JSON object.")
    if inner.get("failure"):
        error = inner.get("error")
        reason = error.get("message") if isinstance(error, dict) else None
        raise EntryError(f"was not graded ({reason or 'no reason given'}).")
    facts = _facts(inner, boards)
    report = _rounded(_report(inner, facts))
    report, remark = _awarded(report, inner, facts)
    return Entry(report, source, read_place(data, boards), elapsed, remark)


def read_place(data: Any, boards: Boards) -> Place:
    """Return which run an entry is about; the rest of it may be broken.

    Raises
    ------
    EntryError
        If it does not name its competition, or a seed that is none.
    UnknownCompetitionError
        If there is no such competition.
    """
    inner = data.get("report", data) if isinstance(data, dict) else None
    if not isinstance(inner, dict):
        raise EntryError("is no JSON object.")
    meta = inner.get("meta")
    places = (data, inner, meta if isinstance(meta, dict) else {})
    group = _first("run_group", *places) or places[-1].get("group")
    return Place(_facts(inner, boards).id, _name(_first("seed", *places)), _name(group))


def _first(name: str, *places: Mapping[str, Any]) -> Any:
    return next((place[name] for place in places if place.get(name) is not None), None)


def _name(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise EntryError(
            f"its seed or run_group is {value!r}, which is no name and no whole number."
        )
    return str(value)


def _elapsed(data: dict[str, Any]) -> float | None:
    """Return the time of a snapshot; None for a report."""
    if "report" not in data:
        return None
    value = data.get("elapsed")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST:
        raise EntryError("is a snapshot without elapsed, the seconds since the run began.")
    return float(value)


def _facts(data: dict[str, Any], boards: Boards) -> Facts:
    name = data.get("competition_id")
    if not isinstance(name, str):
        raise EntryError("is no grade report: competition_id is missing.")
    try:
        return boards.facts(name)
    except UnknownCompetitionError:
        if not data.get("failure"):
            raise
        return boards.facts(get(name).id)  # a failure has the name that was asked for


def _report(data: dict[str, Any], facts: Facts) -> GradeReport:
    version = data.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise EntryError(
            f"has schema version {version}, but this mlegrade reads {SCHEMA_VERSION}; grade again "
            "or change the version of mlegrade."
        )
    for name, forms in _FORMS.items():
        value = data.get(name, False)
        # A truth value is a number to Python, but not to a report.
        wrong = isinstance(value, bool) and bool not in forms
        if name in data and (wrong or not isinstance(value, forms)):
            raise EntryError(f"is no grade report ({name} is {value!r}).")
    values = {**data, "competition_id": facts.id}
    if "score" in data:
        values.setdefault("valid_submission", data["score"] is not None)
    if values.get("is_lower_better") is None:
        # MLE-bench's users write null where there is no submission: no score, no direction.
        known = facts.higher_is_better is not None or values.get("score") is None
        values["is_lower_better"] = facts.higher_is_better is False
        if not known:
            raise EntryError("is no grade report: is_lower_better is missing.")
    try:
        report = GradeReport.from_dict(values)
    except (TypeError, ValueError, OverflowError) as error:
        raise EntryError(f"is no grade report ({error}).") from error
    _check(report, facts)
    return report


def _check(report: GradeReport, facts: Facts) -> None:
    score = report.score
    if score is not None and (math.isnan(score) or score == math.inf):
        raise EntryError(f"its score is {score}, which is none; grade it again.")
    if report.valid_submission != (score is not None):
        raise EntryError("it is valid without a score, or invalid with one.")
    if facts.higher_is_better is not None and report.is_lower_better == facts.higher_is_better:
        raise EntryError("its is_lower_better is not the direction of the competition.")
    lines = [getattr(report, f"{line}_threshold") for line in _LINES]
    if not all(line is None or abs(line) < math.inf for line in lines):
        raise EntryError("one of its medal lines is no finite number.")
    if report.valid_submission and not report.submission_exists:
        raise EntryError("it is valid, but says that there is no submission.")
    if report.medal and not report.valid_submission:
        raise EntryError("it is invalid and has a medal.")
    if report.above_median and not report.valid_submission:
        raise EntryError("it is invalid and above the median.")


def _rounded(report: GradeReport) -> GradeReport:
    """Return the report with the score that medals go by, as grading rounds it."""
    score = None if report.score is None else round(report.score, DECIMALS)
    if score == report.score:
        return report
    raw = report.score if report.raw_score is None else report.raw_score
    return replace(report, score=score, raw_score=raw)


def _awarded(
    report: GradeReport, data: dict[str, Any], facts: Facts
) -> tuple[GradeReport, str | None]:
    """Return the report with its medal, and a remark if the medal lines say something else."""
    higher = not report.is_lower_better
    lines = facts.lines(higher_is_better=higher)
    report = _placed(report, facts)
    if lines is None or report.score is None:
        return report, None
    medal = award(report.score, lines, higher_is_better=higher)
    own_lines = facts.board is not None
    if own_lines or "above_median" not in data:
        median = above_median(report.score, lines, higher_is_better=higher)
        report = replace(report, above_median=median)
    renewed = {f"{line}_threshold": getattr(lines, line) for line in _LINES}
    if own_lines or not _MEDAL_KEYS & data.keys():
        return replace(report, medal=medal, **renewed), None
    lacking = {name: line for name, line in renewed.items() if getattr(report, name) is None}
    report = replace(report, **lacking)
    if medal == report.medal:
        return report, None
    return report, (
        f"says {report.medal or 'no medal'}, but the medal lines of mlegrade give "
        f"{medal or 'no medal'} for {report.score}; it counts as it says."
    )


def _placed(report: GradeReport, facts: Facts) -> GradeReport:
    """Return the report with its place on the leaderboard that was given, or where it says none."""
    if report.score is None or (report.percentile is not None and facts.board is None):
        return report
    board = facts.leaderboard()
    if board is None:
        return report
    higher = not report.is_lower_better
    teams = sorted(board, reverse=higher)
    return replace(
        report,
        rank=rank(report.score, teams, higher_is_better=higher),
        percentile=percentile(report.score, teams, higher_is_better=higher),
    )
