"""The runner is killed at many moments; the same call again loses nothing and doubles nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlegrade.competitions import _catalogue, register
from mlegrade.runner import RunGroup, grade_group
from mlegrade.runner.local import _processes
from runner.helpers import TINY, journal, lines, table, write_agent, write_competition
from runner.test_container import containers

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLED = Path(__file__).with_name("killed.py")
GOOD = f"""
import os
with open(os.environ.get("SUBMISSION_DIR", "/home/submission") + "/submission.csv", "w") as file:
    file.write({table(lambda row: int(row % 3 == 0))!r})
print("done")
"""
# How many of the moments are tried; all of them take minutes.
LOCAL_MOMENTS = 16
CONTAINER_MOMENTS = 9


class Runner:
    """Calls the runner in processes that can be killed.

    Parameters
    ----------
    tmp_path, data_dir : Path
        Where things go.
    options : dict
        What all calls share.
    """

    def __init__(self, tmp_path: Path, data_dir: Path, **options: Any) -> None:
        self.out = tmp_path / "runs"
        self.options = {
            "folder": str(tmp_path / "tiny"),
            "competitions": [TINY],
            "data_dir": str(data_dir),
            "limits": {"time": 60, "grace": 2, "disk": 1 << 30},
            "group": "group",
        } | options

    def start(self, kill_at: int = 0, out: str = "0", **options: Any) -> subprocess.Popen[str]:
        """Start the runner; it kills itself at its n-th change."""
        where = {"out": str(self.out / out)}
        arguments = json.dumps(self.options | where | options)
        return subprocess.Popen(
            [sys.executable, str(KILLED), arguments, str(kill_at)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, kill_at: int = 0, out: str = "0", **options: Any) -> int:
        """Call the runner; return the number of changes that it made, or minus a signal."""
        process = self.start(kill_at, out, **options)
        output, errors = process.communicate(timeout=120)
        assert process.returncode in {0, -signal.SIGKILL}, errors
        return process.returncode or int(output)

    def group(self, out: str = "0") -> RunGroup:
        return RunGroup(self.out / out / "group")

    def until_running(self, out: str = "0") -> None:
        """Wait until the agent has said that it runs."""
        work = self.group_folder(out) / "work" / "logs" / "here"
        deadline = time.monotonic() + 60
        while not work.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def group_folder(self, out: str = "0") -> Path:
        return self.out / out / "group" / TINY / "seed-0"


@pytest.fixture(params=["local", "podman"])
def runner(request: pytest.FixtureRequest, tmp_path: Path, data_dir: Path) -> Iterator[Runner]:
    register(write_competition(tmp_path / "tiny"))
    image = request.getfixturevalue("podman") if request.param == "podman" else None
    agent = write_agent(tmp_path / "agent", GOOD)
    yield Runner(tmp_path, data_dir, agent=str(agent), engine=request.param, image=image)
    _catalogue._registered.pop(TINY)


def check_whole(runner: Runner, out: str, runs: int = 1) -> list[dict[str, Any]]:
    """Assert that all runs are whole, and that nothing is left over; return their records."""
    group = runner.group(out)
    records = []
    for state, report in grade_group(group, data_dir=runner.options["data_dir"]):
        record = journal(group, seed=state.seed)
        states = [entry["state"] for entry in record["history"]]
        assert states[0] == "queued"
        assert states[-1] == "finished"
        assert states.count("finished") == 1
        assert states.count("running") <= record["attempt"] <= 2, states
        assert report.score == 1
        assert record["exit_code"] == 0
        assert record["collected"]["files"] == 1
        assert record["snapshots"] == len(lines(state.folder / "snapshots" / "index.jsonl")) == 1
        assert (state.folder / "run.log").read_text() == "done\n"
        left = {path.name for path in state.folder.iterdir()} - {".lock"}
        assert not {name for name in left if name == "work" or name.startswith(".")}, left
        records.append(record)
    assert len(records) == runs
    return records


def moments(count: int, many: int) -> list[int]:
    """Return so many numbers from 1 to `count`, evenly spread, the last ones among them."""
    return sorted({1 + round(step * (count - 1) / (many - 1)) for step in range(many)})


def test_killed_at_many_moments(runner: Runner) -> None:
    total = runner.call()
    assert total > 30
    local = runner.options["engine"] == "local"
    attempts = set()
    for moment in moments(total, LOCAL_MOMENTS if local else CONTAINER_MOMENTS):
        out = str(moment)
        # How often it looks at the disk is not the same each time: it may be done before.
        assert runner.call(moment, out) == -signal.SIGKILL or moment > total - 5
        runner.call(0, out)
        (record,) = check_whole(runner, out)
        attempts.add(record["attempt"])
        if not local:
            assert not containers(runner.group_folder(out))
    # A process ends with its runner and has to start again, a container is taken over.
    assert attempts == {1, 2} if local else 1 in attempts


def test_killed_again_and_again(runner: Runner) -> None:
    """Three runs, and a runner that never gets further than so many changes at a time."""
    for moment in (25, 45, 65, 40):
        runner.call(moment, seeds=3)
    assert runner.call(seeds=3) > 0
    group = runner.group()
    for state, report in grade_group(group, data_dir=runner.options["data_dir"]):
        assert (state.state, report.score) == ("finished", 1)
        assert [e["state"] for e in state.record["history"]].count("finished") == 1
    before = [journal(group, seed=seed) for seed in range(3)]
    assert runner.call(seeds=3) < 25  # there was nothing left to do
    assert [journal(group, seed=seed) for seed in range(3)] == before


SLOW = """
import os, time
with open(os.environ.get("LOGS_DIR", "/home/logs") + "/here", "w") as file:
    pass
time.sleep(SECONDS)
"""


def slow_agent(runner: Runner, seconds: float, then: str = GOOD) -> None:
    write_agent(Path(runner.options["agent"]), SLOW.replace("SECONDS", str(seconds)) + then)


@pytest.mark.parametrize("runner", ["local"], indirect=True)
def test_a_local_agent_ends_with_its_runner(runner: Runner) -> None:
    slow_agent(runner, 3)
    with runner.start() as process:
        runner.until_running()
        process.kill()
    folder = runner.group_folder()
    record = json.loads((folder / "journal.json").read_text())
    assert record["state"] == "running"
    deadline = time.monotonic() + 10
    while list(_processes(key_of(folder))):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    runner.call()
    record = journal(runner.group())
    assert (record["state"], record["attempt"]) == ("finished", 2)
    assert "interrupted" in record["history"][-3]["reason"]


def key_of(folder: Path) -> str:
    from hashlib import sha256

    return sha256(str(folder.resolve()).encode()).hexdigest()[:16]


@pytest.mark.parametrize("runner", ["podman"], indirect=True)
class TestTakingOver:
    """A container goes on without its runner, and the next runner finds it."""

    def test_one_that_still_runs(self, runner: Runner) -> None:
        then = """
import urllib.request
body = (b'--x\\r\\nContent-Disposition: form-data; name="file"; filename="a"\\r\\n\\r\\nid\\r\\n'
        b"--x--\\r\\n")
kind = {"Content-Type": "multipart/form-data; boundary=x"}
request = urllib.request.Request("http://localhost:5000/validate", body, kind)
print(urllib.request.urlopen(request, timeout=60).status)
"""
        slow_agent(runner, 6, then + GOOD)
        with runner.start() as process:
            runner.until_running()
            process.kill()
        time.sleep(1)
        runner.call()
        record = journal(runner.group())
        assert (record["state"], record["attempt"]) == ("finished", 1)
        assert len(record["taken_over"]) == 1
        assert 6 <= record["elapsed"] < 30
        assert record["validations"] == 1  # the new runner's server answered
        assert (runner.group_folder() / "run.log").read_text() == "200\ndone\n"

    def test_one_that_has_ended_meanwhile(self, runner: Runner) -> None:
        slow_agent(runner, 1)
        with runner.start() as process:
            runner.until_running()
            process.kill()
        time.sleep(5)
        runner.call()
        record = journal(runner.group())
        assert (record["state"], record["attempt"]) == ("finished", 1)
        assert 1 <= record["elapsed"] < 4  # not the time until somebody looked

    def test_its_clock_goes_on(self, runner: Runner) -> None:
        slow_agent(runner, 100)
        limits = {"limits": {"time": 8, "grace": 1, "disk": 1 << 30}}
        with runner.start(**limits) as process:
            runner.until_running()
            process.kill()
        time.sleep(3)
        runner.call(**limits)
        record = journal(runner.group())
        assert (record["state"], record["attempt"]) == ("timed_out", 1)
        assert 8 <= record["elapsed"] < 12

    def test_time_that_nobody_watched_does_not_count(self, runner: Runner) -> None:
        slow_agent(runner, 6)
        limits = {"limits": {"time": 3, "grace": 1, "disk": 1 << 30}}
        with runner.start(**limits) as process:
            runner.until_running()
            process.kill()
        time.sleep(7)  # now it has ended by itself, twice too late
        runner.call(**limits)
        record = journal(runner.group())
        assert (record["state"], record["attempt"]) == ("timed_out", 2)
        assert "no runner watched" in json.dumps(record["history"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_put_runs_back(runner: Runner, number: int, tmp_path: Path) -> None:
    """The command, told to stop, ends its agents and leaves a group that can be continued."""
    slow_agent(runner, 60)
    options = runner.options
    # The command knows no registered competitions: it runs the built-in one.
    command = [sys.executable, "-m", "mlegrade.cli", "run", "--agent", options["agent"]]
    command += ["--competitions", "optical-digits", "--data-dir", options["data_dir"]]
    command += ["--out", str(tmp_path / "out"), "--engine", options["engine"], "--group", "g"]
    command += ["--image", options["image"]] if options["image"] else []
    folder = tmp_path / "out" / "g" / "optical-digits" / "seed-0"
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not (folder / "work" / "logs" / "here").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(process.pid, number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    record = json.loads((folder / "journal.json").read_text())
    assert (record["state"], record["reason"]) == ("queued", "the runner was told to stop.")
    if options["engine"] == "podman":
        assert not containers(folder)
    else:
        assert not list(_processes(key_of(folder)))
