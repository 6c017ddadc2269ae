"""What an agent is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlegrade.competitions import Competition
    from mlegrade.runner.limits import Limits

__all__ = ["RUNNER", "Surroundings", "instructions"]

_TEXT = """\
# Instructions

You take part in a machine-learning competition, on your own and without anybody to ask. The task
is described below. Build a model with the training data, predict the test set, and leave your
predictions in one file. That file, as you leave it when you end or when time is up, is compared
with answers that are not on this machine.

## Where things are

{places}

Where one of the variables DATA_DIR, SUBMISSION_DIR, CODE_DIR or LOGS_DIR is set, it names the
folder.

## What counts

{rules}

Where the description asks for something else than these instructions, the instructions hold.
{description}
"""

_PLACES = (
    "`/home/data`: the competition's data. It can only be read.",
    "`/home/submission`: your predictions go into `/home/submission/submission.csv`.",
    "`/home/code`: the code that made them; work here.",
    "`/home/logs`: whatever you want to write down about how you got there.",
)
_SCRIPT = "`/home/validate_submission.sh`: tells whether a file has the right form."

_SCORED = """\
Only `submission.csv` is scored. Write it as soon as you have predictions of any kind, and
   replace it when you have better ones: whole, by renaming a file that is ready."""
_FAIR = (
    """\
There is no public test score. To know how good a model is, hold back a part of the training
   data.""",
    """\
The predictions have to come from a model that you train or apply here. Do not label the test
   set by hand, do not look for the answers, and do not hand in what others wrote for this
   competition as if it were yours.""",
)
_ROOM = "Your files may take {disk} in all{memory}."


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What differs between those that run agents.

    Parameters
    ----------
    validating : str or None
        What is said about `/home/validate_submission.sh`; None where there is no such file.
    time : str
        What is said about the time, with ``{time}`` and ``{grace}``.
    """

    validating: str | None
    time: str


RUNNER = Surroundings(
    validating="""\
`/home/validate_submission.sh FILE` posts a file to http://localhost:5000/validate and says what
   is wrong with its form. It does not know the answers, so it never tells a score; ask it as often
   as is sensible, it answers a few times a minute.""",
    time="""\
You have {time}. Then your processes are told to end, and {grace} later they are ended.
   The variable TIME_LIMIT_SECS holds the seconds, and SEED a number to seed random generators
   with.""",
)
"""An agent of `mlegrade run`."""

_KEPT_SMALL = 10 * 1024
_OFFLINE = "There is no network: what is not installed or in the data cannot be had."
_ONLINE = "There is a network. Use it for what your instructions name, not to look for answers."


def instructions(
    competition: Competition,
    limits: Limits,
    *,
    network: str = "none",
    obfuscated: bool = False,
    surroundings: Surroundings = RUNNER,
) -> str:
    """Return what an agent is told.

    Parameters
    ----------
    competition : Competition
        The competition.
    limits : Limits
        What the agent may use.
    network : str, optional
        The network it has, or ``none``.
    obfuscated : bool, optional
        Whether title and origin of the competition are hidden.
    surroundings : Surroundings, optional
        What runs the agent; by default mlegrade's runner.
    """
    validating = surroundings.validating
    memory = "" if limits.memory is None else f", and your memory {_size(limits.memory)}"
    rules = [
        _SCORED,
        *([validating] if validating else []),
        *_FAIR,
        surroundings.time.format(time=_duration(limits.time), grace=_duration(limits.grace)),
        _OFFLINE if network == "none" else _ONLINE,
        _ROOM.format(disk=_size(limits.disk), memory=memory),
    ]
    places = [*_PLACES, *([_SCRIPT] if validating else [])]
    return _TEXT.format(
        places="\n".join(f"- {place}" for place in places),
        rules="\n".join(f"{number}. {rule}" for number, rule in enumerate(rules, start=1)),
        description=f"\n---\n\n{competition.description(obfuscated=obfuscated)}",
    )


def _duration(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (rest, "second")]
    told = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in parts if number]
    return " ".join(told) or f"{seconds:g} seconds"


def _size(count: int) -> str:
    unit, *larger = "bytes", "KiB", "MiB", "GiB"
    while larger and count >= _KEPT_SMALL:
        count //= 1024
        unit, *larger = larger
    return f"{count:,} {unit}"
