"""The record of one run, written at each change of state and never half."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mlegrade.errors import SetupError
from mlegrade.runner.files import read_record, to_json, write_durably

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "FAILED",
    "FINAL",
    "FINISHED",
    "QUEUED",
    "RUNNING",
    "SCHEMA_VERSION",
    "TIMED_OUT",
    "Journal",
    "now",
]

SCHEMA_VERSION = 1
FILE = "journal.json"

QUEUED = "queued"
RUNNING = "running"
FINISHED = "finished"
FAILED = "failed"
TIMED_OUT = "timed_out"
FINAL = frozenset({FINISHED, FAILED, TIMED_OUT})

# Back to the queue goes what was interrupted, or what failed and is tried again.
_NEXT = {
    QUEUED: {QUEUED, RUNNING, FAILED},
    RUNNING: {QUEUED, FINISHED, FAILED, TIMED_OUT},
    FAILED: {QUEUED},
    FINISHED: set[str](),
    TIMED_OUT: set[str](),
}


def now() -> str:
    """Return the time of day, in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Journal:
    """The record of one run: a JSON object in a file that is replaced in one step.

    Parameters
    ----------
    folder : Path
        The run's folder.
    record : dict
        What the record holds.
    """

    def __init__(self, folder: Path, record: dict[str, Any]) -> None:
        self.folder = folder
        self.record = record

    @classmethod
    def create(cls, folder: Path, facts: dict[str, Any]) -> Journal:
        """Write the first record of a run, in state ``queued``."""
        folder.mkdir(parents=True, exist_ok=True)
        at = now()
        first = {
            "schema_version": SCHEMA_VERSION,
            "state": QUEUED,
            "reason": None,
            "attempt": 1,
            "queued_at": at,
            "history": [{"state": QUEUED, "at": at, "attempt": 1}],
        }
        journal = cls(folder, facts | first)
        journal.update()
        return journal

    @classmethod
    def load(cls, folder: Path) -> Journal | None:
        """Return the journal in a run's folder, or none if there is none yet.

        Raises
        ------
        SetupError
            If the file there is damaged.
        """
        path = folder / FILE
        try:
            return cls(folder, read_record(path, SCHEMA_VERSION))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise SetupError(
                f"{path} is no journal of this version of mlegrade ({error}). Move the folder "
                f"{folder} away to run it anew."
            ) from error

    @property
    def state(self) -> str:
        """The state: ``queued``, ``running``, ``finished``, ``failed`` or ``timed_out``."""
        return str(self.record["state"])

    @property
    def attempt(self) -> int:
        """Which attempt this is, counted from 1."""
        return int(self.record["attempt"])

    @property
    def final(self) -> bool:
        """Whether the run is over."""
        return self.state in FINAL

    def update(self, **changes: Any) -> None:
        """Write changes that leave the state as it is."""
        self.record |= changes
        text = to_json(self.record, indent=2)
        write_durably(self.folder / FILE, f"{text}\n")

    def advance(self, state: str, **changes: Any) -> None:
        """Write a change of state.

        Raises
        ------
        ValueError
            If no run goes from its state to this one.
        """
        if state not in _NEXT[self.state]:
            raise ValueError(f"a run that is {self.state} does not become {state}.")
        attempt = changes.get("attempt", self.attempt)
        entry = {"state": state, "at": now(), "attempt": attempt}
        if changes.get("reason"):
            entry["reason"] = changes["reason"]
        history = [*self.record["history"], entry]
        self.update(**changes, state=state, history=history)
