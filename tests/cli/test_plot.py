"""`mlegrade plot` and `mlegrade report`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cli.spooky import parsed
from summary.reports import LITE, PUBLISHED, published, report, write, write_group

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call

A, B = LITE[:2]


@pytest.fixture
def group(tmp_path: Path) -> Path:
    """A run group with snapshots."""
    return write_group(tmp_path / "runs" / "dummy-1", {A: "gv", B: "i-"})


@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize("kind", ["heat-map", "pass-at-k", "medals-over-time"])
def test_figures_are_written(call: Call, group: Path, tmp_path: Path, kind: str, form: str) -> None:
    out = tmp_path / f"figure.{form}"
    result = call("plot", kind, group, "--out", out)
    assert result.exit_code == 0
    assert result.stdout == f"{out}\n"
    first = out.read_bytes()
    assert first.startswith(b"<?xml" if form == "svg" else b"\x89PNG")
    data = parsed(call("plot", kind, group, "--out", out, "--json"))
    assert (data["kind"], data["written"]) == (kind, str(out))
    assert out.read_bytes() == first


def test_the_numbers_behind_a_figure(call: Call, group: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.svg"
    data = parsed(call("plot", "medals-over-time", group, "--out", out, "--json"))["data"]
    assert data[0]["mean"] == 0
    assert (data[-1]["hours"], data[-1]["mean"]) == (3, 25)
    passed = parsed(call("plot", "pass-at-k", group, "--out", out, "--json"))["data"]
    assert [found["mean"] for found in passed] == [25, 50]


def test_a_place_on_the_leaderboard(call: Call, group: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.svg"
    several = call("plot", "leaderboard", group, "--out", out)
    assert several.exit_code == 2
    assert f"choose one of: {A}, {B}" in several.stderr
    result = call("plot", "leaderboard", group, "--competition", A[:8], "--out", out, "--json")
    assert parsed(result)["data"]["competition"] == A
    custom = [
        r for r in published("custom_boards.json") if r["competition_id"] == "gnss-classification"
    ]
    path = write(tmp_path / "custom.json", custom)
    boards = ["--leaderboards", PUBLISHED / "leaderboards"]
    given = call("plot", "leaderboard", path, *boards, "--out", out, "--json")
    assert parsed(given)["data"]["teams"] == 19


def test_a_whole_id_may_be_the_beginning_of_another(call: Call, tmp_path: Path) -> None:
    boards = tmp_path / "boards"
    boards.mkdir()
    said = {"score": 0.5, "is_lower_better": False, "seed": 1}
    for name in ("comp", "comp-2"):
        (boards / f"{name}.csv").write_text("score\n0.5\n")
    path = write(tmp_path / "a.json", [said | {"competition_id": n} for n in ("comp", "comp-2")])
    chosen = ["--competition", "comp", "--leaderboards", boards, "--out", tmp_path / "a.svg"]
    data = parsed(call("plot", "leaderboard", path, *chosen, "--json"))["data"]
    assert data["competition"] == "comp"


def test_no_leaderboard_no_place(call: Call, tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [report("mlsp-2013-birds", "g")])
    result = call("plot", "leaderboard", path, "--out", tmp_path / "a.svg")
    assert result.exit_code == 3
    assert "--leaderboards DIR" in result.stderr


def test_what_runs_took(call: Call, tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [report(A, "g", meta={"cost": 3.5})])
    out = tmp_path / "a.svg"
    assert call("plot", "effort", path, "--effort", "cost", "--out", out).exit_code == 0
    assert call("plot", "effort", path, "--out", out).exit_code == 3


def test_familiarity(call: Call, tmp_path: Path) -> None:
    names = LITE[:5]
    reports = write(
        tmp_path / "a.json", [report(name, "gv"[at % 2]) for at, name in enumerate(names)]
    )
    lines = [{"competition_id": n, "token_logprobs": [-1.0 - at]} for at, n in enumerate(names)]
    documents = write(tmp_path / "documents.jsonl", lines)
    scores = write(tmp_path / "scores.json", dict.fromkeys(names, 0.123))
    out = tmp_path / "a.svg"
    arguments = ["plot", "familiarity", reports, "--documents", documents, "--out", out, "--json"]
    data = parsed(call(*arguments, "--sample-scores", scores))["data"]
    assert data["correlation"]["n"] == 5
    assert call(*arguments).exit_code == 2
    scores.write_text("[]")
    assert call(*arguments, "--sample-scores", scores).exit_code == 3


def test_other_endings_are_refused(call: Call, group: Path, tmp_path: Path) -> None:
    result = call("plot", "heat-map", group, "--out", tmp_path / "a.pdf")
    assert result.exit_code == 2
    assert ".png or .svg" in result.stderr
    assert call("plot", "nonsense", group, "--out", tmp_path / "a.svg").exit_code == 2


def test_a_report_is_one_file(call: Call, group: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = call("report", group, "--out", out)
    assert result.stdout == f"{out}\n"
    text = out.read_text(encoding="utf-8")
    assert "<h1>dummy-1</h1>" in text
    assert text.count("<svg") == 3
    data = parsed(call("report", group, "--out", out, "--title", "Mine", "--json"))
    assert data["competitions"] == [A, B]
    assert data["bytes"] == out.stat().st_size
    assert "<h1>Mine</h1>" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [("report",), ("plot", "heat-map")])
@pytest.mark.parametrize("out", ["none/a.svg", ".", "a.svg/b.svg"])
def test_a_place_that_takes_no_file_is_refused_before_anything_is_read(
    call: Call, group: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Any, out: str
) -> None:
    (tmp_path / "a.svg").touch()
    monkeypatch.setattr("mlegrade.cli._reports.read_grid", lambda *_: pytest.fail("it reads"))
    result = call(*command, group, "--out", tmp_path / out)
    assert result.exit_code == 2
    assert "'--out'" in result.stderr


def test_a_report_says_what_was_left_out(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(report(A, "g", seed=1)) + "\n{")
    out = tmp_path / "report.html"
    assert call("report", path, "--out", out).exit_code == 3
    assert not out.exists()
    assert call("report", path, "--out", out, "--keep-going").exit_code == 0
    assert "Left out: " in out.read_text(encoding="utf-8")
