"""Run an agent and kill this process, with SIGKILL, when it makes its n-th change.

Usage: python killed.py OPTIONS N
OPTIONS is JSON: the arguments of `run`, and the folder of a competition to register; with `still`,
the runner's clock stands still, so that no time is ever up. Changes are what the interpreter's
audit events tell of: files that are opened for writing, renamed or removed, folders, sockets,
programs that are started. With N = 0 nothing is killed, and the number of changes is printed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from types import SimpleNamespace

from mlegrade.competitions import register
from mlegrade.runner import Limits, clock, run

CHANGES = {
    "os.chmod",
    "os.chown",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "socket.bind",
    "subprocess.Popen",
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main(options: dict[str, object], kill_at: int) -> None:
    register(options.pop("folder"))
    options["limits"] = Limits(**options["limits"])
    if options.pop("still", False):
        begin = time.monotonic()
        clock.time = SimpleNamespace(monotonic=lambda: begin)
    count = 0

    def note(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event not in CHANGES and not (event == "open" and arguments[2] & WRITING):
            return
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(note)
    run(**options)
    sys.stdout.write(f"{count}\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), int(sys.argv[2]))
