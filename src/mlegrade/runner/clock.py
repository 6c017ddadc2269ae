"""The runner's clock: monotonic, and the same for a runner that takes over from another one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Clock", "boot_id"]

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str | None:
    """Return what tells this boot of the machine from others, where the system says so."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a run has been running, and how long it may.

    Parameters
    ----------
    limit : float
        Seconds that it may run.
    started : float
        When it started, on the machine's monotonic clock, which all processes share.
    """

    limit: float
    started: float

    @classmethod
    def start(cls, limit: float) -> Clock:
        """Return a clock that starts now."""
        return cls(limit, time.monotonic())

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Seconds until the limit; below zero after it."""
        return self.limit - self.elapsed
