"""What a run may use, and how people write durations and sizes."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Limits", "parse_duration", "parse_size"]

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may use.

    Parameters
    ----------
    time : float, optional
        Seconds that the agent may run; then it is told to end (SIGTERM).
    grace : float, optional
        Seconds between being told and being ended (SIGKILL).
    cpus : float, optional
        How many processors' time; by default all that the machine has.
    memory : int, optional
        Bytes of memory, swap included; by default what the machine has.
    pids : int, optional
        How many processes and threads.
    disk : int, optional
        Bytes that the agent may leave in all its folders together; one file can never grow larger.
    gpus : int, optional
        How many GPUs, for this run alone.
    shared_memory : int, optional
        Bytes of ``/dev/shm``; they count as memory.
    """

    time: float = 86400.0
    grace: float = 30.0
    cpus: float | None = None
    memory: int | None = None
    pids: int = 4096
    disk: int = 100 << 30
    gpus: int = 0
    shared_memory: int = 4 << 30

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            least = 0 if name in {"grace", "gpus"} else 1e-9
            if value is not None and not least <= value < math.inf:
                allowed = "above 0" if least else "of at least 0"
                raise ValueError(f"the limit {name!r} is {value}; it has to be a number {allowed}.")

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        return asdict(self)


def parse_duration(text: str) -> float:
    """Return seconds: ``90`` or ``90s``, ``15m``, ``24h``, ``4d``, ``1h30m``.

    Raises
    ------
    ValueError
        If the text is no duration.
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)([smhd]?)", text.strip().lower())
    if not parts or "".join(map("".join, parts)) != text.strip().lower():
        raise ValueError(f"{text!r} is no duration; write 90s, 15m, 24h or 1h30m.")
    return float(sum(float(number) * _SECONDS[unit or "s"] for number, unit in parts))


def parse_size(text: str) -> int:
    """Return bytes: ``512m``, ``16g``, ``1.5t``, in powers of 1024; a bare number is bytes.

    Raises
    ------
    ValueError
        If the text is no size.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?", text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is no size; write 512m, 16g or 1t.")
    return int(float(match[1]) * _BYTES[match[2]])
