"""What an engine is: something that runs an agent's command, apart from the runner."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, Protocol

from mlegrade.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mlegrade.runner.agent import Agent
    from mlegrade.runner.job import Job
    from mlegrade.runner.limits import Limits
    from mlegrade.runner.places import Places

__all__ = [
    "ENGINES",
    "Box",
    "Ended",
    "Engine",
    "Task",
    "get_engine",
    "memory_note",
    "write_log",
]

ENGINES = ("podman", "docker", "local")
LOG_BYTES = 64 << 20
"""How much of what an agent prints is kept."""

_MEMORY_MARK = "mlegrade: processes ended at the memory limit"
_TAIL = 4096
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an engine has to know about one run.

    Parameters
    ----------
    key : str
        What the run is found by; no two runs on a machine share it.
    image : str or None
        The image; none for the local engine.
    command : tuple of str
        The agent's command.
    environment : mapping
        What the agent sees in its environment.
    secrets : mapping
        The same, for what nobody else may see.
    public, agent, work, control : Path
        The public data; the agent's folder; the folder with ``submission``, ``code`` and ``logs``;
        the folder with instructions, scripts and sockets.
    limits : Limits
        What the run may use.
    network : str
        ``none`` or the name of one of the engine's networks.
    gpus : tuple of str
        Ids of the GPUs that the run has for itself.
    ports : mapping
        Ports of the agent's loopback, and the sockets in `control` that they lead to.
    writable : bool
        Whether the agent may write into its image's own folders.
    masks : tuple of tuple
        Names of files of the public data, and the files that the agent sees instead.
    """

    key: str
    image: str | None
    command: tuple[str, ...]
    environment: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    public: Path
    agent: Path
    work: Path
    control: Path
    limits: Limits
    network: str = "none"
    gpus: tuple[str, ...] = ()
    ports: Mapping[int, str] = field(default_factory=dict)
    writable: bool = False
    masks: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How an agent's command ended.

    Parameters
    ----------
    exit_code : int or None
        Its exit code, 128 and the signal's number where a signal ended it; none where the engine
        lost it.
    reason : str or None
        What the engine has to say about it.
    """

    exit_code: int | None
    reason: str | None = None


class Box(Protocol):
    """An agent's command that an engine has started."""

    @property
    def name(self) -> str:
        """What people can find it by."""

    def wait(self, seconds: float) -> bool:
        """Wait for its end, but no longer than this; return whether it has ended."""

    def terminate(self) -> None:
        """Tell all of its processes to end."""

    def kill(self) -> None:
        """End all of its processes."""

    def ended(self) -> Ended:
        """Return how it ended."""

    def seconds(self) -> float | None:
        """Return how long it ran, by the engine's clock, if that can be told."""

    def extra_bytes(self) -> int:
        """Return what it takes on the disk outside its three folders."""

    def write_log(self, path: Path) -> None:
        """Write what it printed into a file, cut at a limit."""

    def remove(self) -> None:
        """Remove what the engine keeps of it."""


class Engine(Protocol):
    """Runs agents' commands."""

    @property
    def isolated(self) -> bool:
        """Whether agents are kept apart from the machine."""

    def facts(self) -> dict[str, Any]:
        """Return name and versions."""

    def require(self, limits: Limits) -> None:
        """Raise `SetupError` for limits that it cannot keep, of those that are off by default."""

    def image(self, agent: Agent, image: str | None) -> tuple[str | None, dict[str, Any]]:
        """Return the image to run an agent in, made or fetched if need be, and facts about it."""

    def places(self, job: Job, port: int | None) -> Places:
        """Return where an agent finds things; `port` is the validation server's, if it has one."""

    def start(self, task: Task) -> Box:
        """Start a command."""

    def find(self, key: str) -> Box | None:
        """Return what a runner that is no more has started, if it can be taken over."""

    def clear(self, key: str) -> None:
        """End and remove all that there is of a run."""

    def busy_gpus(self) -> set[str]:
        """Return the GPUs of runs that go on without their runner."""


def get_engine(name: str) -> Engine:
    """Return the engine of that name.

    Raises
    ------
    UsageError
        If there is no such engine.
    PrerequisiteError
        If its program is not installed.
    """
    if name not in ENGINES:
        raise UsageError(f"there is no engine {name!r}; choose one of {', '.join(ENGINES)}.")
    home = "local" if name == "local" else "container"
    engine: Engine = import_module(f"mlegrade.runner.{home}").engine(name)
    return engine


def write_log(source: IO[bytes], path: Path) -> None:
    """Write what an agent printed into a file, cut at a limit."""
    left = LOG_BYTES
    with path.open("wb") as file:
        while left and (block := source.read(min(left, _BLOCK))):
            file.write(block)
            left -= len(block)


def memory_note(log: Path) -> str | None:
    """Return what the end of a log says about the memory limit, if anything."""
    with log.open("rb") as file:
        file.seek(max(log.stat().st_size - _TAIL, 0))
        tail = file.read().decode(errors="replace")
    return "the memory limit was reached." if _MEMORY_MARK in tail else None
