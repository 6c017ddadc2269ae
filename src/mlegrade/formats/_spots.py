"""Where in a cell the first thing stands that breaks a rule: a message cannot show a long cell."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlegrade.formats._fault import Fault

__all__ = ["first_broken", "token_spots"]

_LOOKED_AT = 1 << 20  # characters: a message never costs much


def token_spots(cell: str, separator: str | None = None) -> list[int]:
    """Return where the tokens of a cell begin, and where one more would."""
    if len(cell) > _LOOKED_AT:
        cell = cell[:_LOOKED_AT].rpartition(" ")[0]
    if separator:
        return [*accumulate((len(token) + 1 for token in cell.split(separator)), initial=0)]
    return [*(token.start() for token in re.finditer(r"\S+", cell)), len(cell) + 1]


def first_broken(
    cell: str,
    size: int,
    faults_of: Callable[[list[str]], Iterable[Fault]],
    code: str,
    *,
    separator: str | None = None,
    in_a_row: int = 1,
) -> int:
    """Return where the first group of tokens stands that breaks a rule; 0 if none of them does.

    Parameters
    ----------
    cell : str
        The text.
    size : int
        Tokens in a group.
    faults_of : callable
        Finds the faults of cells; each group is looked at as one.
    code : str
        The rule.
    separator : str, optional
        What separates tokens; white space of any length by default.
    in_a_row : int, optional
        The groups that the rule concerns at once.
    """
    spots = token_spots(cell, separator)
    firsts = range(0, len(spots) - size, size)
    lasts = (min(first + size * in_a_row, len(spots) - 1) for first in firsts)
    groups = [cell[spots[a] : spots[b] - 1] for a, b in zip(firsts, lasts, strict=True)]
    broken = [fault.where[0] for fault in faults_of(groups) if fault.code == code]
    return spots[firsts[int(broken[0])]] if broken else 0
