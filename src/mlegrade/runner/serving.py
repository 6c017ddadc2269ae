"""Start a validation server beside a run, keep it alive, end it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Self

from mlegrade.runner.server import RATE

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

__all__ = ["SOCKET", "ValidationServer", "listen"]

SOCKET = "validate.sock"
STARTS = 5
"""A server that ends more often than this is not started again."""

ERRORS = 1 << 20
"""How many bytes of what goes wrong with a server are kept."""


def listen(path: Path) -> socket.socket:
    """Return a listening unix socket; what was there under its name is replaced."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    # The name of a socket may have a hundred bytes, and paths of runs are longer.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        listener.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)
    path.chmod(0o666)  # the agent is another user
    listener.listen(64)
    return listener


class ValidationServer:
    """A validation server in a process of its own, which ends with this one.

    Parameters
    ----------
    competition : str
        The competition's id.
    folder : str or None
        Its folder, where it is not one of mlegrade's own.
    sample : Path or None
        The public sample submission.
    log : Path
        Where its calls are logged.
    control : Path or None
        The folder for its socket; without one, it listens on a free port of the loopback.
    errors : Path
        Where it writes what goes wrong with it.
    """

    def __init__(
        self,
        competition: str,
        *,
        folder: str | None,
        sample: Path | None,
        log: Path,
        control: Path | None,
        errors: Path,
    ) -> None:
        if control is not None:
            self._listener = listen(control / SOCKET)
            self.port = None
        else:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.port = int(self._listener.getsockname()[1])
        self._options = {
            "descriptor": self._listener.fileno(),
            "competition": competition,
            "folder": folder,
            "sample": None if sample is None else str(sample),
            "log": str(log),
            "rate": RATE,
        }
        self._errors = errors
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def __enter__(self) -> Self:
        self.keep()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._listener.close()

    def keep(self) -> None:
        """Start the server, or start it again if it has ended; calls wait meanwhile."""
        self._cut_errors()
        if self._process is not None:
            if self._process.poll() is None or self.starts >= STARTS:
                return
            self._process.communicate()
        self.starts += 1
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 no shell, and the arguments are ours
                [sys.executable, "-m", "mlegrade.runner.server", json.dumps(self._options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=[self._listener.fileno()],
            )

    def _cut_errors(self) -> None:
        """Keep the beginning of the errors: each broken request of an agent's adds a line."""
        with contextlib.suppress(OSError):  # a local agent can remove the file
            if self._errors.stat().st_size > ERRORS:
                os.truncate(self._errors, ERRORS)
