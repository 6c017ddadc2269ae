"""Cells that hold integers in a row, such as ``"12 4 20"``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.formats.decimals import PADDING, words_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = [
    "NO_INTEGERS",
    "IntegerLists",
    "batches",
    "integer_batches",
    "is_white_space",
]

_MAX_DIGITS = 18  # always below 2**63, also after adding two of them
_BATCH = 1 << 17  # characters: few enough for the arrays made of them to stay in the cache
_PAIRS = [
    (np.uint64(mask), np.uint64(10 ** (bits // 8)), np.uint64(bits))
    for mask, bits in ((0x00FF00FF00FF00FF, 8), (0x0000FFFF0000FFFF, 16), (0x00000000FFFFFFFF, 32))
]
NO_INTEGERS = "whole numbers of at most 18 digits, separated by blanks"
"""What is expected of cells of integers."""
_TOKEN = re.compile(r"([+-]?)(?=[0-9])0*+([0-9]{0,18})")
_FOREIGN = re.compile(r"[^0-9+\s-]")  # in no cell of integers


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


def integer_batches(cells: Sequence[str]) -> Iterator[tuple[IntegerLists, NDArray[np.int64]]]:
    """Split cells at white space and read the pieces as integers, some cells at a time.

    Parameters
    ----------
    cells : sequence of str
        The text of the cells; blank text is an empty list.

    Yields
    ------
    lists : IntegerLists
        The lists of the next cells; empty where a piece is no integer of at most 18 digits, not
        counting noughts in front.
    bad : ndarray of int64
        The places of such cells, counted from the first of these cells.
    """
    for batch, lengths in batches(cells, _BATCH):
        values, counts, bad = _decode_plain(batch, lengths)
        if len(bad):
            values, bad = _decode_odd_ones(batch, values, counts, bad)
        yield IntegerLists(values, np.append(0, np.cumsum(counts))), bad


def batches(cells: Sequence[str], size: int) -> Iterator[tuple[Sequence[str], NDArray[np.int64]]]:
    """Yield cells and their lengths, so many characters at once: temporary arrays stay small."""
    lengths = np.fromiter(map(len, cells), np.int64, len(cells))
    ends = np.cumsum(lengths)
    start = 0
    while start < len(cells):
        passed = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, passed + size, "right")))
        yield cells[start:stop], lengths[start:stop]
        start = stop


def is_white_space(characters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which ASCII characters `str.split` splits at: 9 to 13 and 28 to 32."""
    return (characters - 9 < 5) | (characters - 28 < 5)  # noqa: PLR2004 wraps below 0


def _decode_plain(
    cells: Sequence[str], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Decode the cells of digits and white space; return values, counts, places of other cells."""
    # One byte a character: what is not ASCII becomes "?", which is neither digit nor white space.
    text = " ".join([*cells, " " * PADDING]).encode("ascii", "replace")
    begins = np.concatenate([[0], np.cumsum(lengths + 1)])
    values, counts, odd = [], np.zeros(len(cells), np.int64), np.zeros(len(cells), bool)
    start, size = 0, len(text) - PADDING
    while start < size:
        stop = text.index(b" ", min(start + _BATCH, size - 1)) + 1
        buffer = np.frombuffer(text, np.uint8, stop - start, start)
        is_digit = buffer - ord("0") < 10  # noqa: PLR2004 wraps below 0
        edges = start + 1 + np.flatnonzero(is_digit[1:] != is_digit[:-1])
        if is_digit[0]:
            edges = np.append(start, edges)
        firsts, ends = edges[0::2], edges[1::2]  # a blank ends the last one
        counts += np.diff(np.searchsorted(firsts, begins))
        sizes = ends - firsts
        is_other, is_long = ~(is_digit | is_white_space(buffer)), sizes > _MAX_DIGITS
        if is_other.any() or is_long.any():
            for too_odd in (start + np.flatnonzero(is_other), firsts[is_long]):
                odd[np.searchsorted(begins, too_odd, "right") - 1] = True
        values.append(_values(text, firsts, np.minimum(sizes, _MAX_DIGITS)))
        start = stop
    joined = np.concatenate(values)
    if odd.any():
        joined = joined[np.repeat(~odd, counts)]
        counts[odd] = 0
    return joined, counts, np.flatnonzero(odd)


def _values(text: bytes, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers that so many digits each make; eight characters more have to follow."""
    values = _values_of_eight(words_at(text, starts), np.minimum(sizes, 8))
    for passed in range(8, int(sizes.max(initial=0)), 8):
        more = np.flatnonzero(sizes > passed)
        n_digits = np.minimum(sizes[more] - passed, 8)
        rest = _values_of_eight(words_at(text, starts[more] + passed), n_digits)
        values[more] = values[more] * 10**n_digits + rest
    return values


def _values_of_eight(words: NDArray[np.uint64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number that the first 1 to 8 characters of each word make, all of them digits.

    A digit's value is the low half of its byte. Neighbours are put together, three times: digits
    to numbers below 100, these to numbers below 10^4, and these to the value.
    """
    words = words << (64 - 8 * sizes).astype(np.uint64)  # noughts in front, which are low bytes
    words &= 0x0F0F0F0F0F0F0F0F
    for mask, factor, bits in _PAIRS:
        words = (words * factor + (words >> bits)) & mask
    return words.astype(np.int64)


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
        pieces.append(values[taken : offsets[place]])
        taken = offsets[place]
        # A long cell with a letter in it is not taken apart.
        is_foreign = _FOREIGN.search(cells[place])
        matches = [] if is_foreign else list(map(_TOKEN.fullmatch, cells[place].split()))
        if is_foreign or None in matches:
            bad.append(place)
        else:
            numbers = [int(f"{match[1]}0{match[2]}") for match in matches if match]
            pieces.append(np.array(numbers, np.int64))
            counts[place] = len(numbers)
    pieces.append(values[taken:])
    return np.concatenate(pieces), np.array(bad, np.int64)
