"""A container that the runner has started, or found."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlegrade.errors import SetupError
from mlegrade.runner.engine import Ended, write_log

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.runner.program import Program

__all__ = ["ContainerBox"]


class ContainerBox:
    """A container.

    Parameters
    ----------
    program : Program
        The engine's program.
    name : str
        The container's name.
    """

    def __init__(self, program: Program, name: str) -> None:
        self.name = name
        self._program = program
        self._waiter: subprocess.Popen[bytes] | None = None
        self._read_only: bool | None = None

    def state(self) -> dict[str, Any]:
        """Return what the engine says of the container; nothing, where there is none."""
        state: dict[str, Any] = self._inspect().get("State", {})
        return state

    def _inspect(self, *options: str) -> dict[str, Any]:
        try:
            found = self._program.call("container", "inspect", *options, self.name)
        except SetupError:
            return {}
        first: dict[str, Any] = json.loads(found)[0]
        return first

    def wait(self, seconds: float) -> bool:
        """Wait for the container's end, but no longer than this."""
        if seconds <= 0:
            return self._over()
        if self._waiter is None:
            self._waiter = subprocess.Popen(  # noqa: S603 no shell, and the arguments are ours
                [self._program.name, "wait", self.name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        try:
            self._waiter.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        # Whoever waits can be ended too: the container itself has the last word.
        self._waiter = None
        return self._over()

    def _over(self) -> bool:
        return self.state().get("Status") not in {"running", "paused", "stopping"}

    def terminate(self) -> None:
        """Send SIGTERM to the first process, which passes it on to all of them."""
        self._signal("TERM")

    def kill(self) -> None:
        """Send SIGKILL to the first process; the kernel ends the others with it."""
        self._signal("KILL")

    def _signal(self, name: str) -> None:
        try:
            self._program.call("kill", "--signal", name, self.name)
        except SetupError:
            if self.state().get("Running"):
                raise

    def ended(self) -> Ended:
        """Return how the container ended."""
        state = self.state()
        if not state:
            return Ended(None, "the container is gone: somebody else removed it.")
        code = int(state["ExitCode"])
        if state.get("OOMKilled"):
            return Ended(code, "the memory limit was reached.")
        return Ended(code, str(state.get("Error") or "") or None)

    def seconds(self) -> float | None:
        """Return how long the container ran, by the engine's clock."""
        state = self.state()
        started, finished = (_moment(state.get(name)) for name in ("StartedAt", "FinishedAt"))
        if started is None or finished is None:
            return None
        return (finished - started).total_seconds()

    def extra_bytes(self) -> int:
        """Return the size of what was written into the image's own folders."""
        if self._read_only is None:
            found = self._inspect()
            self._read_only = bool(found.get("HostConfig", {}).get("ReadonlyRootfs"))
        return 0 if self._read_only else int(self._inspect("--size").get("SizeRw") or 0)

    def write_log(self, path: Path) -> None:
        """Write what the container printed into a file, cut at a limit."""
        with subprocess.Popen(  # noqa: S603 no shell, and the arguments are ours
            [self._program.name, "logs", self.name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            if process.stdout is not None:
                write_log(process.stdout, path)
            process.kill()

    def remove(self) -> None:
        """Remove the container."""
        if self._waiter is not None:
            self._waiter.kill()
            self._waiter.wait()
            self._waiter = None
        if self.state():
            self._program.call("rm", "--force", self.name)


def _moment(text: str | None) -> datetime | None:
    """Return a time as engines write it, with nine decimals, of which six are read."""
    match = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?", text or "")
    return None if match is None else datetime.fromisoformat(f"{match[1]}{match[2] or ''}")
