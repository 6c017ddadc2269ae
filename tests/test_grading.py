"""The library's front: grade, validate and Grader, whatever a submission comes as."""

from __future__ import annotations

import io
import json
import pickle
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import mlegrade
from mlegrade import Grader, GradeReport, grade, grade_many, validate
from mlegrade.competitions import _catalogue
from mlegrade.errors import (
    AnswersError,
    InvalidSubmissionError,
    NotPreparedError,
    PrerequisiteError,
    SetupError,
    UnknownCompetitionError,
)
from prepared import DIGITS, answers_file, as_csv, data_dir, perfect, with_errors

if TYPE_CHECKING:
    from pathlib import Path

MLEBENCH_KEYS = {
    "competition_id", "score", "gold_threshold", "silver_threshold", "bronze_threshold",
    "median_threshold", "any_medal", "gold_medal", "silver_medal", "bronze_medal", "above_median",
    "submission_exists", "valid_submission", "is_lower_better", "created_at", "submission_path",
}  # fmt: skip
N = 899


@pytest.fixture(scope="module")
def digits() -> Grader:
    return Grader(DIGITS, answers=answers_file())


def test_every_kind_of_source_gives_the_same_score(tmp_path: Path) -> None:
    table = with_errors(9)
    text = as_csv(table)
    path = tmp_path / "submission.csv"
    path.write_bytes(text)
    sources = [path, str(path), text, bytearray(text), io.BytesIO(text), io.StringIO(text.decode())]
    scores = {grade(s, "optical", data_dir=data_dir()).raw_score for s in [*sources, table]}
    assert scores == {1 - 9 / N}
    with path.open("rb") as file:
        assert mlegrade.competition(DIGITS).score(file, answers_file()) == 1 - 9 / N


def test_a_competition_scores_or_says_who_is_to_blame() -> None:
    digits = mlegrade.competition(DIGITS)
    assert digits.score(perfect(), answers_file()) == 1.0
    with pytest.raises(InvalidSubmissionError, match="digit"):
        digits.score(as_csv(perfect().assign(digit="x")), answers_file())
    with pytest.raises(AnswersError):
        digits.score(perfect(), as_csv(perfect().assign(digit="x")))
    with pytest.raises(NotPreparedError):
        digits.score(perfect(), answers_file().parent / "nothing.csv")


def test_answers_may_be_a_table(digits: Grader) -> None:
    table = with_errors(3)
    assert grade(table, DIGITS, answers=perfect()).score == digits(table).score


def test_open_files_may_be_answers_and_samples() -> None:
    # A file object that is asked for as much as answers may have takes memory for it at once.
    with answers_file().open("rb") as answers, answers_file().open("rb") as sample:
        assert Grader(DIGITS, answers=answers)(perfect()).score == 1.0
        assert validate(perfect(), DIGITS, sample_submission=sample).ok


class Endless(io.RawIOBase):
    """A file without an end, which counts what is read of it."""

    taken = 0

    def read(self, size: int = -1, /) -> bytes:
        self.taken += size
        return b"1" * size


def test_what_is_larger_than_a_submission_may_be_is_refused(digits: Grader) -> None:
    blank = b"id,digit\n" + b" " * digits.max_bytes
    assert digits(blank[: digits.max_bytes]).error["code"] != "too_large"
    assert digits(blank[: digits.max_bytes + 1]).error["code"] == "too_large"


def test_a_file_without_an_end_is_read_as_far_as_a_submission_may_go(digits: Grader) -> None:
    file = Endless()
    report = digits(file)  # type: ignore[arg-type]
    assert report.error is not None
    assert report.error["code"] == "too_large"
    assert file.taken == (64 << 20) + 1


@pytest.mark.parametrize("code", ["not_found", "symlink"])
def test_the_reason_why_there_is_none_may_come_instead(digits: Grader, code: str) -> None:
    reason = InvalidSubmissionError(code, "the sandbox holds no such file.")
    for report in (
        digits(reason),
        digits(reason),
        *grade_many([(reason, DIGITS)], data_dir=data_dir()),
    ):
        assert report.error == reason.to_dict()
        assert report.submission_exists is (code != "not_found")
    assert digits.validate(reason).problems == (reason.to_dict(),)
    with pytest.raises(InvalidSubmissionError, match="no such file"):
        digits.score(reason)
    assert reason.__traceback__ is None


def test_text_that_is_no_utf_8_is_the_submissions_mistake(digits: Grader, tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(b"id,digit\n\xe9,1\n")
    half = "id,digit\n\ud800,1\n"
    table = pd.DataFrame({"id": pd.Series(["\ud800"], dtype=object), "digit": [1]})
    with path.open(encoding="utf-8") as text, path.open(errors="surrogateescape") as escaped:
        for source in (text, escaped, io.StringIO(half), table):
            report = digits(source)
            assert report.error is not None
            assert report.error["code"] == "not_utf8"


def test_a_frame_that_cannot_be_written_is_the_submissions_mistake(digits: Grader) -> None:
    """Python writes no integers of thousands of digits."""
    report = digits(pd.DataFrame({"id": [0], "digit": pd.Series([10**5000], dtype=object)}))
    assert report.error is not None
    assert report.error["code"] == "malformed"
    assert "4300 digits" in report.error["message"]


def test_a_name_that_no_file_can_have_is_a_missing_file(digits: Grader) -> None:
    report = digits("id,digit\n1,2\n" * 100_000)  # the text of a file in place of its name
    assert report.error is not None
    assert report.error["code"] == "not_found"
    assert len(report.error["message"]) < 400
    assert not report.submission_exists


def test_a_source_of_another_kind_is_a_programming_error(digits: Grader) -> None:
    with pytest.raises(TypeError, match="cannot read a table from int"):
        digits(3)  # type: ignore[arg-type]


def test_a_report_has_every_key_of_mlebench(digits: Grader, tmp_path: Path) -> None:
    path = tmp_path / "submission.csv"
    path.write_bytes(as_csv(perfect()))
    data = digits(path).to_dict()
    assert data.keys() >= MLEBENCH_KEYS
    assert data["submission_path"] == str(path)
    assert data["gold_medal"] is data["any_medal"] is True
    assert data["silver_medal"] is data["bronze_medal"] is False
    assert data["score"] == 1.0
    assert data["is_lower_better"] is False


def test_scores_are_rounded_for_the_medal_and_kept_beside_it(digits: Grader) -> None:
    report = digits(with_errors(1))
    assert report.raw_score == 1 - 1 / N
    assert report.score == round(1 - 1 / N, 5) != report.raw_score


def test_an_invalid_submission_is_an_ordinary_report(digits: Grader) -> None:
    report = digits(as_csv(perfect().iloc[:-1]))
    assert not report.valid_submission
    assert report.submission_exists
    assert report.score is report.raw_score is report.medal is None
    assert not report.any_medal
    assert not report.above_median
    assert report.error is not None
    assert report.error["code"] == "missing_rows"
    assert report.gold_threshold is not None


def test_the_strict_door_raises() -> None:
    with pytest.raises(InvalidSubmissionError) as caught:
        mlegrade.competition(DIGITS).score(as_csv(perfect().assign(digit="x")), answers_file())
    assert caught.value.column == "digit"
    assert caught.value.rows == (1, 2, 3, 4, 5)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 our own bytes
    assert again.to_dict() == caught.value.to_dict()


def test_a_missing_file_is_no_submission(digits: Grader, tmp_path: Path) -> None:
    report = digits(tmp_path / "nothing.csv")
    assert not report.submission_exists
    assert report.error is not None
    assert report.error["code"] == "not_found"


def test_faults_of_the_set_up_are_raised(tmp_path: Path) -> None:
    with pytest.raises(NotPreparedError, match="mlegrade prepare optical-digits"):
        grade(perfect(), DIGITS, data_dir=tmp_path)
    with pytest.raises(NotPreparedError, match="answers file"):
        grade(perfect(), DIGITS, answers=tmp_path / "nothing.csv")
    with pytest.raises(UnknownCompetitionError, match="optical-digits"):
        grade(perfect(), "optical-digts", data_dir=tmp_path)
    for damaged, reason in {
        b"": "empty",
        b"id,digit\n": "no rows",
        b"id\n1\n": "no column 'digit'",
        b"id,digit\n1,x\n": "damaged",
        b"id,digit\n1,1\n1,2\n": "more than once",
    }.items():
        with pytest.raises(AnswersError, match=reason):
            grade(perfect(), DIGITS, answers=damaged)


def packed(change=bytes) -> bytes:
    """Return the answers as an archive, with some change to its bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("test.csv", as_csv(perfect()))
    return bytes(change(bytearray(file.getvalue())))


def flipped(part: bytes, place: int, bits: int = 0xFF):
    """Return a change of one byte, counted from the last time that some bytes stand there."""

    def change(data: bytearray) -> bytearray:
        data[data.rindex(part) + place] ^= bits
        return data

    return change


def test_answers_may_be_an_archive_with_one_member() -> None:
    assert grade(with_errors(3), DIGITS, answers=packed()).raw_score == 1 - 3 / N


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:90],
        flipped(b"PK\x03\x04", 60),
        flipped(b"PK\x01\x02", 16),
        flipped(b"PK\x01\x02", 8, bits=1),
        flipped(b"PK\x01\x02", 10),
    ],
    ids=["cut", "packed data", "checksum", "encrypted", "unknown method"],
)
def test_an_archive_that_cannot_be_read_is_a_fault_of_the_set_up(change) -> None:
    with pytest.raises(AnswersError, match="the answers file is an archive that cannot be read"):
        grade(perfect(), DIGITS, answers=packed(change))


def test_a_7z_archive_needs_what_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    py7zr = pytest.importorskip("py7zr")
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w") as archive:
        archive.writestr(as_csv(perfect()), "sample_submission.csv")
    content = file.getvalue()
    checked = validate(perfect(), DIGITS, sample_submission=content)
    assert (checked.ok, checked.rows_checked) == (True, True)
    with pytest.raises(AnswersError, match="sample submission is an archive that cannot be read"):
        validate(perfect(), DIGITS, sample_submission=content[:-9])
    monkeypatch.setitem(sys.modules, "py7zr", None)
    with pytest.raises(PrerequisiteError, match=r"7z.*pip install 'mlegrade\[prepare\]'"):
        validate(perfect(), DIGITS, sample_submission=content)


@pytest.mark.parametrize("change", [lambda t: t, lambda t: t.iloc[1:], lambda t: t.assign(digit=0)])
def test_reports_survive_json(digits: Grader, change) -> None:
    report = digits(as_csv(change(perfect())), meta={"seed": 3, "nested": {"a": [1, None]}})
    again = GradeReport.from_json(report.to_json())
    assert again == report
    assert again.to_json() == report.to_json()
    assert again.created_at == report.created_at


def test_a_report_of_mlebench_is_read() -> None:
    data = dict.fromkeys(MLEBENCH_KEYS, None) | {
        "competition_id": "spooky-author-identification",
        "score": 0.25,
        "valid_submission": True,
        "submission_exists": True,
        "is_lower_better": True,
        "above_median": True,
        "silver_medal": True,
        "any_medal": True,
        "created_at": "2025-01-01T00:00:00",
    }
    report = GradeReport.from_dict(data)
    assert report.medal is mlegrade.Medal.SILVER
    with pytest.raises(ValueError, match="no grade report"):
        GradeReport.from_dict({"score": 1.0})
    for text in ("[]", "5", "null"):
        with pytest.raises(ValueError, match="no grade report"):
            GradeReport.from_json(text)
    for contradiction in ({"gold_medal": True}, {"any_medal": False}, {"silver_medal": "yes"}):
        with pytest.raises(ValueError, match="but its medal is"):
            GradeReport.from_dict(data | contradiction)


def test_of_equal_results_a_set_holds_one(digits: Grader) -> None:
    once, again = (
        digits(as_csv(perfect()), meta={"seed": 1}, created_at=moment) for moment in ("1", "2")
    )
    other = digits(as_csv(perfect()), meta={"seed": 2})
    invalid = digits(b"id\n1\n")
    assert len({once, again, other, invalid}) == 3
    checks = [digits.validate(content) for content in (b"id\n1\n", b"id\n1\n", as_csv(perfect()))]
    assert len(set(checks)) == 2
    failures = [
        mlegrade.GradeFailure(competition_id="x", error={"code": code}) for code in ("a", "a", "b")
    ]
    assert len(set(failures)) == 2


def test_numbers_of_numpy_may_be_passed_along(digits: Grader) -> None:
    meta = {"seed": np.int64(3), "done": np.bool_(1), "x": [np.float32(0.5), np.inf]}
    meta["a"] = np.arange(1)
    report = digits(perfect(), meta=meta)
    assert json.loads(report.to_json())["meta"] == {
        "seed": 3, "done": True, "x": [0.5, "inf"], "a": [0],
    }  # fmt: skip


def test_the_same_input_gives_the_same_bytes(
    digits: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    data = as_csv(with_errors(5))
    one, two = digits(data).to_json(), Grader(DIGITS, answers=answers_file())(data).to_json()
    assert one == two
    assert '"created_at": "2023-11-14T22:13:20+00:00"' in one


@pytest.mark.parametrize("text", ["yesterday", "9" * 17, "9" * 20])
def test_a_time_that_is_none_is_a_fault_of_the_set_up(
    text: str, digits: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(SetupError, match="seconds since 1970"):
        digits(perfect())


def test_a_report_says_to_the_second_when_it_was_made(digits: Grader) -> None:
    made = datetime.fromisoformat(digits(perfect()).created_at)
    assert made.microsecond == 0
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=5)
    assert digits(perfect(), created_at="yesterday").created_at == "yesterday"


def test_grading_prints_nothing_and_writes_nothing(
    digits: Grader, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    digits(with_errors(2))
    digits(b"nonsense")
    validate(with_errors(2), DIGITS, data_dir=data_dir())
    assert capfd.readouterr() == ("", "")
    assert not list(tmp_path.iterdir())


def test_validate_needs_the_public_side_only(tmp_path: Path) -> None:
    public = tmp_path / DIGITS / "prepared" / "public"
    public.mkdir(parents=True)
    sample = data_dir() / DIGITS / "prepared" / "public" / "sample_submission.csv"
    (public / "sample_submission.csv").write_bytes(sample.read_bytes())
    assert validate(with_errors(200), DIGITS, data_dir=tmp_path).ok
    refused = validate(perfect().iloc[3:], DIGITS, data_dir=tmp_path)
    assert not refused
    assert refused.problems[0]["code"] == "missing_rows"
    assert json.loads(refused.to_json())["ok"] is False


def test_validate_without_a_sample_checks_all_but_the_rows(tmp_path: Path) -> None:
    checked = validate(perfect().iloc[3:], DIGITS, data_dir=tmp_path)
    assert checked.ok
    assert not checked.rows_checked
    assert not validate(perfect().assign(digit=11), DIGITS, data_dir=tmp_path)


def test_validate_finds_rows_that_are_doubled_without_a_sample(tmp_path: Path) -> None:
    doubled = pd.concat([perfect(), perfect().iloc[:2]])
    (problem,) = validate(doubled, DIGITS, data_dir=tmp_path).problems
    assert problem["code"] == "duplicate_rows"
    assert "share their key" in problem["message"]


@pytest.mark.parametrize("name", [DIGITS, "h-and-m"])
def test_a_file_without_rows_is_refused_without_a_sample(tmp_path: Path, name: str) -> None:
    header = {DIGITS: b"id,digit\n", "h-and-m": b"customer_id,prediction\n"}[name]
    for sample in (None, header + b"1,2\n"):
        checked = validate(header, name, data_dir=tmp_path, sample_submission=sample)
        assert [problem["code"] for problem in checked.problems] == ["no_rows"]


def test_validate_takes_a_sample_by_hand(tmp_path: Path) -> None:
    sample = perfect().iloc[:10]
    assert validate(sample, DIGITS, data_dir=tmp_path, sample_submission=sample).ok
    assert not validate(perfect(), DIGITS, data_dir=tmp_path, sample_submission=sample)
    with pytest.raises(AnswersError, match="sample submission"):
        validate(perfect(), DIGITS, data_dir=tmp_path, sample_submission=b"x,y\n1,2\n")
    with pytest.raises(NotPreparedError):
        validate(perfect(), DIGITS, sample_submission=tmp_path / "nothing.csv")


def test_validate_and_grader_agree_on_a_file_that_is_not_there(
    digits: Grader, tmp_path: Path
) -> None:
    path = tmp_path / "nothing.csv"
    assert validate(path, DIGITS, data_dir=tmp_path).problems == digits.validate(path).problems


def test_a_grader_shows_what_it_grades(digits: Grader) -> None:
    assert repr(digits) == "Grader('optical-digits')"
    assert len(digits.answers_sha256) == 64


def test_a_competition_without_a_leaderboard_has_no_medals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_catalogue, "_registered", {})
    folder = tmp_path / "coin_toss"
    folder.mkdir()
    (folder / "competition.toml").write_text(
        'id = "coin-toss"\nname = "Coin Toss"\ncategory = "Tabular"\ncomplexity = "dev"\n'
        'metric = "accuracy"\nhigher_is_better = true\nanswers = "test.csv"\n'
        'sample_submission = "sample_submission.csv"\n'
    )
    (folder / "grader.py").write_text(
        "from mlegrade.metrics import accuracy\n"
        "from mlegrade.schema import Grading, Key, Table, WholeNumber\n\n"
        'TOSSES = Table(Key("id"), WholeNumber("heads", 0, 1))\n'
        "GRADING = Grading(submission=TOSSES, answers=TOSSES, metric=accuracy)\n"
    )
    competition = mlegrade.register(folder)
    report = grade(b"id,heads\n1,1\n2,1\n", competition, answers=b"id,heads\n1,1\n2,0\n")
    assert report.score == 0.5
    assert report.medal is report.rank is report.percentile is report.gold_threshold is None
    assert not report.any_medal
    assert not report.above_median
    assert "coin-toss" in mlegrade.competitions()
    assert mlegrade.competition("coin").id == "coin-toss"
    monkeypatch.chdir(folder.parent)
    near = mlegrade.register(folder.name)
    monkeypatch.chdir("/")
    assert near.grading.submission is not None
    (folder / "grader.py").write_text("")
    empty = mlegrade.register(folder)
    with pytest.raises(mlegrade.SetupError, match="GRADING"):
        _ = empty.grading


def test_answers_that_may_not_be_read_are_a_fault_of_the_set_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.is_file", refuse)
    with pytest.raises(NotPreparedError, match="cannot be read"):
        Grader(DIGITS, data_dir=data_dir())


def test_commands_in_messages_can_be_copied(tmp_path: Path) -> None:
    with pytest.raises(NotPreparedError, match=r"--data-dir '.*with blanks'"):
        Grader(DIGITS, data_dir=tmp_path / "with blanks")
