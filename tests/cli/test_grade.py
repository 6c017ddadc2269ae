"""`mlegrade grade` and `mlegrade validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

import mlegrade
from cli.spooky import BROKEN, GOOD, SPOOKY, parsed

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call


def test_json_is_the_report_of_the_library(
    call: Call, files: dict[str, Path], data_dir: Path
) -> None:
    result = call("grade", files["good"], "spooky", "--json")
    assert result.exit_code == 0
    report = mlegrade.grade(files["good"], "spooky", data_dir=data_dir)
    assert mlegrade.GradeReport.from_dict(parsed(result)) == report


def test_a_gold_medal_stands_on_top_of_the_ladder(call: Call, files: dict[str, Path]) -> None:
    result = call("grade", files["good"], SPOOKY)
    assert result.exit_code == 0
    assert result.stderr == ""
    head, empty, *rungs = result.stdout.splitlines()
    assert head == f"{SPOOKY}  log_loss, lower is better"
    assert not empty
    assert rungs[0].startswith("▶  0.10536  gold medal  about place 6 of 1241, ")
    assert [rung.split()[-1] for rung in rungs[1:5]] == ["gold", "silver", "bronze", "median"]


@pytest.mark.parametrize(
    ("name", "place", "verdict"),
    [("middling", 3, "no medal, above the median"), ("poor", 4, "no medal")],
)
def test_a_score_stands_between_the_lines_that_it_parts(
    call: Call, files: dict[str, Path], name: str, place: int, verdict: str
) -> None:
    rungs = call("grade", files[name], SPOOKY).stdout.splitlines()[2:7]
    assert [at for at, rung in enumerate(rungs) if rung.startswith("▶")] == [place]
    assert verdict in rungs[place]


def test_an_invalid_submission_says_what_to_do(call: Call, files: dict[str, Path]) -> None:
    result = call("grade", files["broken"], SPOOKY)
    assert result.exit_code == 1
    assert "✗  invalid submission  missing_rows" in result.stdout
    assert "'id3'" in result.stdout
    assert f"`mlegrade describe {SPOOKY}` shows the format." in result.stdout
    assert result.stderr == ""


def test_an_invalid_submission_is_an_ordinary_report(call: Call, files: dict[str, Path]) -> None:
    result = call("grade", files["broken"], SPOOKY, "--json")
    assert result.exit_code == 1
    report = parsed(result)
    assert not report["valid_submission"]
    assert report["error"]["code"] == "missing_rows"


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_of_a_path_that_leads_to_no_file_neither_format_nor_issues_are_told(
    call: Call, tmp_path: Path, name: str
) -> None:
    shown = call("grade", tmp_path / name, "hubmap", "--answers", _mask(tmp_path)).stdout
    assert "✗  invalid submission  not_" in shown
    assert "describe" not in shown
    assert "known issue" not in shown


def _mask(folder: Path) -> Path:
    path = folder / "answers.csv"
    path.write_text("id,encoding,width_pixels,height_pixels\na,1 5,100,100\n")
    return path


def test_arguments_in_the_wrong_order_are_noticed(call: Call, files: dict[str, Path]) -> None:
    for command in ("grade", "validate"):
        result = call(command, SPOOKY, files["good"])
        assert result.exit_code == 2
        assert "is a file. The submission comes first, then the" in " ".join(result.stderr.split())


def test_a_data_directory_that_is_a_file_is_said_to_be_one(
    call: Call, files: dict[str, Path]
) -> None:
    result = call("grade", files["good"], SPOOKY, "--data-dir", files["good"])
    assert result.exit_code == 3
    assert "good.csv is a file. Name the data directory" in result.stderr
    assert "mlegrade prepare" not in result.stderr


def test_a_missing_submission_is_invalid(call: Call, tmp_path: Path) -> None:
    result = call("grade", tmp_path / "none.csv", SPOOKY, "--json")
    assert result.exit_code == 1
    assert parsed(result)["submission_exists"] is False


def test_a_submission_may_come_from_the_standard_input(call: Call) -> None:
    result = call("grade", "-", SPOOKY, "--json", input=GOOD)
    assert result.exit_code == 0
    assert parsed(result)["score"] == pytest.approx(0.10536)


def test_answers_may_be_named(
    call: Call, files: dict[str, Path], data_dir: Path, tmp_path: Path
) -> None:
    answers = data_dir / SPOOKY / "prepared" / "private" / "test.csv"
    moved = answers.rename(tmp_path / "answers.csv")
    assert call("grade", files["good"], SPOOKY).exit_code == 3
    assert call("grade", files["good"], SPOOKY, "--answers", moved).exit_code == 0


def test_data_that_is_not_prepared_is_no_fault_of_the_submission(
    call: Call, files: dict[str, Path], tmp_path: Path
) -> None:
    result = call("grade", files["good"], SPOOKY, "--data-dir", tmp_path / "none", "--json")
    assert result.exit_code == 3
    failure = parsed(result)
    assert failure["failure"] is True
    assert failure["error"]["code"] == "NotPreparedError"
    assert "mlegrade prepare" in result.stderr


def test_an_unknown_competition_is_usage(call: Call, files: dict[str, Path]) -> None:
    result = call("grade", files["good"], "spoky-author")
    assert result.exit_code == 2
    assert SPOOKY in result.stderr
    assert result.stdout == ""


def test_a_terminal_gets_colours_and_a_pipe_gets_none(call: Call, files: dict[str, Path]) -> None:
    plain = call("grade", files["good"], SPOOKY)
    coloured = call("grade", files["good"], SPOOKY, color=True)
    assert "\x1b[" not in plain.stdout
    assert "\x1b[" in coloured.stdout
    assert click.unstyle(coloured.stdout) == plain.stdout


def test_no_color_is_obeyed(
    call: Call, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in call("grade", files["good"], SPOOKY, color=True).stdout


def test_a_submission_cannot_steer_the_terminal(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31mred.csv"
    result = call("grade", path, SPOOKY)
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    assert "\\x1b[31mred.csv" in result.stdout.replace("\n   ", "")


def test_validate_accepts_what_grade_accepts(call: Call, files: dict[str, Path]) -> None:
    result = call("validate", files["good"], "spooky")
    assert result.exit_code == 0
    assert result.stdout == f"✓  valid for {SPOOKY}\n"
    assert result.stderr == ""


def test_validate_needs_no_answers(call: Call, data_dir: Path) -> None:
    (data_dir / SPOOKY / "prepared" / "private" / "test.csv").unlink()
    result = call("validate", "-", "spooky", input=BROKEN)
    assert result.exit_code == 1
    assert result.stdout.startswith("✗  missing_rows: ")


def test_validate_lists_all_problems_of_a_stage(call: Call) -> None:
    result = call("validate", "-", "spooky", "--json", input="id,EAP\nid1,1\n")
    assert result.exit_code == 1
    found = parsed(result)
    assert [problem["column"] for problem in found["problems"]] == ["HPL", "MWS"]
    assert not found["ok"]


def test_validate_says_where_rows_were_not_looked_at(
    call: Call, files: dict[str, Path], data_dir: Path, tmp_path: Path
) -> None:
    sample = data_dir / SPOOKY / "prepared" / "public" / "sample_submission.csv"
    moved = sample.rename(tmp_path / "sample.csv")
    result = call("validate", files["broken"], "spooky")
    assert result.exit_code == 0
    assert "--sample" in result.stderr
    assert f"valid for {SPOOKY}; rows not checked" in result.stdout
    assert call("validate", files["broken"], "spooky", "--sample", moved).exit_code == 1


@pytest.mark.parametrize("name", ["nowhere", "good.csv"])
def test_validate_wants_the_data_directory_that_is_named(
    call: Call, files: dict[str, Path], tmp_path: Path, name: str
) -> None:
    folder = files["good"] if name == "good.csv" else tmp_path / name
    result = call("validate", files["good"], "spooky", "--data-dir", folder)
    assert result.exit_code == 3
    assert f"there is no data directory {folder}" in result.stderr
