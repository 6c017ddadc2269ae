"""Runs with the local engine: their states, their clock, what they leave behind."""

from __future__ import annotations

import hashlib
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

from mlegrade.errors import NotPreparedError, PrerequisiteError, SetupError, UsageError
from mlegrade.runner import Limits, RunGroup, get_agent, grade_group, run
from mlegrade.runner.files import exclusive
from mlegrade.runner.inside import launch
from mlegrade.runner.journal import Journal
from mlegrade.runner.snapshots import INDEX, SUBMISSION, Snapshots
from runner.helpers import (
    DIGITS,
    HOUR,
    READY,
    ROWS,
    TINY,
    has_started,
    journal,
    lines,
    table,
    wait_for,
    waits_until,
    write_agent,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlegrade.runner import RunState

    Start = Callable[..., RunGroup]

GOOD = f"""
import os
with open(os.environ["SUBMISSION_DIR"] + "/submission.csv", "w") as file:
    file.write({table(lambda row: int(row % 3 == 0))!r})
"""
FOR_EVER = waits_until("False")


@pytest.mark.parametrize(("agent", "medal"), [("dummy", None), ("baseline", "silver")])
def test_the_agents_that_come_along(
    tmp_path: Path, data_dir: Path, agent: str, medal: str | None
) -> None:
    group = run(agent, [DIGITS], out=tmp_path, data_dir=data_dir, engine="local", seeds=2)
    graded = list(grade_group(group))
    assert [(state.state, state.seed) for state, _ in graded] == [("finished", 0), ("finished", 1)]
    for state, report in graded:
        assert report.valid_submission
        assert (report.medal and report.medal.value) == medal
        assert report.meta["seed"] == state.seed
        written = json.loads((state.folder / "report.json").read_text())
        assert written["score"] == report.score
        (snapshot,) = lines(state.folder / "snapshots.jsonl")
        assert snapshot["report"]["submission_sha256"] == snapshot["sha256"]
        (call,) = lines(state.folder / "validations.jsonl")
        assert call["ok"]
        assert call["sha256"] == snapshot["sha256"]
        assert not (state.folder / "work").exists()


def test_what_dummy_finds(tmp_path: Path, data_dir: Path) -> None:
    group = run("dummy", [DIGITS], out=tmp_path, data_dir=data_dir, engine="local", seeds=[7])
    found = json.loads((group.run_folder(DIGITS, 7) / "logs" / "surroundings.json").read_text())
    assert found["competition"] == DIGITS
    assert found["seed"] == "7"
    assert found["server"]
    assert json.loads(found["validation"])["ok"]
    assert found["folders_writable"] == ["submission", "code", "logs"]


def test_the_record_of_a_run(start: Start) -> None:
    group = start(GOOD, seeds=[3], definition={"arguments": ["--x", "{seed}"]})
    record = journal(group, seed=3)
    assert [entry["state"] for entry in record["history"]] == ["queued", "running", "finished"]
    assert record["seed"] == 3
    assert record["exit_code"] == 0
    assert record["agent"]["command"] == ["python3", "{agent}/main.py", "--x", "{seed}"]
    assert len(record["agent"]["sha256"]) == 64
    assert record["engine"]["name"] == "local"
    assert record["limits"]["time"] == HOUR / 2
    assert record["host"]["mlegrade"]
    assert 0 < record["elapsed"] < HOUR / 2
    assert record["collected"]["files"] == 1
    assert record["started_at"] < record["ended_at"]
    assert record["fault"] is None


def test_an_agent_that_fails(start: Start) -> None:
    group = start(GOOD + "raise SystemExit(3)")
    record = journal(group)
    assert (record["state"], record["fault"], record["exit_code"]) == ("failed", "agent", 3)
    ((_, report),) = grade_group(group)
    assert report.score == 1  # what it left behind counts all the same


def test_an_agent_that_is_killed(start: Start) -> None:
    group = start("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert journal(group)["exit_code"] == 137


def test_an_agent_without_a_program(start: Start) -> None:
    group = start("", definition={"command": ["no-such-program"]})
    record = journal(group)
    assert (record["state"], record["exit_code"]) == ("failed", 127)
    log = (group.run_folder(TINY, 0) / "run.log").read_text()
    assert "no-such-program cannot be started" in log


@pytest.mark.parametrize("name", ["submission", "code", "logs"])
@pytest.mark.parametrize("left", ["pass", "open(path, 'w').close()", "os.symlink('/', path)"])
def test_an_agent_that_removes_its_folder(
    start: Start, name: str, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It loses what was there, at its end and while it runs, and nothing else."""
    monkeypatch.setattr("mlegrade.runner.watch.TICK", 0.05)
    code = f"""
import os, shutil
path = os.environ["{name.upper()}_DIR"]
shutil.rmtree(path)
{left}
"""
    looks = waits_until("time.monotonic() - since > 0.5")
    group = start(GOOD + code + looks, snapshot_every=0.1)
    record = journal(group)
    assert (record["state"], record["attempt"]) == ("finished", 1)
    ((path, reason),) = record["collected"]["skipped"]
    assert path == name
    assert "cannot be opened" in reason
    ((_, report),) = grade_group(group)
    assert report.submission_exists == (name != "submission")


@pytest.mark.parametrize("path", ["", "run.log", "control"])
def test_an_agent_that_removes_what_is_the_runner_s(
    start: Start, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing keeps an agent of the local engine from that, and its run ends all the same."""
    monkeypatch.setattr("mlegrade.runner.watch.TICK", 0.05)
    code = f"""
import os, shutil
path = os.environ["LOGS_DIR"] + "/../{path}"
os.remove(path) if os.path.isfile(path) else shutil.rmtree(os.path.realpath(path))
"""
    group = start(GOOD + code + waits_until("time.monotonic() - since > 0.5"))
    assert journal(group)["state"] == "finished"
    ((_, report),) = grade_group(group)
    assert report.submission_exists == bool(path)


def test_no_submission_is_a_result(start: Start) -> None:
    ((state, report),) = grade_group(start("pass"))
    assert state.state == "finished"
    assert not report.submission_exists
    assert not lines(state.folder / "snapshots.jsonl")


def test_the_clock_is_the_machine_s(start: Start) -> None:
    """Wherever the agent is by then, it may not have begun, it is ended."""
    begin = time.monotonic()
    record = journal(start(FOR_EVER, limits={"time": 1.5}))
    assert record["state"] == "timed_out"
    assert 1.5 <= record["elapsed"] < time.monotonic() - begin


@pytest.mark.usefixtures("later")
def test_the_clock_ends_an_agent(start: Start) -> None:
    begin = time.monotonic()
    group = start(GOOD + READY + FOR_EVER)
    record = journal(group)
    assert record["state"] == "timed_out"
    assert HOUR <= record["elapsed"] < HOUR + time.monotonic() - begin
    ((_, report),) = grade_group(group)
    assert report.score == 1


@pytest.mark.usefixtures("later")
def test_an_agent_is_told_before_it_is_ended(start: Start) -> None:
    code = f"""
import signal, sys
def leave(*_):
    {GOOD.strip().replace(chr(10), chr(10) + "    ")}
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
{READY + FOR_EVER}
"""
    group = start(code, limits={"grace": 300})
    record = journal(group)
    assert (record["state"], record["exit_code"]) == ("timed_out", 0)
    ((_, report),) = grade_group(group)
    assert report.score == 1


@pytest.mark.usefixtures("later")
def test_an_agent_that_does_not_listen(start: Start) -> None:
    code = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + READY + FOR_EVER
    begin = time.monotonic()
    record = journal(start(code, limits={"grace": 1}))
    assert (record["state"], record["exit_code"]) == ("timed_out", 137)
    # It has had its grace.
    assert HOUR + 1 <= record["elapsed"] < HOUR + time.monotonic() - begin


def test_nobody_stays_behind(start: Start) -> None:
    code = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()  # out of the session that is ended
        with open(os.environ["LOGS_DIR"] + f"/{os.getpid()}", "w"):
            pass
        time.sleep(600)
"""
    code += waits_until("len(os.listdir(os.environ['LOGS_DIR'])) == 3")
    group = start(code)
    pids = [int(path.name) for path in (group.run_folder(TINY, 0) / "logs").iterdir()]
    assert len(pids) == 3
    for pid in pids:
        state = Path(f"/proc/{pid}/stat")
        assert not state.exists() or state.read_text().split()[2] == "Z"
    assert journal(group)["state"] == "finished"


def test_daemons_end_with_their_runner(tmp_path: Path) -> None:
    """The launcher, whose other end closes, ends what has left the command's session as well."""
    code = f"""
import os, time
if os.fork() == 0:
    os.setsid()
    open({str(tmp_path / "ready")!r}, "w").close()
time.sleep(600)
"""
    key = str(tmp_path)
    python = [sys.executable, "-I", "-S"]
    command = [*python, launch.__file__, str(1 << 20), *python, "-c", code]
    with subprocess.Popen(command, env={launch.KEY: key}, stdin=subprocess.PIPE) as process:
        wait_for((tmp_path / "ready").exists)
        assert len(list(launch.processes(key))) == 3
        process.stdin.close()
        assert process.wait(60) == 128 + signal.SIGKILL
    assert not list(launch.processes(key))


def test_a_command_that_is_told_to_end_when_it_has_just_ended(tmp_path: Path) -> None:
    code = f"""
import importlib.util, os, signal
spec = importlib.util.spec_from_file_location("launch", {launch.__file__!r})
launch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(launch)
launch.end_all = lambda key: signal.raise_signal(signal.SIGTERM)
os._exit(launch.main(1 << 20, ["true"]))
"""
    environment = {**os.environ, launch.KEY: str(tmp_path)}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE) as process:
        assert process.wait(60) == 0


def test_the_disk_limit_ends_an_agent(start: Start) -> None:
    code = """
import os
for number in range(10):
    with open(os.environ["CODE_DIR"] + f"/{number}", "wb") as file:
        file.write(b"x" * 1_000_000)
"""
    group = start(code + FOR_EVER, limits={"disk": 5_000_000})
    record = journal(group)
    assert (record["state"], record["fault"]) == ("failed", "disk")
    assert "5,000,000 are allowed" in record["reason"]
    assert record["collected"]["bytes"] <= 5_000_000


def test_no_file_outgrows_the_disk_limit(start: Start) -> None:
    code = """
import os
with open(os.environ["CODE_DIR"] + "/huge", "wb") as file:
    try:
        for _ in range(20):
            file.write(b"x" * 1_000_000)
    except OSError as error:
        print(error, flush=True)
"""
    group = start(code, limits={"disk": 5_000_000})
    assert "File too large" in (group.run_folder(TINY, 0) / "run.log").read_text()
    assert journal(group)["collected"]["bytes"] <= 5_000_000


def test_snapshots_follow_the_submission(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent that changes its submission whenever it was looked at, which is far more often."""
    monkeypatch.setattr("mlegrade.runner.watch.TICK", 0.05)
    code = """
import os
path = os.environ["SUBMISSION_DIR"] + "/submission.csv"
def write(right):
    with open(path + ".new", "w") as file:
        file.write("id,label\\n")
        file.writelines(f"{row},{int(row % 3 == 0) if row < right else 1}\\n" for row in range(20))
    os.replace(path + ".new", path)
"""
    for taken, right in enumerate((0, 10, 20)):
        code += waits_until(
            f"len(glob.glob(os.environ['LOGS_DIR'] + '/../../snapshots/*.csv')) == {taken}"
        )
        code += f"write({right})\n"
    group = start(code, snapshot_every=1.0)
    ((state, report),) = grade_group(group)
    found = lines(state.folder / "snapshots.jsonl")
    assert [entry["report"]["score"] for entry in found] == [0.35, 0.65, 1.0]
    assert found == sorted(found, key=lambda entry: entry["elapsed"])
    # One a second at most; the last one is taken at the end, whenever that is.
    assert all(entry["elapsed"] >= second for second, entry in enumerate(found[:2], start=1))
    for entry in found:
        content = (state.folder / "snapshots" / f"{entry['sha256']}.csv").read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert report.score == 1.0
    assert journal(group)["snapshots"] == 3


def test_a_sparse_submission_has_sparse_snapshots(tmp_path: Path) -> None:
    (tmp_path / "submission").mkdir()
    with (tmp_path / "submission" / SUBMISSION).open("wb") as file:
        file.write(b"id\n")
        file.truncate((64 << 20) + 3)
    snapshots = Snapshots(tmp_path / "snapshots", every=10.0, max_bytes=1 << 30)
    snapshots.take(tmp_path / "submission", 1.0)
    (entry,) = lines(tmp_path / "snapshots" / INDEX)
    copy = tmp_path / "snapshots" / f"{entry['sha256']}.csv"
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == entry["sha256"]
    assert copy.stat().st_size == entry["bytes"] == (64 << 20) + 3
    assert copy.stat().st_blocks * 512 < 4 << 20


def test_when_snapshots_are_due(tmp_path: Path) -> None:
    """At the first look in each span of time; what was missed is not made up for."""
    (tmp_path / "submission").mkdir()
    snapshots = Snapshots(tmp_path / "snapshots", every=10.0, max_bytes=1 << 20)
    for elapsed in (0, 9.9, 10, 10.1, 19.9, 20, 47, 49.9, 50, 51):
        (tmp_path / "submission" / SUBMISSION).write_text(str(elapsed))
        snapshots.take_if_due(tmp_path / "submission", elapsed)
    taken = [entry["elapsed"] for entry in lines(tmp_path / "snapshots" / INDEX)]
    assert taken == [10, 20, 47, 50]


def test_secrets_come_from_the_host_and_stay_there(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    monkeypatch.setenv("OTHER", "not for agents")
    code = "import os\nprint(os.environ['API_KEY'], os.environ.get('OTHER'))"
    group = start(code, definition={"secrets": {"API_KEY": "MY_KEY"}})
    folder = group.run_folder(TINY, 0)
    assert (folder / "run.log").read_text() == "<API_KEY> None\n"
    assert journal(group)["agent"]["secrets"] == ["API_KEY"]
    texts = [path.read_bytes() for path in group.folder.rglob("*") if path.is_file()]
    assert not any(b"sk-very-secret" in text for text in texts)


def test_a_secret_may_be_a_part_of_another(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHORT", "sk-very")
    monkeypatch.setenv("LONG", "sk-very-secret")
    code = "import os\nprint(os.environ['A'], os.environ['B'])"
    group = start(code, definition={"secrets": {"A": "SHORT", "B": "LONG"}})
    assert (group.run_folder(TINY, 0) / "run.log").read_text() == "<A> <B>\n"


def test_a_secret_that_is_not_there(start: Start) -> None:
    with pytest.raises(SetupError, match="NO_SUCH_KEY in the environment"):
        start("", definition={"secrets": {"API_KEY": "NO_SUCH_KEY"}})


def test_a_competition_that_is_named_twice_is_run_once(tmp_path: Path, data_dir: Path) -> None:
    group = run("dummy", [DIGITS, "optical"], out=tmp_path, data_dir=data_dir, engine="local")
    assert [(state.competition_id, state.state) for state in group.runs()] == [(DIGITS, "finished")]


def test_what_is_over_stays(start: Start) -> None:
    code = "import time\nprint(time.time())"
    group = start(code)
    folder = group.run_folder(TINY, 0)
    before = (folder / "run.log").read_text(), journal(group)
    again = start(code, seeds=2)
    assert again.folder == group.folder  # the same configuration is the same group
    assert ((folder / "run.log").read_text(), journal(group)) == before
    assert [state.state for state in again.runs()] == ["finished", "finished"]


def test_another_configuration_is_another_group(start: Start) -> None:
    assert start("pass").folder != start("pass", limits={"time": HOUR}).folder
    start("pass", group="mine")
    with pytest.raises(SetupError, match="another configuration"):
        start("pass", group="mine", snapshot_every=7.0)
    with pytest.raises(SetupError, match="another agent"):
        start("pass # changed", group="mine")


def test_what_failed_is_run_again_when_asked(start: Start, tmp_path: Path) -> None:
    code = f"import os\nraise SystemExit(not os.path.exists({str(tmp_path / 'mended')!r}))"
    assert journal(start(code))["state"] == "failed"
    (tmp_path / "mended").touch()
    assert journal(start(code))["state"] == "failed"
    record = journal(start(code, retry_failed=True))
    assert (record["state"], record["attempt"], record["reason"]) == ("finished", 2, None)


def test_what_the_set_up_failed_is_run_again(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise SetupError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("mlegrade.runner.local.LocalEngine.start", broken)
        group = start(GOOD)
    record = journal(group)
    assert (record["state"], record["fault"], record["reason"]) == (
        "failed",
        "setup",
        "no space left",
    )
    assert [report for _, report in grade_group(group)] == [None]
    record = journal(start(GOOD))
    assert (record["state"], record["attempt"], record["fault"]) == ("finished", 2, None)


def test_stopping_puts_runs_back(start: Start, tmp_path: Path) -> None:
    """An interrupt ends what runs, and the same call then runs it again."""
    code = waits_until(f"os.path.exists({str(tmp_path / 'second')!r})") + GOOD

    def interrupt(runs) -> None:
        if [state.state for state in runs] == ["running", "running", "queued"]:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        start(code, seeds=3, workers=2, progress=interrupt)
    (folder,) = (tmp_path / "runs").iterdir()
    (stop,) = folder.glob(".stop-*")
    assert {state.state for state in RunGroup(folder).runs()} == {"queued"}
    (tmp_path / "second").touch()
    group = start(code, seeds=3)
    assert [state.state for state in group.runs()] == ["finished"] * 3
    assert [journal(group, seed=seed)["attempt"] for seed in range(3)] == [2, 2, 1]
    assert stop.exists()  # for those who have not seen it yet


def test_a_runner_stops_its_own_runs_only(start: Start, tmp_path: Path) -> None:
    """Another runner works on the same group, and goes on; a third begins meanwhile."""
    code = READY + waits_until(f"os.path.exists({str(tmp_path / 'go')!r})") + GOOD
    folder = tmp_path / "runs" / "shared" / TINY

    def interrupt(runs: Sequence[RunState]) -> None:
        if any(run.seed == 1 and run.state == "running" for run in runs):
            wait_for(lambda: has_started(folder / "seed-1"))
            raise KeyboardInterrupt

    def begin(seed: int, **options: Any) -> RunGroup:
        return start(code, group="shared", seeds=[seed], **options)

    with ThreadPoolExecutor(2) as pool:
        others = [pool.submit(begin, 0)]
        wait_for(lambda: has_started(folder / "seed-0"))
        with pytest.raises(KeyboardInterrupt):
            begin(1, progress=interrupt)
        others.append(pool.submit(begin, 2))
        wait_for(lambda: has_started(folder / "seed-2"))
        (tmp_path / "go").touch()
        group = [other.result() for other in others][-1]
    states = {run.seed: run.state for run in group.runs()}
    assert states == {0: "finished", 1: "queued", 2: "finished"}
    assert [journal(group, seed=seed)["attempt"] for seed in range(3)] == [1, 2, 1]


def test_two_runners_do_not_share_a_run(start: Start) -> None:
    group = start("pass", seeds=1)
    folder = group.run_folder(TINY, 1)
    folder.mkdir()
    with exclusive(folder / ".lock") as ours:
        assert ours
        group = start("pass", seeds=2)
        assert [state.state for state in group.runs()] == ["finished", "queued"]
    assert [state.state for state in start("pass", seeds=2).runs()] == ["finished"] * 2


def test_runners_that_add_runs_at_a_time_lose_none(tmp_path: Path) -> None:
    agent = get_agent("dummy")

    def add(runner: int) -> None:
        for number in range(30):
            runs = [(TINY, 100 * runner + number)]
            RunGroup.create(tmp_path, "shared", agent, {}, runs, tmp_path)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(add, range(3)))
    assert len(RunGroup(tmp_path / "shared").runs()) == 90


def test_a_failed_run_that_another_runner_has_is_left(start: Start) -> None:
    group = start("raise SystemExit(1)")
    with exclusive(group.run_folder(TINY, 0) / ".lock"):
        start("raise SystemExit(1)", retry_failed=True)
    assert journal(group)["attempt"] == 1
    record = journal(start("raise SystemExit(1)", retry_failed=True))
    assert record["attempt"] == 2


def test_obfuscated_runs(start: Start) -> None:
    code = "import os\nprint(os.environ['COMPETITION_ID'])\n"
    code += "print(open(os.environ['INSTRUCTIONS_FILE']).read())"
    told = {}
    for obfuscated in (False, True):
        group = start(code, obfuscated=obfuscated)
        told[obfuscated] = (group.run_folder(TINY, 0) / "run.log").read_text()
    assert told[False].startswith(TINY)
    assert "# Tiny Labels" in told[False]
    assert told[True].startswith("competition\n")
    assert "iny" not in told[True]
    assert "# A task" in told[True]


def test_instructions_say_what_is_so(start: Start) -> None:
    group = start("pass", limits={"time": 5400, "grace": 30, "memory": 2 << 30, "disk": 5 << 30})
    text = (group.folder / TINY / "instructions.txt").read_text()
    assert "You have 1 hour 30 minutes." in text
    assert "30 seconds later" in text
    assert "5,120 MiB in all, and your memory 2,048 MiB" in text
    assert "There is no network" in text
    assert "`id`" in text  # the submission's form


def test_what_is_missing_is_said_before_anything_runs(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = {"out": tmp_path, "data_dir": data_dir, "engine": "local"}
    with pytest.raises(NotPreparedError, match="mlegrade prepare spooky-author-identification"):
        run("dummy", [DIGITS, "spooky"], **where)
    everything = "mlegrade prepare spooky-author-identification tgs-salt-identification-challenge"
    with pytest.raises(NotPreparedError, match=everything):
        run("dummy", [DIGITS, "spooky", "tgs-salt"], **where)
    with pytest.raises(SetupError, match="no agent 'nobody'"):
        run("nobody", [DIGITS], **where)
    with pytest.raises(UsageError, match="no engine 'vm'"):
        run("dummy", [DIGITS], **(where | {"engine": "vm"}))
    with pytest.raises(SetupError, match="nothing to run"):
        run("dummy", [], **where)
    with pytest.raises(SetupError, match="has no networks"):
        run("dummy", [DIGITS], network="bridge", **where)
    with pytest.raises(SetupError, match="cannot name a group"):
        run("dummy", [DIGITS], group="../up", **where)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PrerequisiteError, match="there is no program 'docker'"):
        run("dummy", [DIGITS], **(where | {"engine": "docker"}))
    assert not list(tmp_path.iterdir())


def test_a_damaged_journal_is_said(start: Start) -> None:
    group = start("pass")
    path = group.run_folder(TINY, 0) / "journal.json"
    path.write_text(path.read_text()[:50])
    with pytest.raises(SetupError, match="is no journal"):
        group.runs()


def test_states_follow_one_another(tmp_path: Path) -> None:
    made = Journal.create(tmp_path / "run", {})
    made.advance("running")
    made.advance("finished")
    with pytest.raises(ValueError, match="finished does not become running"):
        made.advance("running")


def test_limits_are_recorded(tmp_path: Path, data_dir: Path) -> None:
    limits = Limits(time=100, cpus=1.5, memory=1 << 30, pids=99, gpus=0)
    group = run("dummy", [DIGITS], out=tmp_path, data_dir=data_dir, engine="local", limits=limits)
    assert journal(group, DIGITS)["limits"] == limits.to_dict()
    assert group.record["configuration"]["limits"] == limits.to_dict()


def test_agents_see_only_their_own_environment(start: Start) -> None:
    agent = {"environment": {"STEPS": "5", "OUT": "{logs}/x", "BRACES": "{unknown}"}}
    group = start("import os\nprint(sorted(os.environ.items()))", definition=agent)
    log = (group.run_folder(TINY, 0) / "run.log").read_text()
    seen = dict(eval(log))  # noqa: S307 it is our own print
    assert seen["STEPS"] == "5"
    assert seen["OUT"] == f"{seen['LOGS_DIR']}/x"
    assert seen["BRACES"] == "{unknown}"
    assert seen["TIME_LIMIT_SECS"] == "1800"
    assert "PYTEST_CURRENT_TEST" not in seen


def test_the_tiny_competition_is_what_it_says(data_dir: Path) -> None:
    text = (data_dir / TINY / "prepared" / "public" / "sample_submission.csv").read_text()
    assert len(text.splitlines()) == ROWS + 1


def test_an_agent_folder_is_found_by_its_files(tmp_path: Path) -> None:
    from mlegrade.runner import get_agent

    first = get_agent(write_agent(tmp_path / "a", "1"))
    (tmp_path / "a" / "__pycache__").mkdir()
    (tmp_path / "a" / "__pycache__" / "x.pyc").touch()
    assert get_agent(tmp_path / "a").sha256 == first.sha256
    assert get_agent(write_agent(tmp_path / "a", "2")).sha256 != first.sha256
