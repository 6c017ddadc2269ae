"""Tables: a key and some fields; and what they become when they are decoded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema.cells import quote
from mlegrade.schema.fields import Column, Field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlegrade.schema.cells import Cells
    from mlegrade.schema.keys import Key
    from mlegrade.schema.reader import CellKind

__all__ = ["Table", "Values"]

_SHOWN = 8
_INDEX = "Unnamed: 0"  # what pandas calls an index that was written


@dataclass(frozen=True, init=False)
class Table:
    """What a file holds: the columns that identify a row, and the values.

    Parameters
    ----------
    key : Key
        The columns by which rows belong together.
    *fields : Field
        The values of a row.
    extra_columns : bool, optional
        Whether further columns are passed over; otherwise they are refused.
    extra_rows : bool, optional
        Whether rows with unexpected keys are passed over; otherwise they are refused.
    aliases : mapping of str to str, optional
        Other names that a column may have where its own is absent: the other name, then its own.
    ordered : bool, optional
        Whether the header has to name the columns in the order in which they stand here.
    unread : sequence of str, optional
        Columns that have to be there but are not looked at.
    """

    key: Key
    fields: tuple[Field, ...]
    extra_columns: bool
    extra_rows: bool
    aliases: Mapping[str, str]
    ordered: bool
    unread: tuple[str, ...]

    def __init__(
        self,
        key: Key,
        *fields: Field,
        extra_columns: bool = True,
        extra_rows: bool = False,
        aliases: Mapping[str, str] | None = None,
        ordered: bool = False,
        unread: tuple[str, ...] = (),
    ) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "extra_columns", extra_columns)
        object.__setattr__(self, "extra_rows", extra_rows)
        object.__setattr__(self, "aliases", aliases or {})
        object.__setattr__(self, "ordered", ordered)
        object.__setattr__(self, "unread", unread)

    @property
    def columns(self) -> list[str]:
        """The names of all columns, keys first."""
        return [*self.key.columns, *self.reads, *self.unread]

    @property
    def facts(self) -> dict[str, CellKind]:
        """The columns of the answers that some field depends on."""
        return {name: kind for field in self.fields for name, kind in field.facts.items()}

    @property
    def reads(self) -> dict[str, CellKind]:
        """The columns of the fields, and how their cells are read."""
        return {name: kind for field in self.fields for name, kind in field.reads.items()}

    def own_names(self, header: Sequence[str]) -> list[str]:
        """Return a file's column names with other names replaced by the column's own."""
        present = set(header)
        replaced = {
            other: own
            for other, own in self.aliases.items()
            if other in present and own not in present
        }
        return [replaced.get(name, name) for name in header]

    def check_header(self, header: Sequence[str]) -> list[InvalidSubmissionError]:
        """Return what is wrong with a file's column names: absent, not allowed, out of order."""
        expected, present = self.columns, set(header)
        named, listed = set(expected), _some(expected)
        absent = [name for name in expected if name not in present]
        surplus = [name for name in header if name not in named]
        instead = ""
        if absent and surplus:
            instead = f" It names {_some([quote(name) for name in surplus[: _SHOWN + 1]])} instead."
        problems = [
            InvalidSubmissionError(
                "missing_column",
                f"there is no column {name!r}; the header has to name {listed}."
                # Once is enough to show another spelling, or another separator.
                + (instead if name == absent[0] else ""),
                column=name,
            )
            for name in absent[:_SHOWN]
        ]
        if not self.extra_columns:
            problems += [
                InvalidSubmissionError(
                    "unexpected_column",
                    f"the column {name[:80]!r} is not allowed; the header has to name {listed} "
                    "and nothing else."
                    + (" Write the file with index=False." if name == _INDEX else ""),
                    column=name,
                )
                for name in surplus[:_SHOWN]
            ]
        return problems or self._check_order(header)

    def _check_order(self, header: Sequence[str]) -> list[InvalidSubmissionError]:
        expected = self.columns
        named = set(expected)
        found = [name for name in header if name in named]
        if not self.ordered or found == expected:
            return []
        pairs = zip(found, expected, strict=True)
        place, (name, wanted) = next((n, p) for n, p in enumerate(pairs, start=1) if p[0] != p[1])
        text = f"column {place} is {name!r}, but has to be {wanted!r}; write the columns in the "
        text += "order of the sample submission."
        return [InvalidSubmissionError("column_order", text, column=name)]

    def further(self, header: Sequence[str]) -> list[str]:
        """Return the columns of a file that no field names, if a field looks at them."""
        if not any(field.reads_further for field in self.fields):
            return []
        named = set(self.columns)
        return [name for name in header if name not in named]

    def context(self, facts: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        """Return what decoding each field has to know, made once for many submissions."""
        return {field.name: field.context(facts) for field in self.fields}

    def decode(self, cells: Cells, context: Mapping[str, Any]) -> Values:
        """Decode all fields; what is wrong is noted in ``cells.problems``."""
        decoded = {
            field.name: field.decode(cells, context.get(field.name)) for field in self.fields
        }
        return Values(decoded, cells.order, columns=tuple(cells.columns))

    def describe(self) -> list[Column]:
        """Return what the columns hold, keys first."""
        keys = [Column(name, "key", "identifies the row") for name in self.key.columns]
        unread = [Column(name, "any", "anything; it is not looked at") for name in self.unread]
        return [*keys, *(column for field in self.fields for column in field.describe()), *unread]


@dataclass(frozen=True, slots=True, eq=False)
class Values(Mapping[str, Any]):
    """Decoded values by field name, all in the order of the answers.

    Parameters
    ----------
    fields : mapping of str to any
        What each field decoded to.
    order : ndarray of int64 or None
        The place in the file of each row; None if the file has the order of the answers.
    owner : ndarray of int64
        Where the answers have several rows a key: the place of each row's key among the expected
        keys; else empty.
    columns : sequence of str
        The columns that were read, in the order of the file.
    """

    fields: Mapping[str, Any]
    order: NDArray[np.int64] | None = None
    owner: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    columns: Sequence[str] = ()

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def place_in_file(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where rows stand in the file, counted from 0."""
        return rows if self.order is None else self.order[rows]

    @property
    def only(self) -> Any:
        """The value of a table with one field."""
        (value,) = self.fields.values()
        return value


def _some(names: Sequence[str]) -> str:
    """Return the first of some names for a message."""
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
