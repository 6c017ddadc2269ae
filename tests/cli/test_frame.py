"""What holds for the command line as a whole: help, errors, signals, pipes."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from cli.spooky import SPOOKY
from mlegrade.cli._group import COMMANDS, Command
from mlegrade.cli._options import complete_name
from mlegrade.cli._output import table

if TYPE_CHECKING:
    from cli.spooky import Call

PROGRAM = [sys.executable, "-m", "mlegrade.cli"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_as_the_help_says(name: str) -> None:
    command = import_module(f"mlegrade.cli.{name.replace('-', '_')}").command
    assert isinstance(command, Command)
    assert command.name in {name, "command"}
    assert str(command.help).splitlines()[0] == COMMANDS[name]
    assert command.example.startswith(f"mlegrade {name}")
    assert "as_json" in {parameter.name for parameter in command.params}
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_ends_with_an_example(call: Call, name: str) -> None:
    result = call(name, "--help")
    assert result.exit_code == 0
    assert f"\nExample:\n  mlegrade {name}" in result.stdout


def test_help_names_all_commands_and_exit_codes(call: Call) -> None:
    result = call("-h")
    assert all(name in result.stdout for name in COMMANDS)
    assert "3 set-up" in result.stdout


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sumarize", "Did you mean summarize?"),
        ("grade_many", "Did you mean grade-many"),
        ("Grade", "Did you mean grade"),
        ("xyzzy", "`mlegrade --help` lists them."),
    ],
)
def test_a_command_near_to_an_unknown_one_is_named(call: Call, name: str, meant: str) -> None:
    result = call(name)
    assert result.exit_code == 2
    assert f"there is no command {name!r}. {meant}" in result.stderr


@pytest.mark.parametrize("arguments", [["no-such"], ["grade"], ["grade", "a.csv", "b", "--nope"]])
def test_wrong_usage_is_exit_code_2(call: Call, arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such"],
        ["grade"],
        ["grade", "a.csv", "b", "--nope"],
        ["grade-many", "no-such-file"],
        ["grade-many", "-"],
        ["summarize", ".", "--csv"],
    ],
)
def test_wrong_usage_is_json_where_json_is_asked_for(call: Call, arguments: list[str]) -> None:
    result = call(*arguments, "--json", input=b"\xff")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert found["failure"] is True
    assert found["error"]["code"] == "UsageError"
    assert found["error"]["message"] in result.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (PermissionError("no"), 3), (OSError(28, "disk full"), 3)],
)
def test_no_error_ends_in_a_traceback(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("mlegrade.cli.describe.echo", broken)
    result = call("describe", "spooky")
    assert result.exit_code == code
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output


def test_what_the_system_reports_is_said_in_a_sentence(call: Call, files: dict[str, Path]) -> None:
    result = call("synth", "spooky", "--out", files["good"] / "below")
    assert result.exit_code == 3
    assert "error: Not a directory: " in result.stderr
    assert "good.csv/below" in result.stderr
    assert "then run the command again" in result.stderr
    assert "Errno" not in result.stderr


def test_the_shell_completes_competitions() -> None:
    command = import_module("mlegrade.cli.info").command
    found = complete_name(click.Context(command), command.params[0], "SPOOK")
    assert [item.value for item in found] == [SPOOKY]


def test_the_program_runs(files: dict[str, Path], data_dir: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "grade", files["good"], "spooky", "--data-dir", data_dir],
        capture_output=True,
        check=True,
    )
    assert "gold medal" in done.stdout.decode()
    assert done.stderr == b""


def test_a_stream_that_knows_only_ascii_is_no_obstacle(
    files: dict[str, Path], data_dir: Path
) -> None:
    done = subprocess.run(
        [*PROGRAM, "grade", files["good"], "spooky", "--data-dir", data_dir],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert b"gold medal" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("list >&-", 0),
        ("list --json >&-", 0),
        ("grade - spooky <&-", 1),
        ("describe spooky >&- 2>&-", 0),
    ],
)
def test_a_closed_stream_is_an_empty_one(command: str, code: int, data_dir: Path) -> None:
    program = " ".join(map(shlex.quote, PROGRAM))
    done = subprocess.run(
        ["/bin/sh", "-c", f"{program} {command}"],
        capture_output=True,
        check=False,
        env=os.environ | {"MLEGRADE_DATA_DIR": str(data_dir)},
    )
    assert done.returncode == code
    assert done.stderr == b""


@pytest.mark.parametrize("columns", [70, 80, 200])
def test_scores_and_medals_are_never_cut(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    competition = "jigsaw-unintended-bias-in-toxicity-classification"
    row = ("finished", "no medal", "-1.09861", competition, "1", "23:59:59", "why " * 20)
    table(("state", "medal", "score", "competition", "seed", "time", "reason"), [row])
    shown = capsys.readouterr().out
    assert all(cell in shown for cell in row[:3])
    assert row[4] in shown
    assert row[5] in shown


@pytest.mark.parametrize(("columns", "hidden"), [(12, "score, why"), (20, "why"), (80, "")])
def test_a_table_tells_of_columns_without_room(
    columns: int, hidden: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    table(("name", "score", "why"), [("one name", "1.5", "because")])
    told = f"no room for {hidden}: widen the terminal, or print into a pipe.\n" if hidden else ""
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("columns", [60, 200])
@pytest.mark.parametrize(
    "arguments",
    [
        ["info", "3d-object"],
        ["info", "hubmap"],
        ["validate", "broken.csv", "spooky"],
        ["grade", "good.csv", "spooky"],
    ],
)
def test_paragraphs_fit_the_terminal(
    columns: int,
    arguments: list[str],
    call: Call,
    files: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(files["broken"].parent)
    monkeypatch.setenv("COLUMNS", str(columns))
    piped = call(*arguments).stdout.splitlines()
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _: True, raising=False)
    shown = call(*arguments).stdout.splitlines()
    assert all(len(line) <= columns or " " not in line.strip() for line in shown[1:])
    assert " ".join(" ".join(shown).split()) == " ".join(" ".join(piped).split())


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run([*PROGRAM, "list"], stdout=write, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(write)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_ends_quietly() -> None:
    with subprocess.Popen(
        [*PROGRAM, "grade-many", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"\n" * (1 << 20))  # more than fits: it has begun to read
        process.send_signal(signal.SIGINT)
        # Between two reads Python hears of no signal: the input's end wakes it up.
        _, message = process.communicate(timeout=600)
    assert process.returncode == 130
    assert b"Traceback" not in message


def test_what_nobody_foresaw_is_no_fault_of_the_submission(
    call: Call, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("mlegrade.grading.Grader.__call__", fail)
    result = call("grade", files["good"], "spooky", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["error"]["code"] == "ZeroDivisionError"
    assert "ZeroDivisionError: division by zero. Nobody foresaw this" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["info", "nothing", "--json"]])
def test_a_full_disk_is_said_in_a_sentence(words: list[str]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [*PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == (2 if "nothing" in words else 3)
    assert "Traceback" not in done.stderr
    assert ("no competition" if "nothing" in words else "No space left") in done.stderr


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mlegrade", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("mlegrade ")
