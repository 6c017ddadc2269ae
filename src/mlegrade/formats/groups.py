"""Cells that hold a list of things, each as a fixed number of tokens: boxes and detections."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.formats._fault import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Groups", "decode_groups", "encode_groups"]

_BATCH = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """All groups of a column, cell after cell.

    Parameters
    ----------
    owner : ndarray of int64, shape (m,)
        The place of the cell that holds each group, ascending.
    numbers : ndarray of float64, shape (m, d)
        The numeric tokens.
    labels : ndarray of object, shape (m,)
        The text token; empty text where groups have none.
    n_cells : int
        The number of cells, those without a group included.
    """

    owner: NDArray[np.int64]
    numbers: NDArray[np.float64]
    labels: NDArray[Any]
    n_cells: int


def decode_groups(
    cells: Sequence[str],
    *,
    size: int,
    label: int | None = None,
    separator: str | None = None,
    blank_is_empty: bool = True,
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
        What separates tokens; white space of any length by default.
    blank_is_empty : bool, optional
        Whether text of nothing but white space holds no group; otherwise it is split as any other.

    Returns
    -------
    groups : Groups
        Not to be used where there are faults.
    faults : list of Fault
        ``incomplete_group``, ``empty_label``, ``not_a_number`` and ``not_finite``, in this order.
    """
    incomplete: list[int] = []
    nameless: list[int] = []
    not_numbers: list[int] = []
    not_finite: list[int] = []
    counts = np.zeros(len(cells), np.int64)
    numbers: list[NDArray[np.float64]] = []
    labels: list[str] = []
    tokens: list[str] = []
    first = 0
    waiting = 0

    def flush(stop: int) -> None:
        """Turn the waiting tokens into numbers; look at single cells only if that fails."""
        texts = tokens[label::size] if label is not None else []
        if label is not None:
            del tokens[label::size]
            if "" in texts:  # between two blanks in a row
                owner = np.repeat(np.arange(first, stop), counts[first:stop])
                nameless.extend(np.unique(owner[[not text for text in texts]]).tolist())
        width = size - (label is not None)
        try:
            values = np.array(tokens, dtype=object).astype(np.float64).reshape(-1, width)
        except (ValueError, OverflowError):
            not_numbers.extend(_cells_without_numbers(tokens, counts[first:stop] * width, first))
            return
        finite = np.isfinite(values).all(axis=1)
        if not finite.all():
            owner = np.repeat(np.arange(first, stop), counts[first:stop])
            not_finite.extend(np.unique(owner[~finite]).tolist())
        numbers.append(values)
        labels.extend(texts)

    for place, cell in enumerate(cells):
        is_empty = not cell or (blank_is_empty and cell.isspace())
        pieces = [] if is_empty else cell.split(separator)
        if len(pieces) % size:
            incomplete.append(place)
            continue
        counts[place] = len(pieces) // size
        tokens += pieces
        waiting += len(cell)
        if waiting > _BATCH:
            flush(place + 1)
            tokens, first, waiting = [], place + 1, 0
    flush(len(cells))
    width = size - (label is not None)
    faults = [
        Fault(code, expected, np.array(where, np.int64))
        for code, expected, where in (
            ("incomplete_group", f"a multiple of {size} tokens", incomplete),
            ("empty_label", "a label in every group, and single blanks", nameless),
            ("not_a_number", "numbers where numbers belong", not_numbers),
            ("not_finite", "finite numbers", not_finite),
        )
        if where
    ]
    if faults:
        counts[:] = 0
        numbers, labels = [], []
    groups = Groups(
        np.repeat(np.arange(len(cells)), counts),
        np.concatenate(numbers) if numbers else np.zeros((0, width)),
        np.array(labels or [""] * int(counts.sum()), dtype=object),
        len(cells),
    )
    return groups, faults


def _cells_without_numbers(tokens: list[str], counts: NDArray[np.int64], first: int) -> list[int]:
    found = []
    ends = np.cumsum(counts).tolist()
    begin = 0
    for place, end in enumerate(ends):
        try:
            for token in tokens[begin:end]:
                float(token)
        except ValueError:
            found.append(first + place)
        begin = end
    return found


def encode_groups(rows: Sequence[Sequence[object]]) -> str:
    """Return the text of a cell, the inverse of `decode_groups` for one cell."""
    return " ".join(
        format(value, ".17g") if isinstance(value, float) and math.isfinite(value) else str(value)
        for row in rows
        for value in row
    )
