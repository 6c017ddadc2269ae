"""What one run is to do, and the folders that it has while it runs."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.runner.places import PORT
from mlegrade.runner.relay import socket_name
from mlegrade.runner.remove import remove
from mlegrade.runner.serving import SOCKET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlegrade.runner.agent import Agent
    from mlegrade.runner.limits import Limits

__all__ = ["DESCRIPTIONS", "INSTRUCTIONS", "OUTPUTS", "Job", "make_folders", "reset"]

OUTPUTS = ("submission", "logs", "code")
DESCRIPTIONS = ("description.md", "description_obfuscated.md")
"""Files that other tools put among the public data; they tell what is to stay hidden."""

INSTRUCTIONS = "instructions.txt"
_INSIDE = Path(__file__).with_name("inside")
_MADE_BY_A_RUN = (
    "run.log",
    "validations.jsonl",
    "report.json",
    "snapshots.jsonl",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one run is to do; it can be sent to another machine that shares the folders.

    Parameters
    ----------
    folder : Path
        The run's folder.
    group, competition_id, seed : str, str, int
        Which run it is.
    competition_folder : str or None
        The competition's folder, where it is not one of mlegrade's own.
    public : Path
        The public data.
    sample : Path or None
        The sample submission in it.
    agent : Agent
        The agent.
    engine : str
        The engine's name.
    limits : Limits
        What the run may use.
    image : str or None
        An image to use instead of the agent's own.
    network : str
        ``none``, or the name of one of the engine's networks.
    forward : mapping
        Ports of the agent's loopback, and the addresses that they lead to without any network.
    obfuscated : bool
        Whether the competition's name stays hidden.
    snapshot_every : float
        Seconds between two snapshots.
    gpu_ids : tuple of str
        The GPUs that runs share; by default all of the machine that runs it.
    runner : str
        What tells the runner that sends it out from others that work on the group.
    """

    folder: Path
    group: str
    competition_id: str
    seed: int
    competition_folder: str | None
    public: Path
    sample: Path | None
    agent: Agent
    engine: str
    limits: Limits
    image: str | None = None
    network: str = "none"
    forward: Mapping[int, str] = field(default_factory=dict)
    obfuscated: bool = False
    snapshot_every: float = 3600.0
    gpu_ids: tuple[str, ...] = ()
    runner: str = ""

    @property
    def key(self) -> str:
        """What the run is found by on a machine."""
        return hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:16]

    @property
    def lock(self) -> Path:
        """The lock that whoever works on the run holds."""
        return self.folder / ".lock"

    @property
    def work(self) -> Path:
        """Where the agent's folders are while it runs."""
        return self.folder / "work"

    @property
    def control(self) -> Path:
        """Where its instructions, scripts and sockets are while it runs."""
        return self.work / "control"

    @property
    def stop(self) -> Path:
        """The file whose presence ends the runs of its runner, and puts them into the queue."""
        return self.folder.parents[1] / f".stop-{self.runner}"

    @property
    def ports(self) -> dict[int, str]:
        """The ports that lead out of a container, and the sockets that they lead to."""
        return {PORT: SOCKET, **{port: socket_name(port) for port in self.forward}}

    def facts(self) -> dict[str, Any]:
        """Return what the run's record says from the beginning."""
        return {
            "group": self.group,
            "competition_id": self.competition_id,
            "seed": self.seed,
            "agent": self.agent.to_dict(),
            "limits": self.limits.to_dict(),
            "network": self.network,
            "forward": {str(port): address for port, address in self.forward.items()},
            "obfuscated": self.obfuscated,
        }

    def masks(self) -> tuple[tuple[str, Path], ...]:
        """Return which public files an agent must not see, and what it sees instead.

        Data that MLE-bench prepared has descriptions, whose plain one tells what an obfuscated
        one hides.
        """
        if not self.obfuscated:
            return ()
        file = self.control / INSTRUCTIONS
        return tuple((name, file) for name in DESCRIPTIONS if (self.public / name).is_file())


def make_folders(job: Job) -> None:
    """Make the folders that an agent works with; there are none yet."""
    job.work.mkdir(mode=0o700)
    for name in OUTPUTS:
        (job.work / name).mkdir(mode=0o755)
    job.control.mkdir(mode=0o755)
    for file in _INSIDE.iterdir():
        if file.suffix in {".sh", ".py"} and file.stem != "__init__":
            target = job.control / file.name
            shutil.copyfile(file, target)
            target.chmod(0o755)
    target = job.control / INSTRUCTIONS
    shutil.copyfile(job.folder.parent / INSTRUCTIONS, target)
    target.chmod(0o644)


def reset(folder: Path) -> None:
    """Remove what an earlier attempt of a run made."""
    for name in (*OUTPUTS, "snapshots", ".collecting"):
        remove(folder / name)
    for name in _MADE_BY_A_RUN:
        (folder / name).unlink(missing_ok=True)
