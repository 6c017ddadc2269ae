"""What an agent is: a folder with ``agent.toml``."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.errors import SetupError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlegrade.runner.places import Places

__all__ = ["Agent", "get_agent", "shipped_agents"]

FILE = "agent.toml"
_SHIPPED = Path(__file__).with_name("agents")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEYS = {
    "id": str,
    "about": str,
    "image": str,
    "containerfile": str,
    "command": list,
    "arguments": list,
    "writable": bool,
    "environment": dict,
    "secrets": dict,
}
# What the runner says, an agent's definition does not.
_RESERVED = {"SEED", "TIME_LIMIT_SECS", "COMPETITION_ID", "VALIDATION_URL", "MLEGRADE_RUN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent.

    Parameters
    ----------
    id : str
        Its name.
    folder : Path
        Its folder, which it finds at ``/home/agent``.
    sha256 : str
        The hash of all files in the folder.
    image, containerfile : str or None
        The image it runs in, or the file in its folder that says how to build one.
    command : tuple of str
        The program and its arguments. ``{agent}``, ``{data}``, ``{submission}``, ``{code}``,
        ``{logs}``, ``{instructions}``, ``{seed}`` and ``{time_limit}`` stand for what they name.
    environment : mapping
        What it sees in its environment; the same placeholders hold.
    secrets : mapping
        Names in its environment, and the names in the host's that they come from.
    writable : bool
        Whether it writes into its image's own folders.
    """

    id: str
    folder: Path
    sha256: str
    image: str | None = None
    containerfile: str | None = None
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    writable: bool = False

    def expand(self, text: str, places: Places, seed: int, time_limit: float) -> str:
        """Return a text of the definition with its placeholders replaced."""
        known = {
            "agent": places.agent,
            "data": places.data,
            "submission": places.submission,
            "code": places.code,
            "logs": places.logs,
            "instructions": places.instructions,
            "seed": str(seed),
            "time_limit": str(int(time_limit)),
        }
        return re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], match[0]), text)

    def secret_values(self) -> dict[str, str]:
        """Return the secrets, from this process's environment.

        Raises
        ------
        SetupError
            If one is not there; the message names it.
        """
        absent = sorted({name for name in self.secrets.values() if name not in os.environ})
        if absent:
            raise SetupError(
                f"the agent {self.id} needs {', '.join(absent)} in the environment: export it "
                "before the run, on every machine that runs it."
            )
        return {name: os.environ[source] for name, source in self.secrets.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return what a record says of the agent; of secrets, the names alone."""
        return {
            "id": self.id,
            "sha256": self.sha256,
            "command": list(self.command),
            "environment": dict(self.environment),
            "secrets": sorted(self.secrets),
        }


def shipped_agents() -> list[str]:
    """Return the names of the agents that come with mlegrade."""
    return sorted(path.parent.name for path in _SHIPPED.glob(f"*/{FILE}"))


def get_agent(agent: str | os.PathLike[str] | Agent) -> Agent:
    """Return an agent by the name of one that comes with mlegrade, or by its folder.

    Raises
    ------
    UsageError
        If there is no such agent.
    SetupError
        If its definition is not right.
    """
    if isinstance(agent, Agent):
        return agent
    folder = _SHIPPED / agent if str(agent) in shipped_agents() else Path(agent).resolve()
    file = folder / FILE
    if not file.is_file():
        shipped = shipped_agents()
        near = difflib.get_close_matches(str(agent).lower(), shipped, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(
            f"there is no agent {str(agent)!r}: name one of {', '.join(shipped)}, or a folder with "
            f"{FILE}.{meant}"
        )
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        _check(found)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise SetupError(f"{file}: {error}") from error
    return Agent(
        id=found["id"],
        folder=folder,
        sha256=_hash(folder),
        image=found.get("image"),
        containerfile=found.get("containerfile"),
        command=(*found["command"], *found.get("arguments", ())),
        environment=found.get("environment", {}),
        secrets=found.get("secrets", {}),
        writable=found.get("writable", False),
    )


def check_environment(environment: Mapping[str, str], what: str = "environment") -> None:
    """Raise `ValueError` if some name cannot stand in an agent's environment."""
    for name, value in environment.items():
        if not _NAME.fullmatch(name) or not isinstance(value, str):
            raise ValueError(f"{what}: {name!r} has to be a variable's name with a text.")
        if name in _RESERVED:
            raise ValueError(f"{what}: {name} is set by the runner.")


def _check(found: Mapping[str, Any]) -> None:
    for name, value in found.items():
        if name not in _KEYS:
            raise ValueError(f"there is no key {name!r}; known are {', '.join(_KEYS)}.")
        if not isinstance(value, _KEYS[name]):
            raise ValueError(  # noqa: TRY004 what is wrong is the file
                f"{name!r} has to be of type {_KEYS[name].__name__}."
            )
    if not _ID.fullmatch(found.get("id", "")):
        raise ValueError("'id' has to be a name of small letters, digits, '.', '_' and '-'.")
    words = [*found.get("command", ()), *found.get("arguments", ())]
    if not found.get("command") or not all(isinstance(word, str) for word in words):
        raise ValueError("'command' has to be a list of texts: a program and its arguments.")
    if "image" in found and "containerfile" in found:
        raise ValueError("give 'image' or 'containerfile', not both.")
    check_environment(found.get("environment", {}))
    check_environment(found.get("secrets", {}), "secrets")


def _hash(folder: Path) -> str:
    """Return the hash of names and contents of all files in a folder."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()
