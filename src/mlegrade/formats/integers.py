"""Cells that hold integers in a row, such as ``"12 4 20"``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.formats._fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["WHITE_SPACE", "IntegerLists", "batches", "decode_integers"]

_MAX_DIGITS = 18  # always below 2**63, also after adding two of them
_BATCH = 1 << 17  # characters: few enough for the arrays made of them to stay in the cache
_DIGIT, _SPACE = 1, 2
_KIND = np.zeros(256, np.uint8)
_KIND[ord("0") : ord("9") + 1] = _DIGIT
_KIND[[*range(9, 14), *range(28, 33)]] = _SPACE
WHITE_SPACE = _KIND == _SPACE
"""Which ASCII characters `str.split` splits at."""
_TOKEN = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True, slots=True, eq=False)
class IntegerLists:
    """A batch of integer lists: list i is ``values[offsets[i]:offsets[i + 1]]``.

    Parameters
    ----------
    values : ndarray of int64, shape (m,)
        All lists, one after the other.
    offsets : ndarray of int64, shape (n + 1,)
        Where each list begins; ``offsets[-1] == m``.
    """

    values: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, place: int) -> NDArray[np.int64]:
        return self.values[self.offsets[place] : self.offsets[place + 1]]

    def lengths(self) -> NDArray[np.int64]:
        """Return the number of integers in each list."""
        return np.diff(self.offsets)


def decode_integers(cells: Sequence[str]) -> tuple[IntegerLists, list[Fault]]:
    """Split every cell at white space and read the pieces as integers.

    Parameters
    ----------
    cells : sequence of str, length n
        The text of the cells; blank text is an empty list.

    Returns
    -------
    lists : IntegerLists
        One list a cell; empty where the cell has a fault.
    faults : list of Fault
        ``not_an_integer`` where a piece is no integer of at most 18 digits.
    """
    values, counts, faulty = [], [], []
    first = 0
    for batch in batches(cells, _BATCH):
        batch_values, batch_counts, odd_ones = _decode_plain(batch)
        if len(odd_ones):
            batch_values, bad = _decode_odd_ones(batch, batch_values, batch_counts, odd_ones)
            faulty.append(first + bad)
        values.append(batch_values)
        counts.append(batch_counts)
        first += len(batch)
    offsets = np.zeros(len(cells) + 1, np.int64)
    if counts:
        np.cumsum(np.concatenate(counts), out=offsets[1:])
    lists = IntegerLists(np.concatenate(values) if values else np.zeros(0, np.int64), offsets)
    where = np.concatenate(faulty) if faulty else np.zeros(0, np.int64)
    expected = "whole numbers separated by blanks"
    return lists, [Fault("not_an_integer", expected, where)] if len(where) else []


def batches(cells: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Cut into pieces of so many characters, so that the temporary arrays stay small."""
    ends = np.cumsum(np.fromiter(map(len, cells), np.int64, len(cells)))
    start = 0
    while start < len(cells):
        passed = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, passed + size, "right")))
        yield cells[start:stop]
        start = stop


def _decode_plain(
    cells: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Decode the cells of digits and white space; return values, counts, places of other cells."""
    lengths = np.fromiter(map(len, cells), np.int64, len(cells))
    # One byte a character: what is not ASCII becomes "?", which is neither digit nor white space.
    text = " ".join([*cells, ""]).encode("ascii", "replace")
    begins = np.concatenate([[0], np.cumsum(lengths + 1)])
    values, counts, odd = [], np.zeros(len(cells), np.int64), np.zeros(len(cells), bool)
    start = 0
    while start < len(text):
        stop = text.index(b" ", min(start + _BATCH, len(text) - 1)) + 1
        buffer = np.frombuffer(text, np.uint8, stop - start, start)
        kind = _KIND[buffer]
        edges = np.flatnonzero(np.diff(kind == _DIGIT, prepend=False, append=False))
        owner = np.searchsorted(begins, start + edges[0::2], "right") - 1
        counts += np.bincount(owner, minlength=len(cells))
        sizes = edges[1::2] - edges[0::2]
        odd[owner[sizes > _MAX_DIGITS]] = True
        odd[np.searchsorted(begins, start + np.flatnonzero(kind == 0), "right") - 1] = True
        values.append(_values(buffer, edges[0::2], np.minimum(sizes, _MAX_DIGITS)))
        start = stop
    joined = np.concatenate(values)
    if odd.any():
        joined = joined[np.repeat(~odd, counts)]
        counts[odd] = 0
    return joined, counts, np.flatnonzero(odd)


def _values(
    buffer: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the numbers that so many digits each make."""
    values = np.zeros(len(starts), np.int64)
    for place in range(int(sizes.max(initial=0))):
        more = sizes > place
        values[more] = values[more] * 10 + (buffer[starts[more] + place] - np.uint8(ord("0")))
    return values


def _decode_odd_ones(
    cells: Sequence[str],
    values: NDArray[np.int64],
    counts: NDArray[np.int64],
    odd_ones: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Decode cells with signs or unusual white space one by one, and put them in between."""
    pieces, bad = [], []
    taken = 0
    offsets = np.concatenate([[0], np.cumsum(counts)])
    for place in odd_ones:
        tokens = cells[place].split()
        pieces.append(values[taken : offsets[place]])
        taken = offsets[place]
        if all(map(_TOKEN.fullmatch, tokens)):
            pieces.append(np.array([int(token) for token in tokens], np.int64))
            counts[place] = len(tokens)
        else:
            bad.append(place)
    pieces.append(values[taken:])
    return np.concatenate(pieces), np.array(bad, np.int64)
