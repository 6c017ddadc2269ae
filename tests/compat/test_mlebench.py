"""MLE-bench's call signatures, used as its users use them."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from mlegrade.compat.mlebench import (
    CompetitionReport,
    grade_csv,
    grade_jsonl,
    registry,
    validate_submission,
)
from mlegrade.errors import NotPreparedError, UnknownCompetitionError
from prepared import DIGITS, as_csv, data_dir, perfect, with_errors


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    path = tmp_path / "submission.csv"
    path.write_bytes(as_csv(with_errors(19)))
    return path


def test_grade_csv_gives_a_report_of_mlebench(submission: Path) -> None:
    competition = registry.set_data_dir(data_dir()).get_competition(DIGITS)
    report = grade_csv(submission, competition)
    assert report.score == round(1 - 19 / 899, 5)
    assert report.silver_medal
    assert report.any_medal
    assert not report.gold_medal
    assert isinstance(report.created_at, datetime)
    assert CompetitionReport.from_dict(report.to_dict()) == report
    assert json.loads(json.dumps(report.to_dict()))["submission_path"] == str(submission)


def test_validate_submission_says_what_is_wrong(submission: Path, tmp_path: Path) -> None:
    competition = registry.set_data_dir(data_dir()).get_competition(DIGITS)
    assert validate_submission(submission, competition) == (True, "Submission is valid.")
    submission.write_bytes(as_csv(perfect().iloc[1:]))
    ok, message = validate_submission(submission, competition)
    assert not ok
    assert message.startswith("Submission invalid! 1 of 899 expected rows is missing")
    elsewhere = registry.set_data_dir(tmp_path).get_competition(DIGITS)
    with pytest.raises(NotPreparedError, match="mlegrade prepare"):
        validate_submission(submission, elsewhere)


def test_grade_jsonl_isolates_every_item(submission: Path, tmp_path: Path) -> None:
    items = [
        {"submission_path": str(submission), "competition_id": DIGITS},
        {"submission_path": "nothing.csv", "competition_id": DIGITS},
        {"submission_path": str(submission), "competition_id": "spooky-author-identification"},
    ]
    lines = tmp_path / "submissions.jsonl"
    lines.write_text("\n".join(map(json.dumps, items)))
    grade_jsonl(lines, tmp_path / "out", registry.set_data_dir(data_dir()))
    (written,) = (tmp_path / "out").iterdir()
    assert written.name.endswith("_grading_report.json")
    content = json.loads(written.read_text())
    assert content["total_runs"] == 3
    assert content["total_runs_with_submissions"] == content["total_valid_submissions"] == 1
    assert content["total_medals"] == content["total_silver_medals"] == 1
    assert len(content["competition_reports"]) == 2
    assert content["failures"][0]["error"]["code"] == "NotPreparedError"


def test_reports_of_one_second_stand_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2026, 3, 1, 12, 0, 5, tzinfo=tz)

    monkeypatch.setattr("mlegrade.compat.mlebench.datetime", Clock)
    lines = tmp_path / "submissions.jsonl"
    for number in range(3):
        text = json.dumps({"submission_path": f"{number}.csv", "competition_id": "nothing"})
        lines.write_text(text)
        grade_jsonl(lines, tmp_path / "out")
    graded = {}
    for path in (tmp_path / "out").iterdir():
        (failure,) = json.loads(path.read_text())["failures"]
        graded[path.name] = failure["submission_path"]
    assert graded == {
        "2026-03-01T12-00-05-GMT_grading_report.json": "0.csv",
        "2026-03-01T12-00-05-GMT-2_grading_report.json": "1.csv",
        "2026-03-01T12-00-05-GMT-3_grading_report.json": "2.csv",
    }


def test_the_registry_knows_the_benchmark() -> None:
    assert len(registry.list_competition_ids()) == 82
    assert len(registry.get_lite_competition_ids()) == 22
    competition = registry.set_data_dir(data_dir()).get_competition(DIGITS)
    assert competition.name.startswith("Optical")
    assert "## Submission" in competition.description
    assert competition.answers.is_file()
    assert competition.sample_submission.parent == competition.public_dir
    assert competition.raw_dir.parent == Path(data_dir()) / DIGITS
    with pytest.raises(UnknownCompetitionError):
        registry.get_competition("nothing")
