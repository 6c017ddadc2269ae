"""Cells that hold words: ranked lists and label sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from mlegrade.formats._fault import Fault

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "WordLists",
    "WordSets",
    "all_numbers",
    "as_read_by_pandas",
    "decode_first_integers",
    "split_at_blanks",
    "split_numerals",
]

# What pandas takes for a number: white space may stand around digits, but not around "inf". Nothing
# is given back (``*+``, ``++``), so that millions of digits before a letter take no more time.
_GAP = r"[ \t\n\v\f\r]*+"
_INTEGER = re.compile(rf"{_GAP}([+-]?)(?=[0-9])0*+([0-9]*+){_GAP}")
_NUMBER = re.compile(
    rf"{_GAP}[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:e[+-]?[0-9]++)?{_GAP}|[+-]?inf(?:inity)?",
    re.IGNORECASE | re.ASCII,
)
_PLAIN = re.compile(r"(?:(?:0|[1-9][0-9]{0,17})\n)+")
_MAX_INTEGER = 2**63
_MAX_DIGITS = 20  # of an integer of 64 bits
_NUMERAL = re.compile(r"(?:\+(?!-))?(-?)(?=[0-9])0*+([0-9]*+)")


class WordLists(Sequence[list[str]]):
    """Lists of words, made when they are asked for: words take far more room than their text.

    Parameters
    ----------
    cells : sequence of str or None, length n
        The text of each list; None if it has no words at all.
    at_most : int, optional
        Words to keep from the beginning of each list.
    """

    def __init__(self, cells: Sequence[str | None], at_most: int | None) -> None:
        self._cells = cells
        self._at_most = at_most

    def __len__(self) -> int:
        return len(self._cells)

    @overload
    def __getitem__(self, place: int) -> list[str]: ...

    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...

    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        if isinstance(place, slice):
            return list(self._split(self._cells[place]))
        return next(self._split([self._cells[place]]))

    def __iter__(self) -> Iterator[list[str]]:
        return self._split(self._cells)

    def _split(self, cells: Sequence[str | None]) -> Iterator[list[str]]:
        n_kept = self._at_most
        # Splitting at most so often keeps a cell of a million words cheap.
        n_splits = -1 if n_kept is None else n_kept
        return ([] if cell is None else cell.split(" ", n_splits)[:n_kept] for cell in cells)


class WordSets(Sequence[frozenset[str]]):
    """Sets of words, made when they are asked for.

    Parameters
    ----------
    lists : sequence of list of str, length n
        The words of each set.
    """

    def __init__(self, lists: Sequence[list[str]]) -> None:
        self._lists = lists

    def __len__(self) -> int:
        return len(self._lists)

    @overload
    def __getitem__(self, place: int) -> frozenset[str]: ...

    @overload
    def __getitem__(self, place: slice) -> list[frozenset[str]]: ...

    def __getitem__(self, place: int | slice) -> frozenset[str] | list[frozenset[str]]:
        if isinstance(place, slice):
            return list(map(frozenset, self._lists[place]))
        return frozenset(self._lists[place])

    def __iter__(self) -> Iterator[frozenset[str]]:
        return map(frozenset, self._lists)


def split_at_blanks(
    cells: Sequence[str], empty: NDArray[np.bool_], *, at_most: int | None = None
) -> WordLists:
    """Split every cell at every single blank.

    Two blanks in a row enclose an empty word, which takes a place in the list like any other.

    Parameters
    ----------
    cells : sequence of str, length n
        The text of the cells.
    empty : ndarray of bool, shape (n,)
        Where a cell has no words at all, whatever its text.
    at_most : int, optional
        Words to keep from the beginning of each list.
    """
    texts: list[str | None] = list(cells)
    for place in np.flatnonzero(empty).tolist():
        texts[place] = None
    return WordLists(texts, at_most)


def all_numbers(cells: NDArray[Any]) -> bool:
    """Tell whether pandas would take a column of text for one of numbers.

    Parameters
    ----------
    cells : ndarray of object, shape (n,)
        The text of the cells that are not missing.
    """
    return bool(len(cells)) and all(map(_NUMBER.fullmatch, cells))


def split_numerals(cells: Sequence[str]) -> tuple[list[list[str]], list[Fault]]:
    """Split every cell at white space and read the pieces as whole numbers of any size.

    Parameters
    ----------
    cells : sequence of str, length n
        The text of the cells.

    Returns
    -------
    lists : list of list of str, length n
        The numbers as text without leading zeros, so that the same number is the same text.
    faults : list of Fault
        ``empty_list`` where a cell holds nothing, ``not_an_integer`` where a piece is no whole
        number.
    """
    numerals = _Numerals()
    lists = [list(map(numerals.__getitem__, cell.split())) for cell in cells]
    empty = [place for place, numbers in enumerate(lists) if not numbers]
    bad = [place for place, numbers in enumerate(lists) if "" in numbers]
    faults = [
        Fault("empty_list", "at least one whole number", np.array(empty, np.int64)),
        Fault("not_an_integer", "whole numbers separated by blanks", np.array(bad, np.int64)),
    ]
    return lists, [fault for fault in faults if len(fault.where)]


class _Numerals(dict[str, str]):
    """Whole numbers in their shortest form, empty text for anything else; each looked at once."""

    def __missing__(self, token: str) -> str:
        match = _NUMERAL.fullmatch(token)
        if match:
            self[token] = match[1] + match[2] if match[2] else "0"
        else:
            self[token] = ""
        return self[token]


def as_read_by_pandas(cells: NDArray[Any], missing: NDArray[np.bool_]) -> NDArray[Any]:
    """Return the text that cells have after pandas inferred the type of their column.

    A column that holds nothing but integers becomes an integer column and loses leading zeros,
    signs and blanks; one of numbers and missing cells becomes a float column, whose texts end in
    ``.0``. Any other column keeps its text.

    Parameters
    ----------
    cells : ndarray of object, shape (n,)
        The text as it stands in the file.
    missing : ndarray of bool, shape (n,)
        Where a cell is missing.
    """
    if not missing.any() and _PLAIN.fullmatch("\n".join([*cells, ""])):
        return cells  # the usual case: integers as they would be printed
    present = cells[~missing]
    if not all_numbers(present):
        return cells
    result = cells.copy()
    if not missing.any() and all(map(_INTEGER.fullmatch, present)):
        integers = list(map(_to_integer, present))
        low, high = min(integers), max(integers)
        if low >= -_MAX_INTEGER and high < _MAX_INTEGER * (1 if low < 0 else 2):
            result[:] = [str(integer) for integer in integers]
        return result
    result[~missing] = [str(float(cell)) for cell in present]
    return result


def _to_integer(cell: str) -> int:
    """Return an integer, cut where 64 bits do not hold it."""
    try:
        return int(cell)
    except ValueError:  # thousands of digits, of which one too many is enough
        return int(_INTEGER.sub(r"\g<1>0\2", cell)[: _MAX_DIGITS + 3])


def decode_first_integers(cells: Sequence[str]) -> tuple[NDArray[np.float64], list[Fault]]:
    """Read the first word of every cell as an integer; what follows it is not looked at.

    Parameters
    ----------
    cells : sequence of str, length n
        The text of the cells.

    Returns
    -------
    values : ndarray of float64, shape (n,)
        The integers; 0 where the cell has a fault.
    faults : list of Fault
        ``not_an_integer`` where a cell has no word or the first is no integer of 64 bits.
    """
    words = [(cell.split(None, 1) or [""])[0] for cell in cells]
    numbers = {word: _integer(word) for word in set(words)}
    values = np.fromiter(map(numbers.__getitem__, words), np.float64, len(words))
    bad = np.isnan(values)
    if not bad.any():
        return values, []
    expected = "a whole number of 64 bits, alone or before others that blanks separate from it"
    fault = Fault("not_an_integer", expected, np.flatnonzero(bad))
    return np.where(bad, 0.0, values), [fault]


def _integer(word: str) -> float:
    """Return the value of an integer of 64 bits, with or without a sign; NaN for anything else."""
    if not _INTEGER.fullmatch(word):
        return np.nan
    value = _to_integer(word)
    return float(value) if -_MAX_INTEGER <= value < 2 * _MAX_INTEGER else np.nan
