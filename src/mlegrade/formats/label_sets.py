"""Cells that hold a set of labels, separated by white space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics import LabelSets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["decode_label_sets"]

_PIECE = 1 << 16
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
    # One split for many cells is several times faster than one for each.
    text = f" {_END} ".join([*cells, ""])
    numbers = _Numbers({_END: 0})
    parts: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
    start = 0
    while start < len(text):
        # In pieces, so that there are never many words at a time.
        stop = text.find(" ", start + _PIECE) % (len(text) + 1)
        words = text[start:stop].split()
        parts.append(np.fromiter(map(numbers.__getitem__, words), np.int32, len(words)))
        start = stop
    codes = np.concatenate(parts)
    is_end = codes == 0
    if np.count_nonzero(is_end) != len(cells):
        raise ValueError("a label is a NUL character.")
    rows = np.cumsum(is_end)[~is_end]
    return LabelSets.of_members(list(numbers)[1:], rows, codes[~is_end] - 1, len(cells))
