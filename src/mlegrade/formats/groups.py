"""Cells that hold a list of things, each as a fixed number of tokens: boxes and detections."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.formats._fault import Fault
from mlegrade.formats._group_form import GroupForm, Part
from mlegrade.formats._spots import first_broken
from mlegrade.formats.decimals import WITHIN_DOUBLES
from mlegrade.formats.integers import batches
from mlegrade.metrics import Labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Groups", "decode_groups", "encode_groups"]

_BATCH = 1 << 17  # characters: few enough for the arrays made of them to stay in the cache
_EXPECTED = {
    "incomplete_group": "a multiple of {size} tokens{blanks}",
    "empty_label": "a label in every group{blanks}",
    "not_a_number": "numbers where numbers belong{blanks}",
    "not_finite": f"finite numbers {WITHIN_DOUBLES}",
}


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """All groups of a column, cell after cell.

    Parameters
    ----------
    owner : ndarray of int32, shape (m,)
        The place of the cell that holds each group, ascending.
    numbers : ndarray of float64, shape (m, d)
        The numeric tokens.
    labels : Labels
        The text token of each group; empty text where groups have none.
    n_cells : int
        The number of cells, those without a group included.
    """

    owner: NDArray[np.int32]
    numbers: NDArray[np.float64]
    labels: Labels
    n_cells: int


def decode_groups(
    cells: Sequence[str],
    *,
    size: int,
    label: int | None = None,
    separator: str | None = None,
    blank_is_empty: bool = True,
    like_python: bool = False,
) -> tuple[Groups, list[Fault]]:
    """Split every cell into groups of tokens.

    Parameters
    ----------
    cells : sequence of str, length n
        The text of the cells; empty text holds no group.
    size : int
        Tokens in a group.
    label : int, optional
        The place of the token that is text; all others are finite numbers.
    separator : str, optional
        What separates tokens: one blank, or white space of any length by default.
    blank_is_empty : bool, optional
        Whether text of nothing but white space holds no group; otherwise it is split as any other.
    like_python : bool, optional
        Whether numbers are what Python's `float` reads, ``1_000`` and digits of other scripts
        among it.

    Returns
    -------
    groups : Groups
        Not to be used where there are faults.
    faults : list of Fault
        ``incomplete_group``, ``empty_label``, ``not_a_number`` and ``not_finite``, in this order.
    """
    form = GroupForm(
        size=size,
        label=label,
        separator=separator,
        blank_is_empty=blank_is_empty,
        like_python=like_python,
    )
    parts = [Part.nothing(form)]
    broken: dict[str, list[int]] = {code: [] for code in _EXPECTED}
    first = 0
    for batch, lengths in batches(cells, _BATCH):
        parts.append(form.decode_quickly(batch, lengths) or _decode(batch, form, first, broken))
        first += len(batch)
    groups = Groups(
        np.repeat(
            np.arange(len(cells), dtype=np.int32), np.concatenate([part.counts for part in parts])
        ),
        np.concatenate([part.numbers for part in parts]),
        Labels.joined([part.labels for part in parts]),
        len(cells),
    )
    # Of a blank too many, a message that is cut off or seen without its quotes shows nothing.
    blanks = ", and single blanks" if separator else ""

    def spot(code: str, place: int) -> int:
        return first_broken(
            cells[place],
            size,
            lambda groups: decode_groups(groups, **asdict(form))[1],
            code,
            separator=separator,
        )

    return groups, [
        Fault(
            code,
            _EXPECTED[code].format(size=size, blanks=blanks),
            np.array(where, np.int64),
            partial(spot, code),
        )
        for code, where in broken.items()
        if where
    ]


def _decode(
    cells: Sequence[str], form: GroupForm, first: int, broken: dict[str, list[int]]
) -> Part:
    """Decode cells one by one, whatever is wrong with them."""
    counts, numbers, labels = [], [], []
    for place, cell in enumerate(cells, start=first):
        tokens = form.split(cell)
        counts.append(0)
        if len(tokens) % form.size:
            broken["incomplete_group"].append(place)
            continue
        names = form.take_labels(tokens)
        try:
            values = form.read(tokens)
        except ValueError:
            broken["not_a_number"].append(place)
            continue
        if form.label is not None and not all(names):
            broken["empty_label"].append(place)
        if not all(map(math.isfinite, values)):
            broken["not_finite"].append(place)
        counts[-1] = len(names)
        numbers += values
        labels += names
    return Part.of(form, counts, numbers, labels)


def encode_groups(rows: Sequence[Sequence[object]]) -> str:
    """Return the text of a cell, the inverse of `decode_groups` for one cell."""
    return " ".join(
        format(value, ".17g") if isinstance(value, float) and math.isfinite(value) else str(value)
        for row in rows
        for value in row
    )
