"""Run a command that ends with its runner; the local engine's stand-in for a container.

Usage: python3 launch.py FILE_BYTES COMMAND [ARGUMENT]...
The standard input is a pipe that the runner holds: when it closes, however the runner ended, so
does the command, and all that it started. SIGTERM is passed on to the command's whole session.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "MLEGRADE_RUN"
"""The variable that all processes of a run have in their environment."""


def end_all(key: str) -> None:
    """End every process that has the run's key in its environment, until none is left."""
    while found := list(processes(key)):
        for process in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def processes(key: str) -> Iterator[int]:
    """Yield the other processes of a run, where the system shows processes (Linux)."""
    wanted = f"{KEY}={key}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # What has ended and waits to be noticed has no environment any more.
            found = wanted in (folder / "environ").read_bytes().split(b"\0")
            if found and int(folder.name) != os.getpid():
                yield int(folder.name)


def tell(group: int, number: int) -> None:
    """Send a signal to a group of processes, if there is one left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def end_with(stream: IO[bytes], group: int) -> None:
    """End a group of processes when nobody holds the stream's other end any more."""
    while stream.read(1):
        pass
    tell(group, signal.SIGKILL)


def main(file_bytes: int, command: list[str]) -> int:
    """Run the command; return its exit code, 128 and the signal's number if one ended it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    told: list[int] = []  # to end, before there was anybody to tell
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    try:
        agent = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        print(f"mlegrade: {command[0]} cannot be started: {error}", file=sys.stderr)
        return 127
    group = agent.pid
    signal.signal(signal.SIGTERM, lambda number, _: tell(group, number))
    if told:
        tell(group, signal.SIGTERM)
    watch = threading.Thread(target=end_with, args=(sys.stdin.buffer, group), daemon=True)
    watch.start()
    code = agent.wait()
    # What the command left in the background, and what has left its group.
    tell(group, signal.SIGKILL)
    end_all(os.environ[KEY])
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), sys.argv[2:]))
