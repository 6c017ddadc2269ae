"""What an agent is told."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlegrade.competitions import Competition
    from mlegrade.runner.limits import Limits

__all__ = ["RUNNER", "SCRIPT", "VARIABLES", "Surroundings", "instructions"]

SCRIPT = "- `/home/validate_submission.sh`: tells whether a file has the right form."
VARIABLES = """\
Where one of the variables DATA_DIR, SUBMISSION_DIR, CODE_DIR or LOGS_DIR is set, it names the
folder."""

_TEXT = """\
# Instructions

You take part in a machine-learning competition, on your own and without anybody to ask. The task
is described below. Build a model with the training data, predict the test set, and leave your
predictions in one file. That file, as you leave it when you end or when time is up, is compared
with answers that are not on this machine.

## Where things are

- `{root}/data`: the competition's data. It can only be read.
- `{root}/submission`: your predictions go into `{root}/submission/submission.csv`.
- `{root}/code`: the code that made them; work here.
- `{root}/logs`: whatever you want to write down about how you got there.
{places}

## What counts

{rules}

Where the description asks for something else than these instructions, the instructions hold.

---

{description}
"""

_SCORED = """\
Only `submission.csv` is scored. Write it as soon as you have predictions of any kind, and replace
it when you have better ones: whole, by renaming a file that is ready."""
_HOLD_BACK = """\
There is no public test score. To know how good a model is, hold back a part of the training
data."""
_HONEST = """\
The predictions have to come from a model that you train or apply here. Do not label the test set
by hand, do not look for the answers, and do not hand in what others wrote for this competition as
if it were yours."""
_OFFLINE = "There is no network: what is not installed or in the data cannot be had."
_ONLINE = "There is a network. Use it for what your instructions name, not to look for answers."

_KEPT_SMALL = 10 * 1024
_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an agent is told about the program that runs it.

    Parameters
    ----------
    check : str
        How it has the form of a file checked; nothing if it cannot.
    end : str
        What happens when its time is up; ``{grace}`` stands for how long it may take to end.
    places : str, optional
        What follows the list of folders: more of its items, or a remark.
    root : str, optional
        Where the folders are.
    disk : bool, optional
        Whether the limit of its files is kept.
    """

    check: str
    end: str
    places: str = ""
    root: str = "/home"
    disk: bool = True


RUNNER = Surroundings(
    check="`/home/validate_submission.sh FILE` posts a file to http://localhost:5000/validate and "
    "says what is wrong with its form. It does not know the answers, so it never tells a score; "
    "ask it as often as is sensible, it answers a few times a minute.",
    end="Then your processes are told to end, and {grace} later they are ended. The variable "
    "TIME_LIMIT_SECS holds the seconds, and SEED a number to seed random generators with.",
    places=f"{SCRIPT}\n\n{VARIABLES}",
)
"""What `mlegrade run` is to its agents."""


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
        What runs it.
    """
    end = surroundings.end.format(grace=_duration(limits.grace))
    rules = [
        _SCORED,
        surroundings.check,
        _HOLD_BACK,
        _HONEST,
        f"You have {_duration(limits.time)}. {end}",
        _OFFLINE if network == "none" else _ONLINE,
        _room(limits, disk=surroundings.disk),
    ]
    return _TEXT.format(
        root=surroundings.root,
        places=surroundings.places,
        rules="\n".join(_item(number, rule) for number, rule in enumerate(filter(None, rules), 1)),
        description=competition.description(obfuscated=obfuscated),
    )


def _item(number: int, rule: str) -> str:
    return textwrap.fill(
        f"{number}. {rule}",
        _WIDTH,
        subsequent_indent="   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _room(limits: Limits, *, disk: bool) -> str:
    memory = "" if limits.memory is None else _size(limits.memory)
    if disk:
        also = f", and your memory {memory}" if memory else ""
        return f"Your files may take {_size(limits.disk)} in all{also}."
    return f"Your memory may take {memory}." if memory else ""


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
