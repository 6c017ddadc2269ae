"""`mlegrade prepare`, `sizes` and `doctor --kaggle`, against a server that plays Kaggle's part."""

from __future__ import annotations

import io
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from contextlib import redirect_stderr, suppress
from typing import TYPE_CHECKING

import pytest

from cli.spooky import parsed
from kaggle_server import Kaggle, playing
from mlegrade.prepare._lock import locked
from raw import RAWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.spooky import Call

PIZZA, CACTUS = "random-acts-of-pizza", "aerial-cactus-identification"
DIGITS, MISSING = "optical-digits", "spaceship-titanic"
CONTENT = ("--verify", "content")


@pytest.fixture
def kaggle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    folders = {name: tmp_path / "made" / name for name in (PIZZA, CACTUS)}
    for name, folder in folders.items():
        RAWS[name].write(folder)
    monkeypatch.setattr("mlegrade.prepare._kaggle.sleep", lambda _: None)
    monkeypatch.setattr("mlegrade.cli._kaggle.time.sleep", lambda _: None)
    with playing(Kaggle.of(folders), monkeypatch, tmp_path) as server:
        yield server


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_failure_does_not_stop_the_others(call: Call, kaggle: Kaggle, jobs: str) -> None:
    kaggle.refusals[CACTUS] = [403]
    names = (CACTUS, MISSING, PIZZA, DIGITS)
    result = call("prepare", *names, *CONTENT, "--jobs", jobs)
    assert result.exit_code == 3
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [row[0] for row in rows] == list(names)
    assert [row[1] for row in rows] == ["failed", "failed", "prepared", "prepared"]
    assert [row[3] for row in rows] == ["rules_not_accepted", "not_found", "", ""]
    assert f"https://www.kaggle.com/competitions/{CACTUS}/rules" in rows[0][5]
    assert f"https://www.kaggle.com/competitions/{MISSING}/data" in rows[1][5]
    assert rows[2][2] == "4 files by content"
    assert sorted(result.stderr.splitlines()[-1].split()[:1]) == ["4/4"]
    kaggle.refusals.clear()
    result = call("prepare", *names, *CONTENT)
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [row[1] for row in rows] == ["prepared", "failed", "already there", "already there"]


def test_json_is_alone_on_the_standard_output(call: Call, kaggle: Kaggle) -> None:
    kaggle.refusals[CACTUS] = [403]
    result = call("prepare", CACTUS, PIZZA, *CONTENT, "--json")
    assert result.exit_code == 3
    assert not result.stderr
    failed, done = parsed(result)
    assert failed["failure"]
    assert failed["error"]["code"] == "rules_not_accepted"
    assert failed["error"]["url"].endswith("/rules")
    assert failed["error"]["next"] in failed["error"]["message"]
    assert (done["competition_id"], done["variant"], done["how"]) == (PIZZA, "mle-bench", "content")


def test_a_split(call: Call, kaggle: Kaggle) -> None:
    found = parsed(call("prepare", "--split", "demo", "--json"))
    assert [entry["competition_id"] for entry in found] == [DIGITS]
    assert not kaggle.asked


@pytest.mark.usefixtures("kaggle")
def test_answers_only_downloads_a_few_files(call: Call, kaggle: Kaggle, tmp_path: Path) -> None:
    result = call("prepare", CACTUS, *CONTENT, "--answers-only", "--no-keep-raw", "--json")
    (done,) = parsed(result)
    assert done["answers_only"]
    assert kaggle.asked == [f"DownloadDataFile {CACTUS}"]
    root = tmp_path / "data" / CACTUS
    found = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert found == {
        "prepared/mlegrade.json",
        "prepared/private/test.csv",
        "prepared/public/sample_submission.csv",
        "prepared/public/train.csv",
    }
    assert call("doctor", CACTUS).exit_code == 0


@pytest.mark.usefixtures("kaggle")
def test_agents_do_not_work_on_answers_alone(call: Call, tmp_path: Path) -> None:
    assert call("prepare", CACTUS, *CONTENT, "--answers-only").exit_code == 0
    run = ("run", "--agent", "dummy", "--competitions", CACTUS, "--engine", "local")
    result = call(*run, "--out", tmp_path / "runs")
    assert result.exit_code == 3
    assert f"Run `mlegrade prepare {CACTUS}" in result.stderr


@pytest.mark.usefixtures("kaggle")
def test_data_of_mle_bench_is_taken_over(call: Call, tmp_path: Path) -> None:
    assert call("prepare", PIZZA, *CONTENT).exit_code == 0
    shutil.move(tmp_path / "data" / PIZZA, tmp_path / "theirs" / PIZZA)
    result = call("prepare", PIZZA, *CONTENT, "--adopt", str(tmp_path / "theirs"), "--json")
    assert not parsed(result)[0]["already_there"]


@pytest.mark.usefixtures("kaggle")
def test_fixes(call: Call, tmp_path: Path) -> None:
    (done,) = parsed(call("prepare", PIZZA, *CONTENT, "--fixes", "--json"))
    assert done["variant"] == "fixes"
    assert done["folder"] == str(tmp_path / "data" / "fixes" / PIZZA / "prepared")
    answers = f"{done['folder']}/private/test.csv"
    shown = call("grade", answers, PIZZA, "--data-dir", str(tmp_path / "data" / "fixes"))
    assert "data with fixes: not to be compared" in shown.stdout
    assert "known issue" not in shown.stdout
    issues = parsed(call("info", PIZZA, "--json"))["known_issues"]
    assert [issue["mended_by_fixes"] for issue in issues] == [True]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name a competition"),
        ((PIZZA, CACTUS, "--from", "raw"), "--from is for one competition"),
        ((PIZZA, "--from", "raw", "--adopt", "theirs"), "exclude each other"),
        ((PIZZA, "--verify", "off", "--no-keep-raw"), "removes nothing unverified"),
        ((PIZZA, "--jobs", "0"), "--jobs"),
        ((PIZZA, "--verify", "much"), "--verify"),
    ],
)
def test_usage(call: Call, arguments: tuple[str, ...], words: str) -> None:
    result = call("prepare", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_doctor_asks_kaggle(call: Call, kaggle: Kaggle) -> None:
    kaggle.refusals[CACTUS] = [403]
    result = call("doctor", PIZZA, CACTUS, DIGITS, "--kaggle")
    assert result.exit_code == 3
    assert f"✓  {PIZZA}  0.00 GB" in result.stdout
    assert f"✗  {CACTUS}  rules_not_accepted" in result.stdout
    assert f"competitions/{CACTUS}/rules" in result.stdout
    assert len(kaggle.asked) == 2
    assert call("doctor", PIZZA, "--kaggle").exit_code == 0


def test_doctor_does_not_ask_in_vain(call: Call, kaggle: Kaggle) -> None:
    kaggle.refusals[CACTUS] = [429]
    found = parsed(call("doctor", CACTUS, PIZZA, "--kaggle", "--json"))
    assert [entry["code"] for entry in found["kaggle"]] == ["too_many_requests"]
    result = call("doctor", CACTUS, PIZZA, "--kaggle")
    assert "1 more were not asked for" in result.stdout


@pytest.mark.usefixtures("kaggle")
def test_doctor_looks_at_a_split(call: Call) -> None:
    found = parsed(call("doctor", "--split", "dev", "--json"))
    assert len(found["competitions"]) == 7
    assert found["kaggle"] is None


def test_sizes(call: Call, kaggle: Kaggle) -> None:
    assert call("prepare", PIZZA, *CONTENT).exit_code == 0
    found = parsed(call("sizes", PIZZA, CACTUS, "--kaggle", "--json"))
    pizza, cactus = found["competitions"]
    assert pizza["download"] == len(kaggle.packed(PIZZA))
    assert pizza["public"] > pizza["private"] > 0
    assert (cactus["raw"], cactus["test_rows"]) == (None, 3325)
    result = call("sizes", PIZZA, CACTUS)
    assert result.exit_code == 0
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert rows[1][1:5] == ["?"] * 4
    assert rows[2][0] == "2 competitions"
    assert rows[2][3].endswith("kB + 1 ?")


@pytest.mark.usefixtures("kaggle")
def test_sizes_of_a_split_and_what_is_published(call: Call) -> None:
    result = call("sizes", "--split", "lite")
    assert "158.0 GB" in result.stdout
    assert parsed(call("sizes", "--split", "all", "--json"))["published"] == 3_300_000_000_000


def test_list_says_what_preparing_offers(call: Call) -> None:
    rows = {line.split("\t")[0]: line.split("\t") for line in call("list").stdout.splitlines()}
    assert rows[PIZZA][4] == "--answers-only --fixes"
    assert rows["plant-seedlings-classification"][4] == ""
    info = parsed(call("info", PIZZA, "--json"))
    assert info["answers_raw_files"] == ["train.json", "test.json"]
    assert info["fixes"] == ["The giver's name is removed from all records."]
    assert "prepare --fixes: The giver's name" in call("info", PIZZA).stdout


def test_on_a_terminal_there_are_bars_and_a_table(tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    command = [sys.executable, "-m", "mlegrade.cli", "prepare", DIGITS, CACTUS, "--jobs", "2"]
    (tmp_path / CACTUS / "raw").mkdir(parents=True)
    (tmp_path / CACTUS / "raw" / "another.csv").touch()
    with subprocess.Popen(
        [*command, "--data-dir", tmp_path], stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # the other end is closed
            while piece := os.read(screen, 1 << 16):
                shown += piece
    os.close(screen)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())
    assert process.returncode == 3
    assert f"{DIGITS}: " in text  # a bar
    assert re.search(rf"{DIGITS} +prepared +4 checksums", text)
    assert re.search(rf"{CACTUS} +failed +NotPreparedError", text)
    assert "✗" in text


def test_lines_are_not_lost_to_who_redirects(capsys: pytest.CaptureFixture[str]) -> None:
    from mlegrade.cli import _jobs

    with _jobs._lines(1) as report, redirect_stderr(io.StringIO()):
        report(DIGITS, "prepared", -1, 0)
    assert capsys.readouterr().err == f"1/1  {DIGITS}  prepared\n"


# What runs in the background is told to ignore interrupts; and this one says when it waits.
HEEDS = """
import signal
import time

from mlegrade.cli import main

def say(seconds, sleep=time.sleep):
    print("waiting", flush=True)
    sleep(seconds)

time.sleep = say
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


def test_an_interruption_ends_it(tmp_path: Path) -> None:
    (tmp_path / DIGITS).mkdir()
    with locked(tmp_path / DIGITS / ".lock", pytest.fail):
        command = [sys.executable, "-c", HEEDS, "prepare", DIGITS, "--data-dir", tmp_path]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"waiting\n"
            process.send_signal(signal.SIGINT)
            assert process.wait(600) == 130
    assert not list((tmp_path / DIGITS).iterdir())


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    from mlegrade.cli import _jobs

    begun = []

    def fail(name: str, **_: object) -> None:
        begun.append(name)
        raise NotImplementedError("a fault")

    monkeypatch.setattr("mlegrade.prepare.prepare", fail)
    with pytest.raises(NotImplementedError, match="a fault"):
        _jobs.run_all([DIGITS, CACTUS], {}, jobs=1, quiet=True)
    assert begun == [DIGITS]
