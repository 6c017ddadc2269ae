"""Agents that tests write themselves, what is asked of runs, and clocks that tests set.

No test waits for so many seconds and hopes: agents and tests wait for signs, files beside what an
agent logs, and where an agent's time has to be up, the runner's clock is set forward.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import time
from typing import TYPE_CHECKING, Any, Protocol

from mlegrade.runner.files import read_json_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIGITS = "optical-digits"
TINY = "tiny-labels"
ROWS = 20
HOUR = 3600.0
# Parts of agents' programs: to say that it is there, and whether the test has told it to go on.
READY = """
import os
open(os.environ["LOGS_DIR"] + "/ready", "w").close()
"""
GO = "os.path.exists(os.environ['LOGS_DIR'] + '/go')"
# How many agents of a group on this machine have said so, those that have ended among them.
SIGNS = " + ".join(
    f"len(glob.glob(os.environ['LOGS_DIR'] + '/../../../seed-*/{logs}/ready'))"
    for logs in ("work/logs", "logs")
)


class _Time(Protocol):
    def monotonic(self) -> float: ...


class Later:
    """Stands in for the `time` of the runner's clock: an hour later, once something has been so.

    Parameters
    ----------
    when : callable
        Says whether it is so; once it was, nobody asks again.
    before : optional
        The time that it is without that hour.
    """

    def __init__(self, when: Callable[[], bool], before: _Time = time) -> None:
        self._when = when
        self._before = before
        self._ahead = 0.0

    def monotonic(self) -> float:
        """Return the seconds of the clock."""
        if not self._ahead and self._when():
            self._ahead = HOUR
        return self._before.monotonic() + self._ahead


def wait_for(what: Callable[[], object]) -> None:
    """Wait until something is so, five minutes at most."""
    deadline = time.monotonic() + 300
    while not what():
        assert time.monotonic() < deadline, f"waited in vain: {inspect.getsource(what).strip()}"
        time.sleep(0.1)


def waits_until(condition: str) -> str:
    """Return a part of an agent's program that waits until a condition holds.

    The condition may use `glob`, `os`, and `since`, when it began to wait on the clock of `time`.
    Only where a test has failed does it end before, so that nothing hangs for ever.
    """
    return f"""
import glob, os, time
since = time.monotonic()
while not ({condition}) and time.monotonic() - since < 600:
    time.sleep(0.05)
"""


def has_started(folder: Path) -> bool:
    """Return whether a run's agent says that it is ready, and the runner has noted its start."""
    ready = folder / "work" / "logs" / "ready"
    return ready.exists() and "box" in json.loads((folder / "journal.json").read_text())


def key_of(folder: Path) -> str:
    """Return what a run is found by on this machine."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def write_agent(folder: Path, code: str, **definition: Any) -> Path:
    """Write an agent whose command is a Python program; return its folder."""
    folder.mkdir(exist_ok=True)
    (folder / "main.py").write_text(code)
    facts = {"id": "probe", "command": ["python3", "{agent}/main.py"]} | definition
    tables = {name: value for name, value in facts.items() if isinstance(value, dict)}
    lines = [f"{name} = {json.dumps(value)}" for name, value in facts.items() if name not in tables]
    for name, table in tables.items():
        lines += [
            f"[{name}]",
            *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in table.items()),
        ]
    (folder / "agent.toml").write_text("\n".join(lines) + "\n")
    return folder


def write_competition(folder: Path) -> Path:
    """Write a competition of one's own: twenty rows, labels 0 and 1."""
    folder.mkdir()
    (folder / "competition.toml").write_text(
        f'id = "{TINY}"\nname = "Tiny Labels"\ncategory = "Tabular"\ncomplexity = "demo"\n'
        'metric = "accuracy"\nhigher_is_better = true\nanswers = "test.csv"\n'
        'sample_submission = "sample_submission.csv"\n'
        "[medals]\ngold = 0.9\nsilver = 0.8\nbronze = 0.7\nmedian = 0.5\nteams = 100\n"
    )
    (folder / "grader.py").write_text(
        "from mlegrade.metrics import accuracy\n"
        "from mlegrade.schema import Grading, Key, Table, WholeNumber\n"
        'TABLE = Table(Key("id"), WholeNumber("label", 0, 1))\n'
        "GRADING = Grading(submission=TABLE, answers=TABLE, metric=accuracy)\n"
    )
    (folder / "description.md").write_text("# Tiny Labels\n\n## Task\nSay 0 or 1.\n")
    (folder / "description_obfuscated.md").write_text("# A task\n\n## Task\nSay 0 or 1.\n")
    return folder


def write_data(root: Path) -> Path:
    """Write the tiny competition's data: the label of every third row is 1."""
    prepared = root / TINY / "prepared"
    (prepared / "public").mkdir(parents=True)
    (prepared / "private").mkdir()
    (prepared / "public" / "sample_submission.csv").write_text(table(lambda _: 0))
    (prepared / "private" / "test.csv").write_text(table(lambda row: int(row % 3 == 0)))
    return root


def table(label: Any) -> str:
    """Return a submission to the tiny competition."""
    return "id,label\n" + "".join(f"{row},{label(row)}\n" for row in range(ROWS))


def journal(group: Any, competition: str = TINY, seed: int = 0) -> dict[str, Any]:
    """Return the record of a run."""
    return json.loads((group.run_folder(competition, seed) / "journal.json").read_text())


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    return read_json_lines(path)
