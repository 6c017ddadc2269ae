"""What grading gives back: frozen records that survive JSON, readable by MLE-bench's users.

`GradeReport.to_dict` has every key of MLE-bench's competition report with the same meaning, plus
ours. An invalid submission is an ordinary report; a fault of the set-up is a `GradeFailure`, which
can never be taken for a submission without a medal.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from mlegrade.medals import Medal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SCHEMA_VERSION", "SCORING_VERSION", "GradeFailure", "GradeReport", "Validation"]

SCHEMA_VERSION = 1
"""The version of the reports' layout."""

SCORING_VERSION = 1
"""Raised with every release in which some valid submission gets another score."""

_MEDAL_FLAGS = ("gold_medal", "silver_medal", "bronze_medal")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeReport:
    """The result of grading one submission.

    Two reports are equal if they say the same about the submission, whenever they were made; in a
    set, there is one of them.

    Parameters
    ----------
    competition_id : str
        The competition.
    score : float or None
        The score rounded to 5 decimals, by which medals are awarded; None if invalid.
    raw_score : float or None
        The unrounded score.
    medal : Medal or None
        The medal, if any.
    above_median : bool
        Whether the score is strictly better than the median of the leaderboard.
    rank : int or None
        The place that the score would take on the leaderboard, 1 is best; None where there is no
        leaderboard.
    percentile : float or None
        The share of the leaderboard's teams that the score beats, ties counting one half.
    gold_threshold, silver_threshold, bronze_threshold, median_threshold : float or None
        The scores at the medal lines and in the middle.
    submission_exists, valid_submission : bool
        Whether there is a file, and whether it could be scored.
    is_lower_better : bool
        The direction of the metric.
    error : mapping or None
        ``code``, ``message``, ``column`` and ``rows`` of the first problem.
    warnings : tuple of str
        Remarks about a valid submission.
    flags : tuple of str
        The kinds of the competition's known issues, but for those that the data's fixes mend.
    metric : str
        The metric's name.
    metric_options : mapping
        The metric's options.
    submission_path : str or None
        Where the submission came from, if it was a file.
    submission_sha256, answers_sha256 : str or None
        What was graded, against what.
    data_variant : str or None
        How the answers were made: ``mle-bench``, ``fixes`` where leaks and errors of MLE-bench's
        data are mended, or ``synthetic``; None where that is not noted beside them.
    meta : mapping
        What the caller passed along, such as a seed.
    created_at : str
        The time of grading, ISO 8601.
    """

    competition_id: str
    score: float | None
    raw_score: float | None = None
    medal: Medal | None = None
    above_median: bool = False
    rank: int | None = None
    percentile: float | None = None
    gold_threshold: float | None = None
    silver_threshold: float | None = None
    bronze_threshold: float | None = None
    median_threshold: float | None = None
    submission_exists: bool
    valid_submission: bool
    is_lower_better: bool
    error: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    metric: str = ""
    metric_options: Mapping[str, Any] = field(default_factory=dict)
    submission_path: str | None = None
    submission_sha256: str | None = None
    answers_sha256: str | None = None
    data_variant: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    scoring_version: int = SCORING_VERSION
    schema_version: int = SCHEMA_VERSION
    created_at: str = field(default="", compare=False)

    def __hash__(self) -> int:
        # Of what differs most: mappings have no hash.
        return hash((self.competition_id, self.score, self.submission_sha256))

    @property
    def any_medal(self) -> bool:
        """Whether the score earns a medal."""
        return self.medal is not None

    @property
    def gold_medal(self) -> bool:
        """Whether the medal is gold."""
        return self.medal is Medal.GOLD

    @property
    def silver_medal(self) -> bool:
        """Whether the medal is silver."""
        return self.medal is Medal.SILVER

    @property
    def bronze_medal(self) -> bool:
        """Whether the medal is bronze."""
        return self.medal is Medal.BRONZE

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-compatible data; minus infinity is the text ``"-inf"``."""
        data = {item.name: _to_json(getattr(self, item.name)) for item in fields(self)}
        data["any_medal"] = self.any_medal
        data |= {name: getattr(self, name) for name in _MEDAL_FLAGS}
        return data

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the report as JSON, keys sorted: equal reports give equal text."""
        return _dumps(self.to_dict(), indent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GradeReport:
        """Read a report of mlegrade or of MLE-bench.

        Raises
        ------
        ValueError
            If a key that every report has is missing, or if what it says of medals contradicts
            itself.
        """
        known = {item.name for item in fields(cls)}
        absent = {"competition_id", "score", "valid_submission", "is_lower_better"} - data.keys()
        if absent:
            raise ValueError(f"this is no grade report: {', '.join(sorted(absent))} is missing.")
        values = {name: value for name, value in data.items() if name in known}
        values.setdefault("submission_exists", values["valid_submission"])
        for name in ("score", "raw_score"):
            if values.get(name) is not None:
                values[name] = float(values[name])
        for name in ("warnings", "flags"):
            values[name] = tuple(values.get(name) or ())
        values["medal"] = _medal_of(data)
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> GradeReport:
        """Read a report from JSON; see `from_dict`."""
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("this is no grade report: a JSON object is needed.")  # noqa: TRY004 what is wrong is the text
        return cls.from_dict(data)


def _medal_of(data: Mapping[str, Any]) -> Medal | None:
    # MLE-bench writes one truth value a medal.
    flagged = [name.split("_")[0] for name in _MEDAL_FLAGS if data.get(name)]
    named = data["medal"] if "medal" in data else next(iter(flagged), None)
    medal = Medal(named) if named else None
    expected = {name: name == f"{medal}_medal" for name in _MEDAL_FLAGS}
    for name, value in {"any_medal": medal is not None, **expected}.items():
        said = data.get(name)
        if said is not None and said != value:
            raise ValueError(f"its {name} is {said!r}, but its medal is {medal or 'none'}")
    return medal


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeFailure:
    """A submission that could not be graded, through no fault of its own.

    Parameters
    ----------
    competition_id : str
        The competition, as the caller named it.
    error : mapping
        ``code`` (the error's class), ``message``.
    submission_path : str or None
        Where the submission came from, if it was a file.
    meta : mapping
        What the caller passed along.
    """

    competition_id: str
    error: Mapping[str, Any]
    submission_path: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.competition_id, self.submission_path))

    def to_dict(self) -> dict[str, Any]:
        """Return the failure as JSON-compatible data, marked by ``"failure": true``."""
        return {"failure": True, **{f.name: _to_json(getattr(self, f.name)) for f in fields(self)}}

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the failure as JSON."""
        return _dumps(self.to_dict(), indent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The result of looking at a submission's form.

    Parameters
    ----------
    competition_id : str
        The competition.
    problems : tuple of mapping
        What is wrong, worst first: ``code``, ``message``, ``column``, ``rows``.
    rows_checked : bool
        Whether the rows could be compared with those expected. False where neither a sample
        submission nor answers are at hand.
    """

    competition_id: str
    problems: tuple[Mapping[str, Any], ...] = ()
    rows_checked: bool = True

    def __hash__(self) -> int:
        return hash((self.competition_id, len(self.problems), self.rows_checked))

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __bool__(self) -> bool:
        return self.ok

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON-compatible data."""
        return {
            "competition_id": self.competition_id,
            "ok": self.ok,
            "problems": [dict(problem) for problem in self.problems],
            "rows_checked": self.rows_checked,
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the result as JSON."""
        return _dumps(self.to_dict(), indent)


def _to_json(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Medal):
        return value.value
    if isinstance(value, tuple | list):
        return [_to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items()}
    if callable(tolist := getattr(value, "tolist", None)):
        return _to_json(tolist())  # numpy's numbers and arrays, as seeds often are
    return value


def _dumps(data: Mapping[str, Any], indent: int | None) -> str:
    return json.dumps(data, indent=indent, sort_keys=True, ensure_ascii=False, allow_nan=False)
