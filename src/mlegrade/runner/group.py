"""A run group: the folder that holds the runs of one agent under one configuration."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.errors import SetupError, UsageError
from mlegrade.runner.files import exclusive, read_record, to_json, write_durably
from mlegrade.runner.journal import QUEUED, Journal, now

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from mlegrade.runner.agent import Agent

__all__ = ["RunGroup", "RunState"]

SCHEMA_VERSION = 1
FILE = "group.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class RunState:
    """Where a run stands.

    Parameters
    ----------
    competition_id : str
        Its competition.
    seed : int
        Its seed.
    folder : Path
        Its folder.
    record : mapping
        What its journal says; empty before it has one.
    """

    competition_id: str
    seed: int
    folder: Path
    record: Mapping[str, Any]

    @property
    def state(self) -> str:
        """The state: ``queued``, ``running``, ``finished``, ``failed`` or ``timed_out``."""
        return str(self.record.get("state", QUEUED))

    @property
    def reason(self) -> str | None:
        """Why it failed, or what else there is to say."""
        return self.record.get("reason")

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        return {
            "competition_id": self.competition_id,
            "seed": self.seed,
            "state": self.state,
            "fault": self.record.get("fault"),
            "reason": self.reason,
            "elapsed": self.record.get("elapsed"),
            "attempt": self.record.get("attempt", 1),
            "folder": str(self.folder),
        }


class RunGroup:
    """A run group.

    Parameters
    ----------
    folder : path
        Its folder.

    Raises
    ------
    SetupError
        If the folder holds no run group.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        path = self.folder / FILE
        try:
            self.record = read_record(path, SCHEMA_VERSION)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise SetupError(
                f"{self.folder} holds no run group: there is no {path}.",
                "Name the folder of one group, such as `mlegrade run` prints at its end.",
            ) from error
        except (OSError, ValueError) as error:
            raise SetupError(f"{self.folder} holds no run group ({path}: {error}).") from error

    def __repr__(self) -> str:
        return f"RunGroup({str(self.folder)!r})"

    @classmethod
    def create(
        cls,
        out: Path,
        name: str | None,
        agent: Agent,
        configuration: Mapping[str, Any],
        runs: Iterable[tuple[str, int]],
        data_dir: Path,
    ) -> RunGroup:
        """Make a group, or add runs to the group that is there.

        Parameters
        ----------
        out : Path
            The folder of run groups.
        name : str or None
            The group's name; by default the agent's, and a hash of the configuration.
        agent : Agent
            The agent of all its runs.
        configuration : mapping
            What else all its runs share.
        runs : iterable of pairs
            Competitions and seeds.
        data_dir : Path
            Where their data is.

        Raises
        ------
        SetupError
            If there is a group of that name with another agent or configuration.
        """
        facts = {"id": agent.id, "sha256": agent.sha256}
        shared = {"agent": facts, "configuration": dict(configuration)}
        name = name or f"{agent.id}-{hashlib.sha256(to_json(shared).encode()).hexdigest()[:8]}"
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name!r} cannot name a group: use letters, digits, '.', '_', '-'.")
        folder = out / name
        wanted = [{"competition_id": competition, "seed": seed} for competition, seed in runs]
        folder.mkdir(parents=True, exist_ok=True)
        # Another runner may be adding its own runs.
        with exclusive(folder / ".lock", wait=True):
            if (folder / FILE).exists():
                group = cls(folder)
                group._check(shared)
                added = [run for run in wanted if run not in group.record["runs"]]
                if not added:
                    return group
                record = group.record | {"runs": [*group.record["runs"], *added]}
            else:
                record = {"schema_version": SCHEMA_VERSION, "group": name, "created_at": now()}
                record |= {**shared, "runs": wanted, "data_dir": str(data_dir)}
            write_durably(folder / FILE, f"{to_json(record, indent=2)}\n")
        return cls(folder)

    def _check(self, shared: Mapping[str, Any]) -> None:
        """Raise `SetupError` unless this is what all runs of the group share."""
        for part, value in shared.items():
            if self.record[part] != value:
                other = _difference(self.record[part], value)
                raise SetupError(
                    f"the group {self.folder} has another {part}: {other}. Name another --group, "
                    "or leave it out."
                )

    @property
    def name(self) -> str:
        """The group's name."""
        return str(self.record["group"])

    def run_folder(self, competition_id: str, seed: int) -> Path:
        """Return the folder of a run."""
        return self.folder / competition_id / f"seed-{seed}"

    def runs(self) -> list[RunState]:
        """Return all runs and where they stand, in the order in which they were asked for."""
        found = []
        for run in self.record["runs"]:
            folder = self.run_folder(run["competition_id"], run["seed"])
            journal = Journal.load(folder)
            record = journal.record if journal else {}
            found.append(RunState(run["competition_id"], run["seed"], folder, record))
        return found


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return ", ".join(f"{name} was {old.get(name)!r} and is {new.get(name)!r}" for name in names)
