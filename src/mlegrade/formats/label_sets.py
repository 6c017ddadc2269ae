"""Cells that hold a set of labels, separated by white space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics.classification import LabelSets, ordered_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["decode_label_sets"]

_CELLS_AT_ONCE = 1 << 12
_PIECE = 1 << 16  # characters that are split at a time
_END = "\0"  # marks the end of a cell; no file that holds it gets past the reader


class _Numbers(dict[str, int]):
    """Numbers for words, in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def decode_label_sets(cells: Sequence[str]) -> LabelSets:
    """Split every cell at white space; a label that is repeated counts once.

    Parameters
    ----------
    cells : sequence of str, length n
        The text of the cells; blank text is an empty set.

    Raises
    ------
    ValueError
        If a label is a NUL character.
    """
    numbers = _Numbers({_END: 0})
    all_rows, all_codes = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for first in range(0, len(cells), _CELLS_AT_ONCE):
        batch = cells[first : first + _CELLS_AT_ONCE]
        codes = _codes(batch, numbers)
        is_end = codes == 0
        if np.count_nonzero(is_end) != len(batch):
            raise ValueError("a label is a NUL character.")
        rows = first + np.cumsum(is_end)[~is_end]
        members = ordered_members(rows, codes[~is_end] - 1)
        for parts, part in zip((all_rows, all_codes), members, strict=True):
            parts.append(part)
    labels = list(numbers)[1:]
    return LabelSets(labels, np.concatenate(all_rows), np.concatenate(all_codes), len(cells))


def _codes(cells: Sequence[str], numbers: _Numbers) -> NDArray[np.int32]:
    """Return the numbers of the words of some cells, with that of the mark behind each cell."""
    # One split for many cells is several times faster than one for each.
    text = f" {_END} ".join([*cells, ""])
    parts = []
    start = 0
    while start < len(text):
        # In pieces, so that there are never many words at a time.
        stop = text.find(" ", start + _PIECE) % (len(text) + 1)
        words = text[start:stop].split()
        parts.append(np.fromiter(map(numbers.__getitem__, words), np.int32, len(words)))
        start = stop
    return np.concatenate(parts)
