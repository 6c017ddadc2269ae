"""The format of a submission in words, made of the declaration that also validates it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlegrade.schema.fields import Column
    from mlegrade.schema.table import Table

__all__ = ["submission_schema", "submission_section"]

_LISTED = 16


def submission_section(table: Table) -> str:
    """Return the section "Submission" of a description, in Markdown."""
    lines = [
        "## Submission",
        "",
        "Write a CSV file in UTF-8 with a header line and these columns:",
        "",
        "| column | content |",
        "| --- | --- |",
        *_rows(table.describe()),
        "",
    ]
    rules = [
        _row_rule(table),
        "Rows may stand in any order; columns stand in the order of this table."
        if table.ordered
        else "Rows may stand in any order, and so may columns.",
        *(f"`{own}` may also be called `{other}`." for other, own in table.aliases.items()),
        _column_rule(table),
    ]
    return "\n".join([*lines, *rules, ""])


def _rows(columns: list[Column]) -> list[str]:
    """Return the rows of the table; many columns of the same kind in a row share one."""
    rows = []
    for (_, says), group in groupby(columns, key=lambda column: (column.kind, column.says)):
        names = [f"`{column.name}`" for column in group]
        if len(names) > _LISTED:
            names = [f"{names[0]} ... {names[-1]} ({len(names)} columns)"]
        rows += [f"| {name} | {says} |" for name in names]
    return rows


def _column_rule(table: Table) -> str:
    if not table.extra_columns:
        return "No further columns are allowed."
    if any(field.reads_further for field in table.fields):
        return "Further columns count in the sum of a row, so that they can hold only 0 or nothing."
    return "Further columns are ignored."


def _row_rule(table: Table) -> str:
    names = " and ".join(f"`{name}`" for name in table.key.columns)
    if table.key.repeats:
        return (
            f"Write one row for every row of the sample submission, with the same {names}; where a "
            "value stands there more than once, its rows keep their order."
        )
    rule = f"Write one row for every {names} of the sample submission, none twice."
    return rule + (" Rows with others are ignored." if table.extra_rows else "")


def submission_schema(table: Table) -> dict[str, Any]:
    """Return the format of a submission as JSON-compatible data."""
    return {
        "key": list(table.key.columns),
        "key_compares_as_text": table.key.text,
        "key_repeats": table.key.repeats,
        "extra_columns": table.extra_columns,
        "extra_rows": table.extra_rows,
        "columns_in_order": table.ordered,
        "columns": [column.to_dict() for column in table.describe()],
    }
