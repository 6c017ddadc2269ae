"""Watch a run: its clock, its disk, its snapshots; and end it in time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlegrade.runner.collect import measure
from mlegrade.runner.job import OUTPUTS
from mlegrade.runner.journal import FAILED, TIMED_OUT

if TYPE_CHECKING:
    from mlegrade.runner.clock import Clock
    from mlegrade.runner.engine import Box
    from mlegrade.runner.job import Job
    from mlegrade.runner.serving import ValidationServer
    from mlegrade.runner.snapshots import Snapshots

__all__ = ["StoppedError", "Verdict", "end", "watch"]

TICK = 1.0
# To look at the disk takes no more than this share of the time.
_SHARE = 20


class StoppedError(Exception):
    """The runner was told to stop."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why the runner ended an agent; nothing, where it ended by itself.

    Parameters
    ----------
    state : str or None
        ``timed_out`` or ``failed``.
    reason : str or None
        Why, in a sentence.
    fault : str or None
        ``disk``, or none.
    """

    state: str | None = None
    reason: str | None = None
    fault: str | None = None


class _Disk:
    """Looks at what an agent's folders take, every so often."""

    def __init__(self, box: Box, job: Job) -> None:
        self._box = box
        self._job = job
        self._next = 0.0

    def exceeded(self) -> str | None:
        """Return what is too much, if something is and it is time to look."""
        begin = time.monotonic()
        if begin < self._next:
            return None
        used = self._box.extra_bytes()
        for name in OUTPUTS:
            usage = measure(self._job.work / name)
            used += usage.bytes
            if usage.too_deep or usage.truncated:
                what = "lie too deep" if usage.too_deep else "are too many"
                return f"the files and folders in /home/{name} {what}."
        self._next = time.monotonic() + max(TICK, _SHARE * (time.monotonic() - begin))
        limit = self._job.limits.disk
        return f"{used:,} bytes are written, {limit:,} are allowed." if used > limit else None


def watch(
    box: Box, clock: Clock, job: Job, server: ValidationServer, snapshots: Snapshots
) -> Verdict:
    """Watch an agent until it has ended, by itself or by us.

    Raises
    ------
    StoppedError
        If the runner's stop file appears; the agent still runs then.
    """
    disk = _Disk(box, job)
    while not box.wait(max(0.0, min(TICK, clock.left))):
        if clock.left <= 0:
            end(box, job.limits.grace)
            return Verdict(TIMED_OUT, "its time was up.")
        if reason := disk.exceeded():
            end(box, job.limits.grace)
            return Verdict(FAILED, f"the disk limit was reached: {reason}", "disk")
        if job.stop.exists():
            raise StoppedError
        server.keep()
        snapshots.take_if_due(job.work / "submission", clock.elapsed)
    return Verdict()


def end(box: Box, grace: float) -> None:
    """End an agent: tell it to, give it time, end it."""
    box.terminate()
    if not box.wait(grace):
        box.kill()
        while not box.wait(TICK):
            box.kill()
