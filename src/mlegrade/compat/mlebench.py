"""MLE-bench's call signatures: embedders switch by one import line.

What `grade_csv`, `validate_submission`, `grade_jsonl`, `registry` and `CompetitionReport` take and
give is as they know it. Behind them is mlegrade: a submission without a score has a reason, an item
that cannot be graded stops no other, and validating reads no answers.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade import batch, data, grading
from mlegrade._files import write_atomically
from mlegrade.competitions import get, ids
from mlegrade.errors import NotPreparedError
from mlegrade.report import GradeFailure, GradeReport

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = [
    "Competition",
    "CompetitionReport",
    "Registry",
    "grade_csv",
    "grade_jsonl",
    "registry",
    "validate_submission",
]

_TOTALS = {
    "total_runs_with_submissions": "submission_exists",
    "total_valid_submissions": "valid_submission",
    "total_medals": "any_medal",
    "total_gold_medals": "gold_medal",
    "total_silver_medals": "silver_medal",
    "total_bronze_medals": "bronze_medal",
    "total_above_median": "above_median",
}


@dataclass(frozen=True)
class CompetitionReport:
    """A report with MLE-bench's attributes.

    Parameters
    ----------
    competition_id : str
        The competition.
    score : float or None
        The score rounded to 5 decimals; None if invalid.
    gold_threshold, silver_threshold, bronze_threshold, median_threshold : float
        The scores at the medal lines and in the middle.
    any_medal, gold_medal, silver_medal, bronze_medal : bool
        What the score earns; at most one medal.
    above_median : bool
        Whether the score is strictly better than the median.
    submission_exists, valid_submission : bool
        Whether there is a file, and whether it could be scored.
    is_lower_better : bool
        The direction of the metric.
    created_at : datetime
        The time of grading.
    submission_path : str
        Where the submission came from.
    """

    competition_id: str
    score: float | None
    gold_threshold: float
    silver_threshold: float
    bronze_threshold: float
    median_threshold: float
    any_medal: bool
    gold_medal: bool
    silver_medal: bool
    bronze_medal: bool
    above_median: bool
    submission_exists: bool
    valid_submission: bool
    is_lower_better: bool
    created_at: datetime
    submission_path: str

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CompetitionReport:
        """Read a report of either tool.

        Raises
        ------
        ValueError
            If a key that every report has is missing.
        """
        # A report of ours fills in and checks what an older one may lack.
        values = GradeReport.from_dict(data).to_dict()
        created = data.get("created_at") or datetime.fromtimestamp(0, UTC)
        values["created_at"] = (
            created if isinstance(created, datetime) else datetime.fromisoformat(created)
        )
        if values["score"] is not None:
            values["score"] = float(values["score"])
        return cls(**{name: values[name] for name in cls.__dataclass_fields__})

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-compatible data."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return values | {"created_at": self.created_at.isoformat()}


@dataclass(frozen=True)
class Competition:
    """A competition with MLE-bench's attributes.

    Parameters
    ----------
    id : str
        The competition's id.
    data_dir : Path
        The data directory that its paths lie in.
    """

    id: str
    data_dir: Path

    @property
    def name(self) -> str:
        """The title."""
        return get(self.id).name

    @property
    def description(self) -> str:
        """The task as an agent is told, in Markdown."""
        return get(self.id).description()

    @property
    def raw_dir(self) -> Path:
        """The folder of the download."""
        return data.paths(self.id, self.data_dir).raw

    @property
    def public_dir(self) -> Path:
        """The folder of what an agent may see."""
        return data.paths(self.id, self.data_dir).public

    @property
    def private_dir(self) -> Path:
        """The folder of the answers."""
        return data.paths(self.id, self.data_dir).private

    @property
    def answers(self) -> Path:
        """The answers file."""
        return self.private_dir / get(self.id).answers_file

    @property
    def sample_submission(self) -> Path:
        """The public sample submission."""
        return self.public_dir / get(self.id).sample_submission_file


class Registry:
    """Finds competitions.

    Parameters
    ----------
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    """

    def __init__(self, data_dir: str | os.PathLike[str] | None = None) -> None:
        self._data_dir = data_dir

    def get_competition(self, competition_id: str) -> Competition:
        """Return a competition by its id.

        Raises
        ------
        UnknownCompetitionError
            If there is no such competition.
        """
        return Competition(get(competition_id).id, self.get_data_dir())

    def set_data_dir(self, new_data_dir: str | os.PathLike[str]) -> Registry:
        """Return a registry with another data directory."""
        return Registry(new_data_dir)

    def get_data_dir(self) -> Path:
        """Return the data directory."""
        return data.data_dir(self._data_dir)

    def list_competition_ids(self) -> list[str]:
        """Return the ids of all competitions of MLE-bench, those for development included."""
        return sorted([*ids("all"), *ids("dev")])

    def get_lite_competition_ids(self) -> list[str]:
        """Return the ids of the split lite."""
        return ids("lite")


registry = Registry()
"""The registry of the default data directory."""


def grade_csv(
    path_to_submission: str | os.PathLike[str], competition: Competition
) -> CompetitionReport:
    """Grade a submission.

    Raises
    ------
    SetupError
        If the competition is not prepared.
    """
    report = grading.grade(path_to_submission, competition.id, data_dir=competition.data_dir)
    return CompetitionReport.from_dict(report.to_dict())


def validate_submission(
    submission: str | os.PathLike[str], competition: Competition
) -> tuple[bool, str]:
    """Check a submission's form; return whether it is valid, and a message.

    Raises
    ------
    NotPreparedError
        If the public sample submission is not there: the rows could not be checked.
    """
    if not competition.sample_submission.is_file():
        raise NotPreparedError(
            f"{competition.id} is not prepared: {competition.sample_submission} is missing. "
            f"Run `{data.prepare_command([competition.id], competition.data_dir)}`."
        )
    checked = grading.validate(submission, competition.id, data_dir=competition.data_dir)
    if checked.ok:
        return True, "Submission is valid."
    problems = " ".join(str(problem["message"]) for problem in checked.problems)
    return False, f"Submission invalid! {problems}"


def grade_jsonl(
    path_to_submissions: str | os.PathLike[str],
    output_dir: str | os.PathLike[str],
    registry: Registry = registry,
) -> None:
    """Grade the submissions that a JSON Lines file names, and write one report of them all.

    Parameters
    ----------
    path_to_submissions : path
        One object a line, with ``submission_path`` and ``competition_id``.
    output_dir : path
        Where to write ``<time>_grading_report.json``, whole or not at all; the second report of
        one second is ``<time>-2_grading_report.json``. What could not be graded stands there under
        ``failures``.
    registry : Registry, optional
        Where the data is.
    """
    lines = Path(path_to_submissions).read_text(encoding="utf-8").split("\n")
    items = [json.loads(line) for line in lines if line.strip()]
    reports: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    for result in batch.grade_many(items, data_dir=registry.get_data_dir()):
        kept = failures if isinstance(result, GradeFailure) else reports
        kept.append(result.to_dict())
    content = {
        "total_runs": len(items),
        **{total: sum(report[key] for report in reports) for total, key in _TOTALS.items()},
        "competition_reports": reports,
        "failures": failures,
    }
    text = json.dumps(content, indent=2, allow_nan=False)
    folder = Path(output_dir)
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-GMT")
    for suffix in chain([""], map("-{}".format, count(2))):
        target = folder / f"{moment}{suffix}_grading_report.json"
        with suppress(FileExistsError):  # a report of the same second
            write_atomically(target, [text], replace=False)
            break
