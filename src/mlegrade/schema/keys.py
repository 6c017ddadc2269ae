"""Rows belong together by key: finding for every expected row its place in the submission."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema.cells import quote
from mlegrade.schema.reader import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Key", "KeyIndex", "distinct"]

_SHOWN = 5
_LARGEST_EXACT = 2.0**53


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


class KeyIndex:
    """The expected keys, ready to be looked up.

    Parameters
    ----------
    key : Key
        The declaration.
    columns : mapping of str to ndarray
        The key columns of the expected rows: numbers, or text.
    """

    def __init__(self, key: Key, columns: Mapping[str, NDArray[Any]]) -> None:
        self.key = key
        self._columns = {name: columns[name] for name in key.columns}
        self._parts = [pd.Index(values).unique() for values in self._columns.values()]
        codes = self._codes(self._columns)
        self._index = pd.Index(codes)
        self._is_plain = len(key.columns) == 1 and not key.repeats

    def __len__(self) -> int:
        return len(self._index)

    @property
    def reads(self) -> Mapping[str, CellKind]:
        """How the key cells of a submission have to be read to compare with these."""
        return {
            name: CellKind.VERBATIM if values.dtype == object else CellKind.INTEGER
            for name, values in self._columns.items()
        }

    @property
    def repeated(self) -> bool:
        """Whether a key that should identify a row stands in several of the expected rows."""
        return not self._index.is_unique

    def name(self, columns: Mapping[str, NDArray[Any]], row: int) -> str:
        """Return the key of one row for a message, such as ``id='a7'``."""
        return ", ".join(f"{name}={quote(columns[name][row])}" for name in self.key.columns)

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
            The place of each expected row; None where the rows are in the expected order already.
        problems : list of InvalidSubmissionError
            ``no_rows``, ``missing_rows``, ``unexpected_rows`` and ``duplicate_rows``, in this order.
        """
        if all(_same(columns[name], values) for name, values in self._columns.items()):
            return None, []
        n_rows = len(next(iter(columns.values())))
        if n_rows == 0:
            text = f"the file has a header but no rows; expected {len(self):,} rows."
            return None, [InvalidSubmissionError("no_rows", text)]
        codes = self._codes(columns)
        places = self._index.get_indexer(codes)
        known = places >= 0
        counts = np.bincount(places[known], minlength=len(self))
        problems = [
            *self._missing(np.flatnonzero(counts == 0)),
            *([] if extra_rows else self._unexpected(np.flatnonzero(~known), columns)),
            *self._duplicates(codes, places, counts, columns),
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
            values = _comparable(columns[name], numbers=part.dtype != object)
            found = part.get_indexer(pd.Index(values, dtype=part.dtype))
            if not len(codes):
                codes = found.astype(np.int64)
            else:
                unknown = (codes < 0) | (found < 0)
                codes = np.where(unknown, -1, codes * len(part) + found)
        if self.key.repeats:
            n_keys = int(np.prod([len(part) for part in self._parts]))
            codes = np.where(codes < 0, -1, codes + n_keys * _occurrence(codes))
        return codes

    @property
    def _label(self) -> str:
        return " and ".join(self.key.columns)

    def _missing(self, places: NDArray[np.int64]) -> list[InvalidSubmissionError]:
        if not len(places):
            return []
        shown = ", ".join(f"({self.name(self._columns, int(at))})" for at in places[:_SHOWN])
        text = f"{len(places):,} of {len(self):,} expected rows are missing: {shown}"
        text += ", ..." if len(places) > _SHOWN else ""
        text += "; write one row for every row of the sample submission."
        return [InvalidSubmissionError("missing_rows", text, column=self.key.columns[0])]

    def _unexpected(
        self, rows: NDArray[np.int64], columns: Mapping[str, NDArray[Any]]
    ) -> list[InvalidSubmissionError]:
        if not len(rows):
            return []
        shown = ", ".join(f"row {at + 1} ({self.name(columns, int(at))})" for at in rows[:_SHOWN])
        text = f"{len(rows):,} rows have a key ({self._label}) that is not expected: {shown}"
        text += ", ..." if len(rows) > _SHOWN else ""
        text += "; keys have to be those of the sample submission."
        listed = [int(at) + 1 for at in rows[:_SHOWN]]
        return [
            InvalidSubmissionError("unexpected_rows", text, column=self.key.columns[0], rows=listed)
        ]

    def _duplicates(
        self,
        codes: NDArray[np.int64],
        places: NDArray[np.int64],
        counts: NDArray[np.int64],
        columns: Mapping[str, NDArray[Any]],
    ) -> list[InvalidSubmissionError]:
        repeated = (places >= 0) & (counts[places] > 1)
        if not repeated.any() and (codes < 0).any():
            # Rows with unexpected keys do not count, but they may not contradict each other.
            strangers = pd.DataFrame({name: columns[name][codes < 0] for name in self.key.columns})
            repeated[codes < 0] = strangers.duplicated(keep=False).to_numpy()
        rows = np.flatnonzero(repeated)
        if not len(rows) or self.key.repeats:
            return []
        first = self.name(columns, int(rows[0]))
        listed = [int(at) + 1 for at in rows[:_SHOWN]]
        text = (
            f"{len(rows):,} rows share their key ({self._label}) with another row, the first is "
            f"row {listed[0]} ({first}); write every key once."
        )
        return [
            InvalidSubmissionError("duplicate_rows", text, column=self.key.columns[0], rows=listed)
        ]


def distinct(columns: Mapping[str, NDArray[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of every key, and for every row the number of its key.

    Keys are numbered in the order in which they first stand in the table.
    """
    codes = pd.DataFrame(dict(columns)).groupby(list(columns), sort=False).ngroup().to_numpy()
    _, firsts = np.unique(codes, return_index=True)
    return firsts.astype(np.int64), codes.astype(np.int64)


def _same(values: NDArray[Any], expected: NDArray[Any]) -> bool:
    return (
        values.dtype == expected.dtype
        and values.shape == expected.shape
        and bool((values == expected).all())
    )


def _comparable(values: NDArray[Any], *, numbers: bool) -> NDArray[Any]:
    """Return keys in the type of the expected ones; what no key can equal becomes NaN."""
    if not numbers:
        if values.dtype == object:
            return values
        texts: NDArray[Any] = values.astype(str).astype(object)
        return texts
    if values.dtype.kind == "i":
        return values
    doubles = np.full(len(values), np.nan)
    if values.dtype.kind in "uf":
        doubles = values.astype(np.float64)
    elif values.dtype == object:
        for place, value in enumerate(values):
            if isinstance(value, int | str) and not isinstance(value, bool):
                doubles[place] = _double(value)
    # Beyond 2**53 doubles skip integers: such a key can equal an integer by accident only.
    return np.where(np.abs(doubles) <= _LARGEST_EXACT, doubles, np.nan)


def _double(value: int | str) -> float:
    try:
        return float(value)
    except (ValueError, OverflowError):
        return np.nan


def _occurrence(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how often each code stood in the rows before."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    lengths = np.diff(np.append(starts, len(codes)))
    result = np.empty(len(codes), np.int64)
    result[order] = np.arange(len(codes)) - np.repeat(starts, lengths)
    return result
