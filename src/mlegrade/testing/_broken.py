"""Submissions that are broken on purpose, each in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade import schema
from mlegrade.testing._tables import take, to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlegrade.schema import Table
    from mlegrade.testing._cells import Columns
    from mlegrade.testing._synthesis import Synthetic

__all__ = ["breakages", "broken"]

_NUMERIC = (schema.Number, schema.Numbers, schema.Probabilities)


def broken(made: Synthetic) -> dict[str, bytes]:
    """Return submissions that have to be refused, by what is wrong with them.

    Parameters
    ----------
    made : Synthetic
        What `synthesize` returned; its plausible submission is broken.
    """
    grading = made.competition.grading
    table = grading.submission
    # Where some rows do not count, cells are broken in all of them.
    every_row = grading.scored is not None
    return dict(breakages(table, made.tables["plausible"], every_row=every_row))


def breakages(
    table: Table, columns: Columns, row: int = 0, *, every_row: bool = False
) -> Iterator[tuple[str, bytes]]:
    """Yield the ways to break a valid submission.

    Parameters
    ----------
    table : Table
        What it has to look like.
    columns : columns
        The submission.
    row : int, optional
        The row to break.
    every_row : bool, optional
        Whether cells are broken in every row.
    """
    n_rows = len(next(iter(columns.values())))
    rows = list(range(n_rows))
    text = to_csv(columns)
    key = table.key.columns[0]
    yield "empty file", b""
    yield "header only", text.splitlines()[0] + b"\n"
    yield "not UTF-8", text + b"\xff\xfe\n"
    yield "NUL byte", text + b"\x00"
    yield "unclosed quote", text + b'"\n'
    yield "another delimiter", text.replace(b",", b";")
    for name in columns:
        absent = {other: cells for other, cells in columns.items() if other != name}
        yield f"no column {name}", to_csv({**absent, "another name": columns[name]})
    yield "missing row", to_csv(take(columns, rows[:row] + rows[row + 1 :]))
    yield "repeated row", to_csv(take(columns, [*rows, row]))
    if not table.extra_rows:
        stranger = take(columns, [row]) | {key: ["no such key"]}
        yield "unexpected row", to_csv({n: c + stranger[n] for n, c in columns.items()})
    if not table.extra_columns:
        yield "further column", to_csv({**columns, "surplus": ["0"] * n_rows})
    lines = text.splitlines()
    yield "surplus cell", b"\n".join([lines[0], lines[1] + b",7", *lines[2:], b""])
    chosen = set(rows) if every_row else {row}
    for field in table.fields:
        if isinstance(field, _NUMERIC):
            name = next(iter(field.reads))
            for word in ("many", "inf"):
                cells = [word if at in chosen else cell for at, cell in enumerate(columns[name])]
                yield f"{word} in {name}", to_csv({**columns, name: cells})
