"""Run a command that ends with its runner; the local engine's stand-in for a container.

Usage: python3 launch.py FILE_BYTES COMMAND [ARGUMENT]...
The standard input is a pipe that the runner holds: when it closes, however the runner ended, so
does the command. SIGTERM is passed on to the command's whole session.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from typing import IO


def end_with(stream: IO[bytes], group: int) -> None:
    """End a group of processes when nobody holds the stream's other end any more."""
    while stream.read(1):
        pass
    os.killpg(group, signal.SIGKILL)
    os._exit(128 + signal.SIGKILL)


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
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(group, signal.SIGTERM))
    if told:
        os.killpg(group, signal.SIGTERM)
    watch = threading.Thread(target=end_with, args=(sys.stdin.buffer, group), daemon=True)
    watch.start()
    code = agent.wait()
    try:
        os.killpg(group, signal.SIGKILL)  # what the command left in the background
    except ProcessLookupError:
        pass
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), sys.argv[2:]))
