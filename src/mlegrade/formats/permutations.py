"""Cells that put given items in order, such as ``"c a b"`` for the items a, b and c."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.formats._fault import Fault
from mlegrade.formats.decimals import MASKS, PADDING, words_at
from mlegrade.formats.integers import IntegerLists, batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Items", "decode_permutations"]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: Fibonacci hashing
_LEAST_HASH_BITS = 24
_BATCH = 1 << 18  # characters


class Items:
    """The items of each row in their true order, ready to be looked up in proposed orders.

    Parameters
    ----------
    cells : sequence of str, length n
        The items of each row, separated by white space.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = cells
        # A few rows at a time, so that all that is made of their words stays in the cache.
        self._batches = [(len(batch), _Words.of(batch)) for batch, _ in batches(cells, _BATCH)]

    def places(self, cells: Sequence[str]) -> IntegerLists | None:
        """Return the places of the words of some cells, if they are known to be permutations.

        None says nothing: there is another way to find out.
        """
        begin, places, counts = 0, [np.zeros(0, np.int64)], [np.zeros(1, np.int64)]
        for n_cells, true in self._batches:
            words = _Words.of(cells[begin : begin + n_cells])
            # Both sides are in the same order of rows and hashes, so that equal words stand side by
            # side. Whether they are equal is then looked at: no hash is taken for a word.
            if words is None or true is None or not words.are_those_of(true):
                return None
            places.append(np.empty_like(true.places))
            places[-1][_bases(words.counts) + words.places] = true.places
            counts.append(true.counts)
            begin += n_cells
        return IntegerLists(np.concatenate(places), np.cumsum(np.concatenate(counts)))


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Words of up to eight ASCII characters, each as one integer; in a row, in the order of a hash.

    Parameters
    ----------
    codes : ndarray of uint64, shape (m,)
        The words of all rows.
    places : ndarray of int64, shape (m,)
        The place of each word in its row.
    counts : ndarray of int64, shape (n,)
        The words of each row.
    """

    codes: NDArray[np.uint64]
    places: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, cells: Sequence[str]) -> _Words | None:
        """Take cells apart; None if they hold longer words, or more than single blanks between."""
        text = "\n".join([*cells, " " * PADDING])  # a word's bytes end within the text
        if not text.isascii():
            return None
        size = len(text) - 1 - PADDING
        buffer = np.frombuffer(text.encode(), np.uint8)
        is_gap = buffer[:size] <= ord(" ")
        n_words = int(np.count_nonzero(is_gap)) + 1
        width = int(is_gap.argmax()) if n_words > 1 else size
        starts: slice | NDArray[np.int64]
        lengths: int | NDArray[np.int64]
        if n_words * (width + 1) == size + 1 and is_gap[width :: width + 1].all():
            # All words are of one width, as ids are: places in even steps need no list.
            starts, lengths = slice(0, size, width + 1), width
            between = buffer[width : size : width + 1]
        else:
            gaps = np.flatnonzero(is_gap)
            starts = np.append(0, gaps + 1)
            lengths = np.append(gaps, size) - starts
            between = buffer[gaps]
        if np.min(lengths) < 1 or np.max(lengths) > PADDING:
            return None
        row_ends = np.flatnonzero(between == ord("\n")) + 1
        n_blanks = int(np.count_nonzero(between == ord(" ")))
        if len(row_ends) != len(cells) - 1 or len(row_ends) + n_blanks != n_words - 1:
            return None
        codes = words_at(buffer, starts) & MASKS[lengths]  # without what follows the words
        return cls._by_hash(codes, np.diff(row_ends, prepend=0, append=n_words))

    @classmethod
    def _by_hash(cls, codes: NDArray[np.uint64], counts: NDArray[np.int64]) -> _Words | None:
        """Order the words of each row by a hash; None if there are too many.

        Row, hash and place in the row share one integer: sorting these is quicker than looking
        every word up, and quicker than sorting places.
        """
        place_bits = int(counts.max()).bit_length()
        hash_bits = 64 - place_bits - len(counts).bit_length()
        if hash_bits < _LEAST_HASH_BITS:
            return None
        bases = _bases(counts)
        keys = codes * _SPREAD
        keys >>= np.uint64(64 - hash_bits)
        keys <<= np.uint64(place_bits)
        rows = np.arange(len(counts), dtype=np.uint64) << np.uint64(hash_bits + place_bits)
        keys |= np.repeat(rows, counts)
        keys |= (np.arange(len(keys)) - bases).view(np.uint64)
        keys.sort()
        places = (keys & np.uint64((1 << place_bits) - 1)).view(np.int64)
        return cls(codes[bases + places], places, counts)

    def are_those_of(self, other: _Words) -> bool:
        """Tell whether every row has the words that the same row of another table has."""
        return np.array_equal(self.counts, other.counts) and np.array_equal(self.codes, other.codes)


def _bases(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each word where its row begins."""
    return np.repeat(np.cumsum(counts) - counts, counts)


def decode_permutations(cells: Sequence[str], items: Items) -> tuple[IntegerLists, list[Fault]]:
    """Return the place of every listed item among the given ones.

    Parameters
    ----------
    cells : sequence of str, length n
        Items in the order proposed, separated by white space.
    items : Items
        The items of each of the n cells, each once, in their own order.

    Returns
    -------
    places : IntegerLists
        For each cell a permutation of ``0 ... number of items - 1``: entry j is the place that
        the j-th listed item has among the given ones. Not to be used where there are faults.
    faults : list of Fault
        ``not_a_permutation`` where an item is missing, unknown or listed twice.
    """
    known = items.places(cells)
    return (known, []) if known else _look_up(cells, items.cells)


def _look_up(cells: Sequence[str], items: Sequence[str]) -> tuple[IntegerLists, list[Fault]]:
    values: list[int] = []
    counts = np.zeros(len(cells), np.int64)
    bad = []
    for number, (cell, true) in enumerate(zip(cells, items, strict=True)):
        given = true.split()
        place = dict(zip(given, range(len(given)), strict=True))
        listed = cell.split()
        places = [place.get(item, -1) for item in listed]
        # As many as there are items, each known, none twice.
        if len(listed) != len(given) or len(set(places) - {-1}) != len(given):
            bad.append(number)
            continue
        values += places
        counts[number] = len(places)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    lists = IntegerLists(np.array(values, np.int64), offsets)
    expected = "every item of this row exactly once, separated by blanks"

    def spot(place: int) -> int:
        left = set(items[place].split())
        for item in re.finditer(r"\S+", cells[place]):
            if item[0] not in left:
                return item.start()
            left.remove(item[0])
        return 0

    fault = Fault("not_a_permutation", expected, np.array(bad, np.int64), spot)
    return lists, [fault] if bad else []
