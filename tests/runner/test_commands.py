"""The commands run, grade-run and serve from end to end, and what others make of a group."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from mlegrade.cli import cli
from mlegrade.runner.files import exclusive
from runner.helpers import DIGITS, GO, waits_until, write_agent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

PROGRAM = [sys.executable, "-m", "mlegrade.cli"]


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def command(tmp_path: Path, data_dir: Path) -> list[Any]:
    """Return the beginning of a command that runs agents here."""
    where = ["--data-dir", data_dir, "--out", tmp_path / "runs", "--engine", "local"]
    return ["run", "--agent", "dummy", "--competitions", "optical", *where]


def test_from_end_to_end(command: list[Any]) -> None:
    result = call(*command, "--seeds", 2, "--workers", 2, "--time-limit", "1h30m", "--grade")
    assert result.exit_code == 0, result.stderr
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [row[:5] for row in rows] == [
        ["finished", "no medal", "0.09900", DIGITS, "0"],
        ["finished", "no medal", "0.09900", DIGITS, "1"],
    ]
    *told, folder = result.stderr.splitlines()
    assert f"running   {DIGITS} seed 0" in told
    assert f"finished  {DIGITS} seed 1" in told
    again = call("grade-run", folder, "--json")
    assert again.exit_code == 0
    reports = json.loads(again.stdout)
    assert [report["report"]["meta"]["seed"] for report in reports] == [0, 1]
    # Another command reads the group as it is.
    summary = call("summarize", folder, "--json")
    assert summary.exit_code == 0, summary.stderr
    (row,) = json.loads(summary.stdout)["rows"]
    assert (row["competitions"], row["measures"]["valid_submission"]["mean"]) == (1, 100.0)


def test_the_report_of_a_group(command: list[Any], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    folder = call(*command, "--grade").stderr.splitlines()[-1]
    result = call("report", folder, "--out", tmp_path / "report.html")
    assert result.exit_code == 0, result.stderr
    assert DIGITS in (tmp_path / "report.html").read_text()
    result = call("plot", "medals-over-time", folder, "--out", tmp_path / "time.svg")
    assert result.exit_code == 0, result.stderr


def test_json_and_nothing_else(command: list[Any]) -> None:
    result = call(*command, "--seeds", "4,", "--json", "--group", "mine")
    found = json.loads(result.stdout)
    assert found["group"] == "mine"
    (run,) = found["runs"]
    assert (run["seed"], run["state"], run["competition_id"]) == (4, "finished", DIGITS)
    assert "report" not in run


def test_a_failure_is_exit_code_1(command: list[Any], tmp_path: Path) -> None:
    command[2] = write_agent(tmp_path / "agent", "raise SystemExit(9)")
    result = call(*command, "--grade")
    assert result.exit_code == 1
    assert result.stdout.startswith("failed\tinvalid: not_found\t")
    assert "exit code 9" in result.stdout


def test_a_fault_of_the_set_up_is_exit_code_3(command: list[Any], tmp_path: Path) -> None:
    result = call(*command, "--gpus", 2, "--gpu-ids", "0")
    assert result.exit_code == 3
    assert "needs 2 GPUs" in result.stdout
    result = call("grade-run", tmp_path)
    assert result.exit_code == 3
    assert "Name the folder of one group" in result.stderr


def test_a_run_that_another_runner_has_is_exit_code_3(command: list[Any], tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "mine" / DIGITS / "seed-4"
    folder.mkdir(parents=True)
    with exclusive(folder / ".lock"):
        result = call(*command, "--seeds", "4,", "--group", "mine")
    assert result.exit_code == 3
    assert "not over, of 1 runs: 1." in result.stderr
    result = call("grade-run", folder.parents[1])
    assert result.exit_code == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--time-limit", "3x"], "is no duration"),
        (["--memory", "lots"], "is no size"),
        (["--seeds", "none"], "a number of seeds"),
        (["--seeds", "0"], "a number of seeds"),
        (["--env", "NAME"], "is no NAME=VALUE"),
        (["--env", "SEED=1"], "SEED is set by the runner"),
        (["--forward", "x"], "is no forwarding"),
        (["--split", "lite"], "not both"),
        (["--engine", "vm"], "'vm' is not one of"),
    ],
)
def test_wrong_usage(command: list[Any], options: list[str], said: str) -> None:
    result = call(*command, *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not result.stdout


def test_competitions_are_named_in_several_ways(
    command: list[Any], data_dir: Path, tmp_path: Path
) -> None:
    where = ["--data-dir", data_dir, "--out", tmp_path / "runs", "--engine", "local"]
    ways = [
        ["--competitions", "optical,spooky"],
        ["--competitions", "optical", "spooky"],
        ["--competitions", "optical", "--competitions", "spooky"],
    ]
    for way in ways:
        result = call("run", "--agent", "dummy", *where, *way)
        assert result.exit_code == 3
        assert "mlegrade prepare spooky-author-identification" in result.stderr
    result = call("run", "--agent", "dummy", *where, "--split", "demo")
    assert result.exit_code == 0
    assert call("run", "--agent", "dummy", *where).exit_code == 2
    assert call("run", "--agent", "dummy", *where, "--split", "odd").exit_code == 2
    assert command


def test_environment_is_passed_on_and_recorded(command: list[Any], tmp_path: Path) -> None:
    command[2] = write_agent(tmp_path / "agent", "import os\nprint(os.environ['STEPS'])")
    result = call(*command, "--env", "STEPS=7=8", "--json")
    folder = json.loads(result.stdout)["runs"][0]["folder"]
    assert (Path(folder) / "run.log").read_text() == "7=8\n"
    record = json.loads((Path(folder) / "journal.json").read_text())
    assert record["agent"]["environment"] == {"STEPS": "7=8"}


def test_a_live_table_on_a_terminal(command: list[Any], tmp_path: Path) -> None:
    """The agents run until the table has shown them."""
    command[2] = write_agent(tmp_path / "agent", waits_until(GO))
    primary, secondary = pty.openpty()
    rows = [rf"{DIGITS} +{seed} +running +(\d+m)?\d+s" for seed in range(2)]
    text, shown = "", False
    with subprocess.Popen(
        [*PROGRAM, *map(str, command), "--seeds", "2", "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=secondary,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "30"},
    ) as process:
        os.close(secondary)
        for block in read(primary):
            text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text + block)
            if not shown and "2 running" in text and all(re.search(row, text) for row in rows):
                shown = True
                for logs in (tmp_path / "runs").glob("*/*/*/work/logs"):
                    (logs / "go").touch()
        assert process.wait(900) == 0
    os.close(primary)
    assert shown, text
    assert "2 finished" in text


def read(terminal: int) -> Iterator[str]:
    """Yield what is written on a terminal, until nobody has it open or it takes too long."""
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if not ready:
            continue
        try:
            yield os.read(terminal, 65536).decode(errors="replace")
        except OSError:  # the other end is closed
            return


def test_missing_packages_are_named(command: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    result = call(*command)
    assert result.exit_code == 3
    assert "pip install 'mlegrade[runner]'" in result.stderr
    result = call("serve", "spooky")
    assert result.exit_code == 3
    assert "pip install 'mlegrade[runner]'" in result.stderr


def test_a_log_that_cannot_be_written_is_noticed_before_the_first_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlegrade.runner.server.serve", lambda *_: pytest.fail("it serves"))
    result = call("serve", "spooky", "--port", 0, "--log", tmp_path / "none" / "log.jsonl")
    assert result.exit_code == 3
    assert "No such file or directory" in result.stderr
