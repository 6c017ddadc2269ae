"""Rows belong together by key: finding for every expected row its place in the submission."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from operator import lt
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import AnswersError, InvalidSubmissionError
from mlegrade.schema.cells import LARGEST_EXACT, missing, quote, some_rows, to_double
from mlegrade.schema.reader import CellKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Key", "KeyIndex", "distinct", "no_rows"]

_ALL_ROWS = "write one row for every row of the sample submission."

_SHOWN = 5
_FEW = 1 << 12  # keys
_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,24}\s*", re.ASCII)


def no_rows() -> InvalidSubmissionError:
    """Return what a submission of nothing but a header comes to, whatever rows are expected."""
    return InvalidSubmissionError("no_rows", f"the file has a header but no rows; {_ALL_ROWS}")


@dataclass(frozen=True, init=False)
class Key:
    """The columns by which rows belong together.

    Parameters
    ----------
    *columns : str
        One column, or several that identify a row together.
    text : bool, optional
        Whether keys compare as written even where they look like numbers. By default keys compare
        as numbers where the key column of the answers and that of the submission both hold
        nothing but numbers: ``007`` is 7 and ``12.0`` is 12.
    repeats : bool, optional
        Whether a key may stand in several rows; then the k-th row of a key in the submission
        belongs to the k-th row of that key in the answers.
    """

    columns: tuple[str, ...]
    text: bool = False
    repeats: bool = False

    def __init__(self, *columns: str, text: bool = False, repeats: bool = False) -> None:
        if not columns:
            raise ValueError("a key needs at least one column.")
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "repeats", repeats)

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """How the cells of the key are read from the answers."""
        kind = CellKind.VERBATIM if self.text else CellKind.INTEGER
        return dict.fromkeys(self.columns, kind)

    @property
    def label(self) -> str:
        """The columns' names, for messages."""
        return " and ".join(self.columns)

    def rounded(self, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, CellKind]:
        """Return which columns have lost digits, and how to read them once more.

        One cell that is no integer makes doubles of a whole column, and beyond 2**53 these skip
        integers.
        """
        return {
            name: CellKind.VERBATIM
            for name in self.columns
            if columns[name].dtype.kind == "f" and (abs(columns[name]) >= LARGEST_EXACT).any()
        }

    def name(self, columns: Mapping[str, NDArray[Any]], row: int) -> str:
        """Return the key of one row for a message, such as ``id='a7'``."""
        return ", ".join(f"{name}={quote(columns[name][row])}" for name in self.columns)

    def duplicates(self, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Return which rows share their key, as it is written, with another row."""
        import pandas as pd  # noqa: PLC0415 most files are read without it

        frame = pd.DataFrame({name: columns[name] for name in self.columns})
        return frame.duplicated(keep=False).to_numpy()

    def refuse_duplicates(
        self, where: NDArray[np.bool_], columns: Mapping[str, NDArray[Any]]
    ) -> list[InvalidSubmissionError]:
        """Return the problem that rows share their key, if any do and none may."""
        rows = np.flatnonzero(where)
        if not len(rows) or self.repeats:
            return []
        listed = [int(at) + 1 for at in rows[:_SHOWN]]
        text = (
            f"{some_rows(listed, len(rows))} share their key ({self.label}) with another row; "
            f"the first of them has {self.name(columns, int(rows[0]))}. Write every key once."
        )
        return [InvalidSubmissionError("duplicate_rows", text, column=self.columns[0], rows=listed)]


class KeyIndex:
    """The expected keys, ready to be looked up.

    Parameters
    ----------
    key : Key
        The declaration.
    columns : mapping of str to ndarray
        The key columns of the expected rows: numbers, or text.

    Attributes
    ----------
    columns : dict of str to ndarray
        The same, without any other columns.
    """

    def __init__(self, key: Key, columns: Mapping[str, NDArray[Any]]) -> None:
        self.key = key
        self.columns = {name: columns[name] for name in key.columns}

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    # Most submissions have the rows in the expected order and need neither of these.

    @cached_property
    def _parts(self) -> list[pd.Index[Any]]:
        return [_index(values).unique() for values in self.columns.values()]

    @cached_property
    def _index(self) -> pd.Index[Any]:
        index = _index(self._codes(self.columns))
        # Answers are looked at when they are read. A sample submission is here, where it is free.
        if not index.is_unique:
            raise AnswersError("the sample submission names a key more than once.")
        return index

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """How the key cells of a submission have to be read to compare with these."""
        return {
            name: CellKind.VERBATIM if values.dtype == object else CellKind.INTEGER
            for name, values in self.columns.items()
        }

    @property
    def repeated(self) -> bool:
        """Whether a key that should identify a row stands in several of the expected rows."""
        if self.key.repeats:
            return False
        first, *others = self.columns.values()
        if not others and first.dtype != object:
            return _repeats(first)
        listed = [values.tolist() for values in (first, *others)]
        rows = list(zip(*listed, strict=True)) if others else listed[0]
        if all(map(lt, rows, islice(rows, 1, None))):  # in order, as many are
            return False
        # Sorting many numbers is quicker than filling a set, and takes less room.
        if len(rows) > _FEW and not _repeats(np.fromiter(map(hash, rows), np.int64, len(rows))):
            return False
        return len(set(rows)) < len(rows)

    def locate(
        self, columns: Mapping[str, NDArray[Any]], *, extra_rows: bool = False
    ) -> tuple[NDArray[np.int64] | None, list[InvalidSubmissionError]]:
        """Find for every expected row its place among some rows.

        Parameters
        ----------
        columns : mapping of str to ndarray
            The key columns of a submission.
        extra_rows : bool, optional
            Whether rows with unexpected keys are passed over.

        Returns
        -------
        order : ndarray of int64 or None
            The place of each expected row; None where the rows are in the expected order.
        problems : list of InvalidSubmissionError
            In this order: ``no_rows``, ``missing_rows``, ``unexpected_rows``,
            ``duplicate_rows``.

        Raises
        ------
        AnswersError
            If the expected rows themselves share a key, which those of answers never do.
        """
        if all(_same(columns[name], values) for name, values in self.columns.items()):
            return None, []
        if len(next(iter(columns.values()))) == 0:
            return None, [no_rows()]
        codes = self._codes(columns)
        places = self._index.get_indexer(_index(codes))
        known = places >= 0
        counts = np.bincount(places[known], minlength=len(self))
        repeated = known & (counts[places] > 1)
        if not known.all():
            # Rows with unexpected keys do not count, but they may not contradict each other.
            repeated |= ~known & self.key.duplicates(columns)
        absent, others = np.flatnonzero(counts == 0), np.flatnonzero(~known)
        problems = [
            *self._missing(absent, others, columns, secret=extra_rows),
            *([] if extra_rows else self._unexpected(others, columns)),
            *self.key.refuse_duplicates(repeated, columns),
        ]
        if problems:
            return None, problems
        order = np.empty(len(self), np.int64)
        order[places[known]] = np.flatnonzero(known)
        return order, []

    def _codes(self, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
        """Return one integer a row: equal for equal keys, -1 for keys that are not expected."""
        codes = np.zeros(0, np.int64)
        for part, name in zip(self._parts, self.key.columns, strict=True):
            found = _places(part, columns[name])
            if not len(codes):
                codes = found
            else:
                unknown = (codes < 0) | (found < 0)
                codes = np.where(unknown, -1, codes * len(part) + found)
        if self.key.repeats:
            n_keys = int(np.prod([len(part) for part in self._parts]))
            codes = np.where(codes < 0, -1, codes + n_keys * _occurrence(codes))
        return codes

    def _missing(
        self,
        places: NDArray[np.int64],
        others: NDArray[np.int64],
        columns: Mapping[str, NDArray[Any]],
        *,
        secret: bool,
    ) -> list[InvalidSubmissionError]:
        if not len(places):
            return []
        if secret:
            # Which of the sample submission's rows are scored is a part of the answers.
            text = f"rows are missing; {_ALL_ROWS}"
            return [InvalidSubmissionError("missing_rows", text, column=self.key.columns[0])]
        shown = ", ".join(f"({self.key.name(self.columns, int(at))})" for at in places[:_SHOWN])
        are = "is" if len(places) == 1 else "are"
        text = f"{len(places):,} of {len(self):,} expected rows {are} missing: {shown}"
        text += ", ..." if len(places) > _SHOWN else ""
        text += f"; {_ALL_ROWS}"
        if len(others):  # a key in another spelling is why its row is missing
            text += f" Row {others[0] + 1} has {self.key.name(columns, int(others[0]))} instead."
        return [InvalidSubmissionError("missing_rows", text, column=self.key.columns[0])]

    def _unexpected(
        self, rows: NDArray[np.int64], columns: Mapping[str, NDArray[Any]]
    ) -> list[InvalidSubmissionError]:
        if not len(rows):
            return []
        shown = ", ".join(
            f"row {at + 1} ({self.key.name(columns, int(at))})" for at in rows[:_SHOWN]
        )
        are = "row has" if len(rows) == 1 else "rows have"
        often = ", or not that often" if self.key.repeats else ""
        text = f"{len(rows):,} {are} a key ({self.key.label}) that is not expected{often}: {shown}"
        text += ", ..." if len(rows) > _SHOWN else ""
        text += "; keys have to be those of the sample submission."
        listed = [int(at) + 1 for at in rows[:_SHOWN]]
        return [
            InvalidSubmissionError("unexpected_rows", text, column=self.key.columns[0], rows=listed)
        ]


def distinct(columns: Mapping[str, NDArray[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of every key, and for every row the number of its key.

    Keys are numbered in the order in which they first stand in the table.
    """
    import pandas as pd  # noqa: PLC0415 most files are read without it

    codes = pd.DataFrame(dict(columns)).groupby(list(columns), sort=False).ngroup().to_numpy()
    _, firsts = np.unique(codes, return_index=True)
    return firsts.astype(np.int64), codes.astype(np.int64)


def _index(values: NDArray[Any]) -> pd.Index[Any]:
    import pandas as pd  # noqa: PLC0415 most files are read without it

    # Without a dtype pandas 3 would turn text into its own string type.
    index: pd.Index[Any] = pd.Index(values, dtype=values.dtype)
    return index


def _repeats(numbers: NDArray[Any]) -> bool:
    if (numbers[1:] > numbers[:-1]).all():  # as ids mostly are
        return False
    ordered = np.sort(numbers)
    return bool((ordered[1:] == ordered[:-1]).any())


def _same(values: NDArray[Any], expected: NDArray[Any]) -> bool:
    return values is expected or (
        values.dtype == expected.dtype
        and values.shape == expected.shape
        and bool((values == expected).all())
    )


def _places(part: pd.Index[Any], values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the place of each value among distinct expected ones, -1 where it is none of them."""
    if part.dtype == object:
        texts = values if values.dtype == object else values.astype(str).astype(object)
        return part.get_indexer(_index(texts)).astype(np.int64)
    if values.dtype != part.dtype:
        values, alike = _converted(values, part.to_numpy().dtype)
        return np.where(alike, part.get_indexer(_index(values)), -1).astype(np.int64)
    return part.get_indexer(_index(values)).astype(np.int64)


def _converted(values: NDArray[Any], dtype: np.dtype[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return values as numbers of another type, and where that type has them."""
    if values.dtype == np.bool_:  # no key, though it were equal to 1
        return np.zeros(len(values), dtype), np.zeros(len(values), np.bool_)
    if dtype.kind == "f":
        doubles = values if values.dtype != object else _from_text(values, to_double)
        return doubles.astype(dtype), np.ones(len(values), np.bool_)
    if values.dtype.kind == "f":
        # Beyond 2**53 doubles skip integers: such a key could equal one by accident only.
        alike = (values == np.floor(values)) & (np.abs(values) < LARGEST_EXACT)
    elif values.dtype == object:
        values = _from_text(values, partial(_to_integer, limits=np.iinfo(dtype)), object)
        alike = ~missing(values)
    else:
        limits = np.iinfo(dtype)
        alike = (values >= limits.min) & (values <= limits.max)
    return np.where(alike, values, 0).astype(dtype), alike


def _from_text(
    values: NDArray[Any], function: Callable[[object], Any], dtype: type = np.float64
) -> NDArray[Any]:
    return np.fromiter(map(function, values), dtype, len(values))


def _to_integer(cell: object, limits: np.iinfo[Any]) -> float:
    """Return a cell as a whole number within limits, without going through doubles, or NaN."""
    number: float = to_double(cell)
    if isinstance(cell, str) and _INTEGER.fullmatch(cell):
        number = int(cell)
    elif not (number.is_integer() and abs(number) < LARGEST_EXACT):
        return math.nan
    return number if limits.min <= number <= limits.max else math.nan


def _occurrence(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how often each code stood in the rows before."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    lengths = np.diff(np.append(starts, len(codes)))
    result = np.empty(len(codes), np.int64)
    result[order] = np.arange(len(codes)) - np.repeat(starts, lengths)
    return result
