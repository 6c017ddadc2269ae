"""Grade and validate submissions: read, align, score, report.

The submitter's mistakes become ordinary reports; faults of the set-up (no answers, damaged data)
are raised, or become a `GradeFailure` in `grade_many`. Nothing here prints, writes or logs.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mlegrade import data
from mlegrade._sha256 import Sha256
from mlegrade.competitions import get
from mlegrade.errors import InvalidSubmissionError, SetupError
from mlegrade.medals import DECIMALS, above_median, award, percentile, rank
from mlegrade.report import GradeReport, Validation
from mlegrade.schema.sources import read_source, read_trusted, source_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlegrade.competitions import Competition
    from mlegrade.schema import Answers, Scored, Values
    from mlegrade.schema.cells import Cells
    from mlegrade.schema.sources import Source

__all__ = [
    "Grader",
    "check_form",
    "expected_rows",
    "grade",
    "size_limit",
    "validate",
]

_LIMIT_WITHOUT_ROWS = 1 << 30


def grade(
    submission: Source,
    competition: str | Competition,
    *,
    answers: Source | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    meta: Mapping[str, Any] | None = None,
    created_at: str | None = None,
) -> GradeReport:
    """Grade a submission.

    Parameters
    ----------
    submission : path, bytes, file object or DataFrame
        The submission. Whatever it holds, the result is a report. An `InvalidSubmissionError` in
        its place says why there is none, where submissions are fetched from elsewhere.
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    answers : path, bytes, file object or DataFrame, optional
        The answers, where they are not in the data directory.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    meta : mapping, optional
        JSON-compatible data to pass along in the report, such as a seed.
    created_at : str, optional
        The time to note in the report; by default ``$SOURCE_DATE_EPOCH`` or now.

    Returns
    -------
    GradeReport
        With ``valid_submission=False`` and ``error`` if the submission is invalid.

    Raises
    ------
    UnknownCompetitionError
        If there is no such competition.
    SetupError
        If the answers are missing or damaged.
    """
    grader = Grader(competition, answers=answers, data_dir=data_dir)
    return grader(submission, meta=meta, created_at=created_at)


def validate(
    submission: Source,
    competition: str | Competition,
    *,
    sample_submission: Source | None = None,
    data_dir: str | os.PathLike[str] | None = None,
) -> Validation:
    """Check the form of a submission without any answers.

    Parameters
    ----------
    submission : path, bytes, file object or DataFrame
        The submission.
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    sample_submission : path, bytes, file object or DataFrame, optional
        The public sample submission, which names the expected rows; by default that of the data
        directory. Without one, all but the rows is checked.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    """
    competition = get(competition)
    rows: Answers | None = None
    if sample_submission is None:
        paths = data.paths(competition.id, data_dir)
        sample = paths.public / competition.sample_submission_file
        sample_submission = sample if sample.is_file() else None
    if sample_submission is not None:
        rows = expected_rows(competition, sample_submission)
    return check_form(submission, competition, rows)


def check_form(submission: Source, competition: Competition, rows: Answers | None) -> Validation:
    """Check the form of a submission against expected rows, as far as they are known."""
    try:
        content = read_source(submission, max_bytes=size_limit(rows))
    except InvalidSubmissionError as error:
        problems = [error]
    else:
        _, problems = competition.grading.check(content, rows)
    return Validation(
        competition_id=competition.id,
        problems=tuple(problem.to_dict() for problem in problems),
        rows_checked=rows is not None,
    )


def size_limit(rows: Answers | None) -> int:
    """Return how many bytes a submission may have, given the expected rows, if they are known."""
    return _LIMIT_WITHOUT_ROWS if rows is None else rows.max_bytes


def expected_rows(competition: str | Competition, sample_submission: Source) -> Answers:
    """Read the rows that a submission has to have from the public sample submission.

    Raises
    ------
    SetupError
        If the sample submission is missing or damaged.
    """
    content = read_trusted(sample_submission, "sample submission")
    return get(competition).grading.read_sample(content)


class Grader:
    """Answers read and decoded once, then called with submission after submission.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    answers : path, bytes, file object or DataFrame, optional
        The answers, where they are not in the data directory.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.

    Raises
    ------
    UnknownCompetitionError
        If there is no such competition.
    SetupError
        If the answers are missing or damaged.
    """

    def __init__(
        self,
        competition: str | Competition,
        *,
        answers: Source | None = None,
        data_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        self.competition = get(competition)
        if answers is None:
            answers = data.require_answers(
                self.competition.id, self.competition.answers_file, data_dir
            )
        path = source_path(answers)
        self.data_variant = None if path is None else data.variant(path)
        content = read_trusted(answers, "answers file")
        digest = Sha256()
        digest.start(content)
        self._answers = self.competition.grading.read_answers(content)
        self.answers_sha256 = digest.hexdigest()
        self._leaderboard = self.competition.leaderboard()

    def __repr__(self) -> str:
        return f"Grader({self.competition.id!r})"

    @property
    def max_bytes(self) -> int:
        """How many bytes a submission may have; a larger one is refused without a look inside."""
        return self._answers.max_bytes

    def score(self, submission: Source) -> float:
        """Return the unrounded score of a submission.

        Raises
        ------
        InvalidSubmissionError
            If the submission is invalid.
        """
        return self._scored(submission, Sha256()).score

    def validate(self, submission: Source) -> Validation:
        """Check the form of a submission against the rows of the answers."""
        return check_form(submission, self.competition, self._answers)

    def __call__(
        self,
        submission: Source,
        *,
        meta: Mapping[str, Any] | None = None,
        created_at: str | None = None,
    ) -> GradeReport:
        """Grade a submission; see `grade`."""
        path = source_path(submission)
        facts: dict[str, Any] = {
            "submission_path": None if path is None else str(path),
            "answers_sha256": self.answers_sha256,
            "data_variant": self.data_variant,
            "meta": dict(meta or {}),
            "created_at": created_at or _now(),
        }
        digest = Sha256()
        try:
            scored = self._scored(submission, digest)
        except InvalidSubmissionError as error:
            facts["submission_exists"] = error.code != "not_found"
            facts["submission_sha256"] = digest.hexdigest()
            return self._invalid(error, facts)
        facts |= {"submission_exists": True, "submission_sha256": digest.hexdigest()}
        return self._valid(scored.score, facts | {"warnings": scored.warnings})

    # The file is let go of before its cells are decoded, and they are before they are scored.

    def _scored(self, submission: Source, digest: Sha256) -> Scored:
        return self.competition.grading.judge(self._decoded(submission, digest), self._answers)

    def _decoded(self, submission: Source, digest: Sha256) -> Values:
        cells = self._read(submission, digest)
        values, problems = self.competition.grading.decode(cells, self._answers)
        if values is None:
            raise problems[0]
        return values

    def _read(self, submission: Source, digest: Sha256) -> Cells:
        content = read_source(submission, max_bytes=self.max_bytes)
        digest.start(content)
        cells, problems = self.competition.grading.read(content, self._answers)
        if cells is None:
            raise problems[0]
        return cells

    def _invalid(self, error: InvalidSubmissionError, facts: Mapping[str, Any]) -> GradeReport:
        return GradeReport(
            score=None, valid_submission=False, error=error.to_dict(), **self._common, **facts
        )

    def _valid(self, raw_score: float, facts: Mapping[str, Any]) -> GradeReport:
        # Medals go by the rounded score, as in MLE-bench.
        rounded = round(raw_score, DECIMALS)
        higher = self.competition.higher_is_better
        thresholds, board = self.competition.thresholds, self._leaderboard
        judged: dict[str, Any] = {}
        if thresholds:
            judged["medal"] = award(rounded, thresholds, higher_is_better=higher)
            judged["above_median"] = above_median(rounded, thresholds, higher_is_better=higher)
        if board:
            judged["rank"] = rank(rounded, board, higher_is_better=higher)
            judged["percentile"] = percentile(rounded, board, higher_is_better=higher)
        return GradeReport(
            score=rounded,
            raw_score=raw_score,
            valid_submission=True,
            **judged,
            **self._common,
            **facts,
        )

    @property
    def _common(self) -> dict[str, Any]:
        competition = self.competition
        medals = competition.thresholds
        lines = ("gold", "silver", "bronze", "median")
        return {
            "competition_id": competition.id,
            "is_lower_better": not competition.higher_is_better,
            "flags": competition.flags_of(self.data_variant),
            "metric": competition.metric,
            "metric_options": {
                name: list(value) if isinstance(value, tuple) else value  # as JSON has it
                for name, value in competition.grading.options.items()
            },
            **{f"{line}_threshold": getattr(medals, line) if medals else None for line in lines},
        }


def _now() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SetupError(
            f"SOURCE_DATE_EPOCH is {epoch!r}: it has to hold seconds since 1970, or be unset."
        ) from error
    return moment.isoformat(timespec="seconds")
