"""The command line that Podman and Docker share."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from mlegrade.errors import SetupError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Program", "program"]


class Program:
    """The program of a container engine.

    Parameters
    ----------
    name : str
        ``podman`` or ``docker``.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @functools.cached_property
    def podman(self) -> bool:
        """Whether it is Podman, also where it answers to the name of Docker."""
        return self.call("--version").lower().startswith("podman")

    @functools.cached_property
    def _host(self) -> dict[str, Any]:
        """What Podman says of its machine, all at once: it looks around for half a second."""
        host: dict[str, Any] = json.loads(self.call("info", "--format", "{{json .Host}}"))
        return host

    @property
    def runtime(self) -> str:
        """What starts containers."""
        if not self.podman:
            return self.call("info", "--format", "{{.DefaultRuntime}}")
        name, version = (self._host["ociRuntime"][key] for key in ("name", "version"))
        return f"{name} {version}".partition("\n")[0]

    @property
    def rootless(self) -> bool:
        """Whether containers belong to a user that is not root."""
        return self.podman and bool(self._host["security"]["rootless"])

    @property
    def unlimited(self) -> list[str]:
        """What containers cannot be kept from using up, of cpu, memory and pids.

        Those of a user that is not root have only the limits that the system leaves to that user.
        """
        if not self.rootless:
            return []
        return sorted({"cpu", "memory", "pids"}.difference(self._host["cgroupControllers"] or ()))

    def call(
        self,
        *arguments: str,
        environment: dict[str, str] | None = None,
        folder: Path | None = None,
    ) -> str:
        """Call the program; return what it prints.

        Raises
        ------
        SetupError
            If it fails, with what it says.
        """
        done = subprocess.run(  # noqa: S603 no shell, and the arguments are ours
            [self.name, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            env=os.environ | environment if environment else None,
            cwd=folder,
        )
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
            raise SetupError(f"`{self.name} {arguments[0]}` failed: {' '.join(said[-3:])[:2000]}")
        return done.stdout.strip()


@functools.cache
def program(name: str) -> Program:
    """Return the program of that name: what it is does not change while this process lives."""
    return Program(name)
