"""`mlegrade grade-many`."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from cli.spooky import SPOOKY, parsed

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call


@pytest.fixture
def runs(tmp_path: Path, files: dict[str, Path]) -> Path:
    """Lines as MLE-bench writes them, and one in our own words."""
    lines: list[dict[str, Any]] = [
        {"submission_path": str(files["good"]), "competition_id": SPOOKY},
        {"submission": str(files["poor"]), "competition": "spooky", "meta": {"seed": 7}},
        {"submission_path": str(files["broken"]), "competition_id": SPOOKY},
    ]
    path = tmp_path / "runs.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "\n")
    return path


def test_the_order_is_kept(call: Call, runs: Path) -> None:
    result = call("grade-many", runs)
    assert result.exit_code == 1
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [row[0] for row in rows] == ["gold", "no medal", "invalid: missing_rows"]
    assert [row[1] for row in rows] == ["0.10536", "1.60944", "-"]
    assert result.stderr == "3 submissions: 1 gold, 1 no medal, 1 invalid.\n"


def test_json_is_an_array(call: Call, runs: Path) -> None:
    reports = parsed(call("grade-many", runs, "--json"))
    assert [report["valid_submission"] for report in reports] == [True, True, False]
    assert reports[1]["meta"] == {"seed": 7}


def test_json_lines_are_one_report_each(call: Call, runs: Path) -> None:
    lines = call("grade-many", runs, "--jsonl").stdout.splitlines()
    assert [json.loads(line)["medal"] for line in lines] == ["gold", None, None]
    both = call("grade-many", runs, "--jsonl", "--json")
    assert both.exit_code == 2
    assert "choose one of --json, --jsonl" in both.stderr


def test_several_workers_say_the_same(call: Call, runs: Path) -> None:
    one = parsed(call("grade-many", runs, "--json"))
    two = parsed(call("grade-many", runs, "--json", "--workers", "2"))
    for report in (*one, *two):
        del report["created_at"]
    assert one == two


@pytest.mark.parametrize("name", ["reports.jsonl", "reports.json"])
def test_out_is_written_whole(call: Call, runs: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out" / name
    out.parent.mkdir()
    assert call("grade-many", runs, "--out", out).exit_code == 1
    text = out.read_text()
    reports = (
        json.loads(text) if name.endswith(".json") else list(map(json.loads, text.splitlines()))
    )
    assert [report["medal"] for report in reports] == ["gold", None, None]
    assert list(out.parent.iterdir()) == [out]


def test_out_stays_as_it_was_when_grading_ends_early(
    call: Call, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "reports.jsonl"
    out.write_text("before")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mlegrade.batch._grade_item", interrupted)
    result = call("grade-many", runs, "--out", out)
    assert result.exit_code == 130
    assert out.read_text() == "before"


def test_a_folder_that_is_not_there_is_noticed_at_once(
    call: Call, runs: Path, tmp_path: Path
) -> None:
    result = call("grade-many", runs, "--out", tmp_path / "none" / "reports.jsonl")
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize("out", ["", ".", "/proc/reports.jsonl"])
def test_a_place_that_takes_no_file_is_refused_before_anything_is_graded(
    call: Call, runs: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr("mlegrade.batch.grade_many", None)
    result = call("grade-many", runs, "--out", out)
    assert result.exit_code == 2
    assert "'--out'" in result.stderr


def test_what_cannot_be_graded_is_a_failure_and_stops_nothing(
    call: Call, files: dict[str, Path]
) -> None:
    lines = [
        {"submission_path": str(files["good"]), "competition_id": "no-such-competition"},
        {"submission_path": str(files["good"]), "competition_id": "spaceship-titanic"},
        {"submission_path": str(files["good"]), "competition_id": SPOOKY},
    ]
    text = "\n".join(map(json.dumps, lines))
    result = call("grade-many", "-", "--json", input=text)
    assert result.exit_code == 3
    first, second, third = parsed(result)
    assert first["failure"]
    assert first["error"]["code"] == "UnknownCompetitionError"
    assert second["error"]["code"] == "NotPreparedError"
    assert third["medal"] == "gold"
    assert result.stderr.endswith("3 submissions: 1 gold, 2 failed.\n")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2 is no JSON"),
        ("[" * 100_000, "line 2 is no JSON"),
        ("[1]", "line 2 is no JSON object"),
        (
            '{"submission_path": "a.csv", "competition_id": "spooky", "meta": 3}',
            "line 2 needs an object as 'meta'",
        ),
        ('{"submission_path": "a.csv"}', "line 2 needs the text 'competition_id'"),
        ('{"competition_id": "spooky", "submission": 3}', "line 2 needs the text 'submission_path"),
    ],
)
def test_a_broken_line_is_named(
    call: Call, files: dict[str, Path], line: str, message: str
) -> None:
    good = json.dumps({"submission_path": str(files["good"]), "competition_id": SPOOKY})
    result = call("grade-many", "-", input=f"{good}\n{line}\n")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_mark_of_the_byte_order_is_no_fault(call: Call, runs: Path) -> None:
    runs.write_text(runs.read_text(), encoding="utf-8-sig")
    assert len(parsed(call("grade-many", runs, "--json"))) == 3


def test_no_line_is_no_error(call: Call) -> None:
    result = call("grade-many", "-", "--json", input="")
    assert result.exit_code == 0
    assert parsed(result) == []


def test_a_pipe_is_written_to_and_a_link_stays_one(call: Call, runs: Path, tmp_path: Path) -> None:
    """Whoever is root must not replace /dev/null by a file."""
    pipe, link, file = (tmp_path / name for name in ("pipe", "link.jsonl", "file.jsonl"))
    os.mkfifo(pipe)
    link.symlink_to(file)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert call("grade-many", runs, "--out", pipe).exit_code == 1
        written = os.read(reader, 1 << 16)
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert call("grade-many", runs, "--out", link).exit_code == 1
    assert link.is_symlink()
    for text in (written, file.read_bytes()):
        assert len([json.loads(line) for line in text.splitlines()]) == 3


@pytest.mark.parametrize("name", ["items", "good"])
def test_what_is_read_is_not_replaced(
    call: Call, runs: Path, files: dict[str, Path], name: str
) -> None:
    path = {"items": runs, "good": files["good"]}[name]
    before = path.read_bytes()
    result = call("grade-many", runs, "--out", path)
    assert result.exit_code == 2
    assert "is read; name another file" in result.stderr
    assert path.read_bytes() == before


def test_a_seed_beside_the_meta_is_one_of_them(call: Call, runs: Path) -> None:
    items = map(json.loads, runs.read_text().split("\n")[:3])
    seeds = [item | {"seed": number} for number, item in enumerate(items)]
    runs.write_text("\n".join(map(json.dumps, seeds)))
    metas = [report["meta"] for report in parsed(call("grade-many", runs, "--json"))]
    assert metas == [{"seed": 0}, {"seed": 7}, {"seed": 2}]


def test_meta_that_cannot_be_written_fails_alone(call: Call, runs: Path) -> None:
    good, *_ = runs.read_text().splitlines()
    deep = json.loads("[" * 900 + "]" * 900)
    runs.write_text(f"{good}\n{json.dumps(json.loads(good) | {'meta': {'x': deep}})}\n{good}\n")
    result = call("grade-many", runs, "--json")
    assert result.exit_code == 3
    reports = json.loads(result.stdout)
    assert [report.get("failure", False) for report in reports] == [False, True, False]
