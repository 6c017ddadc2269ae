"""Cells that put given items in order, such as ``"c a b"`` for the items a, b and c."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.formats._fault import Fault
from mlegrade.formats.integers import IntegerLists

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["decode_permutations"]


def decode_permutations(
    cells: Sequence[str], items: Sequence[str]
) -> tuple[IntegerLists, list[Fault]]:
    """Return the place of every listed item among the given ones.

    Parameters
    ----------
    cells : sequence of str, length n
        Items in the order proposed, separated by white space.
    items : sequence of str, length n
        The items of each cell, each once, in their own order.

    Returns
    -------
    places : IntegerLists
        For each cell a permutation of ``0 ... len(items[i].split()) - 1``: entry j is the place
        that the j-th listed item has in `items`. Not to be used where there are faults.
    faults : list of Fault
        ``not_a_permutation`` where an item is missing, unknown or listed twice.
    """
    values: list[int] = []
    counts = np.zeros(len(cells), np.int64)
    bad = []
    for number, (cell, true) in enumerate(zip(cells, items, strict=True)):
        given = true.split()
        place = dict(zip(given, range(len(given)), strict=True))
        listed = cell.split()
        try:
            places = [place[item] for item in listed]
        except KeyError:
            bad.append(number)
            continue
        if len(listed) != len(given) or len(set(listed)) != len(listed):
            bad.append(number)
            continue
        values += places
        counts[number] = len(places)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    lists = IntegerLists(np.array(values, np.int64), offsets)
    expected = "every item of this row exactly once, separated by blanks"
    fault = Fault("not_a_permutation", expected, np.array(bad, np.int64))
    return lists, [fault] if bad else []
