"""The runner is killed at many moments; the same call again loses nothing and doubles nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlegrade.competitions import _catalogue, register
from mlegrade.runner import Limits, RunGroup, grade_group, run
from mlegrade.runner.inside.launch import processes
from runner.helpers import (
    GO,
    HOUR,
    READY,
    TINY,
    Later,
    has_started,
    journal,
    key_of,
    lines,
    table,
    wait_for,
    waits_until,
    write_agent,
    write_competition,
)
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
WAITING = READY + waits_until(GO) + GOOD
# How many of the moments are tried; all of them take minutes.
LOCAL_MOMENTS = 10
CONTAINER_MOMENTS = 6

pytestmark = pytest.mark.slow


class Runner:
    """Calls the runner, most often in processes that can be killed.

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
            "limits": {"time": HOUR / 2, "grace": 2, "disk": 1 << 30},
            "group": "0",
            "out": str(self.out),
        } | options

    def start(self, kill_at: int = 0, **options: Any) -> subprocess.Popen[str]:
        """Start the runner; it kills itself at its n-th change."""
        arguments = json.dumps(self.options | options)
        return subprocess.Popen(
            [sys.executable, str(KILLED), arguments, str(kill_at)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, kill_at: int = 0, **options: Any) -> int:
        """Call the runner; return the number of changes that it made, or minus a signal."""
        return self.end(self.start(kill_at, **options))

    @staticmethod
    def end(process: subprocess.Popen[str]) -> int:
        """Return what a call returns, once it ends."""
        output, errors = process.communicate(timeout=1800)
        assert process.returncode in {0, -signal.SIGKILL}, errors
        return process.returncode or int(output)

    def here(self, **options: Any) -> None:
        """Call the runner in this process, where a test sets its clock."""
        options = self.options | options
        options["limits"] = Limits(**options["limits"])
        del options["folder"]
        run(**options)

    def killed(self, **options: Any) -> None:
        """Start the runner, and kill it while its agent runs."""
        with self.start(**options) as process:
            wait_for(lambda: has_started(self.group_folder()) or process.poll() is not None)
            assert process.poll() is None, process.communicate()
            process.kill()

    def until_again(self) -> None:
        """Wait until the second attempt runs: only then are signs no longer those of the first."""
        wait_for(lambda: (found := self.record())["attempt"] == 2 and found["state"] == "running")

    @property
    def agent(self) -> Path:
        return Path(self.options["agent"])

    def go(self) -> None:
        """Tell the agent to go on."""
        (self.group_folder() / "work" / "logs" / "go").touch()

    def group(self, group: str = "0") -> RunGroup:
        return RunGroup(self.out / group)

    def group_folder(self, group: str = "0") -> Path:
        return self.out / group / TINY / "seed-0"

    def record(self) -> dict[str, Any]:
        return journal(self.group())


@pytest.fixture(params=["local", "podman"])
def runner(request: pytest.FixtureRequest, tmp_path: Path, data_dir: Path) -> Iterator[Runner]:
    register(write_competition(tmp_path / "tiny"))
    image = request.getfixturevalue("podman") if request.param == "podman" else None
    agent = write_agent(tmp_path / "agent", GOOD)
    yield Runner(tmp_path, data_dir, agent=str(agent), engine=request.param, image=image)
    _catalogue._registered.pop(TINY)


def check_whole(runner: Runner, name: str, runs: int = 1) -> list[dict[str, Any]]:
    """Assert that all runs are whole, and that nothing is left over; return their records."""
    group = runner.group(name)
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
        name = f"at-{moment}"
        # How often it looks at the disk is not the same each time: it may be done before.
        assert runner.call(moment, group=name) == -signal.SIGKILL or moment > total - 5
        runner.call(group=name)
        (record,) = check_whole(runner, name)
        attempts.add(record["attempt"])
        if not local:
            assert not containers(runner.group_folder(name))
    # A process ends with its runner and has to start again, a container is taken over.
    assert attempts == {1, 2} if local else 1 in attempts


def test_killed_again_and_again(runner: Runner) -> None:
    """Three runs, and a runner that never gets further than so many changes at a time."""
    for moment in (25, 65):
        runner.call(moment, seeds=3)
    assert runner.call(seeds=3) > 0
    group = runner.group()
    for state, report in grade_group(group, data_dir=runner.options["data_dir"]):
        assert (state.state, report.score) == ("finished", 1)
        assert [e["state"] for e in state.record["history"]].count("finished") == 1
    before = [journal(group, seed=seed) for seed in range(3)]
    assert runner.call(seeds=3) < 25  # there was nothing left to do
    assert [journal(group, seed=seed) for seed in range(3)] == before


@pytest.mark.parametrize("runner", ["local"], indirect=True)
def test_a_local_agent_ends_with_its_runner(runner: Runner) -> None:
    write_agent(runner.agent, WAITING)
    runner.killed()
    assert runner.record()["state"] == "running"
    wait_for(lambda: not list(processes(key_of(runner.group_folder()))))
    with runner.start() as process:
        runner.until_again()
        runner.go()
        runner.end(process)
    record = runner.record()
    assert (record["state"], record["attempt"]) == ("finished", 2)
    assert "interrupted" in record["history"][-3]["reason"]


@pytest.mark.parametrize("runner", ["podman"], indirect=True)
class TestTakingOver:
    """A container goes on without its runner, and the next runner finds it."""

    def test_one_that_still_runs(self, runner: Runner) -> None:
        asks = """
import urllib.request
body = (b'--x\\r\\nContent-Disposition: form-data; name="file"; filename="a"\\r\\n\\r\\nid\\r\\n'
        b"--x--\\r\\n")
kind = {"Content-Type": "multipart/form-data; boundary=x"}
request = urllib.request.Request("http://localhost:5000/validate", body, kind)
print(urllib.request.urlopen(request, timeout=600).status)
"""
        write_agent(runner.agent, READY + waits_until(GO) + asks + GOOD)
        begin = time.monotonic()
        runner.killed()
        dead = time.monotonic()
        with runner.start() as process:
            wait_for(lambda: "taken_over" in runner.record())
            alone = time.monotonic() - dead
            runner.go()
            runner.end(process)
        record = runner.record()
        assert (record["state"], record["attempt"]) == ("finished", 1)
        assert len(record["taken_over"]) == 1
        assert alone < record["elapsed"] < time.monotonic() - begin
        assert record["validations"] == 1  # the new runner's server answered
        assert (runner.group_folder() / "run.log").read_text() == "200\ndone\n"

    @pytest.mark.usefixtures("later")
    def test_one_that_has_ended_meanwhile(self, runner: Runner) -> None:
        """Somebody looks an hour later, which is not the time that it took."""
        write_agent(runner.agent, WAITING)
        begin = time.monotonic()
        runner.killed()
        runner.go()
        wait_for(lambda: not containers(runner.group_folder(), running=True))
        ran = time.monotonic() - begin
        runner.here()
        record = runner.record()
        assert (record["state"], record["attempt"]) == ("finished", 1)
        assert 0 < record["elapsed"] < ran

    def test_its_clock_goes_on(
        self, runner: Runner, later: Later, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An hour passes before it is taken over, and one more afterwards: its time is up."""
        write_agent(runner.agent, WAITING)
        limits = {"limits": runner.options["limits"] | {"time": 1.5 * HOUR}}
        begin = time.monotonic()
        runner.killed(**limits)
        once_more = Later(lambda: "taken_over" in runner.record(), later)
        monkeypatch.setattr("mlegrade.runner.clock.time", once_more)
        runner.here(**limits)
        record = runner.record()
        assert (record["state"], record["attempt"]) == ("timed_out", 1)
        assert 2 * HOUR < record["elapsed"] < 2 * HOUR + time.monotonic() - begin

    def test_time_that_nobody_watched_does_not_count(self, runner: Runner) -> None:
        """It ended by itself, but too late; the second attempt is ended in time."""
        write_agent(runner.agent, WAITING)
        limits = {"limits": runner.options["limits"] | {"time": 2}}
        runner.killed(still=True, **limits)
        dead = time.monotonic()
        wait_for(lambda: time.monotonic() - dead > 2)
        runner.go()
        wait_for(lambda: not containers(runner.group_folder(), running=True))
        runner.call(**limits)
        record = runner.record()
        assert (record["state"], record["attempt"]) == ("timed_out", 2)
        assert "no runner watched" in json.dumps(record["history"])

    @pytest.mark.usefixtures("later")
    def test_one_that_still_runs_when_its_time_is_up(self, runner: Runner) -> None:
        """What it did since does not count either, so it is ended and starts again."""
        write_agent(runner.agent, WAITING)
        runner.killed()
        (name,) = containers(runner.group_folder(), running=True)
        with ThreadPoolExecutor(1) as pool:
            again = pool.submit(runner.here)
            runner.until_again()
            assert name not in containers(runner.group_folder())
            runner.go()
            again.result()
        record = runner.record()
        assert (record["state"], record["attempt"]) == ("finished", 2)
        assert "no runner watched" in json.dumps(record["history"])
        assert record["elapsed"] < HOUR  # its own time alone
        assert (runner.group_folder() / "run.log").read_text() == "done\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_put_runs_back(runner: Runner, number: int, tmp_path: Path) -> None:
    """The command, told to stop, ends its agents and leaves a group that can be continued."""
    write_agent(runner.agent, WAITING)
    options = runner.options
    # The command knows no registered competitions: it runs the built-in one.
    command = [sys.executable, "-m", "mlegrade.cli", "run", "--agent", options["agent"]]
    command += ["--competitions", "optical-digits", "--data-dir", options["data_dir"]]
    command += ["--out", str(tmp_path / "out"), "--engine", options["engine"], "--group", "g"]
    command += ["--image", options["image"]] if options["image"] else []
    folder = tmp_path / "out" / "g" / "optical-digits" / "seed-0"
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        wait_for((folder / "work" / "logs" / "ready").exists)
        os.kill(process.pid, number)
        _, errors = process.communicate(timeout=900)
    assert process.returncode == 130
    assert "Traceback" not in errors
    record = json.loads((folder / "journal.json").read_text())
    assert (record["state"], record["reason"]) == ("queued", "the runner was told to stop.")
    if options["engine"] == "podman":
        assert not containers(folder)
    else:
        assert not list(processes(key_of(folder)))
