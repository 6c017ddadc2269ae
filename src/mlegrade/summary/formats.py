"""A summary as text, Markdown, CSV or LaTeX."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, TypeAlias

from mlegrade.summary.grid import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlegrade.summary.table import Estimate, Row, Summary

__all__ = ["FORMATS", "to_csv", "to_latex", "to_markdown", "to_text"]

_HEADINGS = {
    "made_submission": "Made submission",
    "valid_submission": "Valid submission",
    "above_median": "Above median",
    "bronze": "Bronze",
    "silver": "Silver",
    "gold": "Gold",
    "any_medal": "Any medal",
}
_NUMBERS = ("Competitions", "Seeds")
_INTERVAL = "95 % interval"
_LATEX = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"} | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)
_PADDED = "*"


def to_text(summary: Summary) -> str:
    """Return the table for a terminal: each measure a line, each group a column.

    A star marks numbers with padded cells in them; notes stand below.
    """
    rows = summary.rows
    header = ["", *(_marked(row) for row in rows)]
    lines = _counts(rows)
    for measure, heading in _HEADINGS.items():
        lines.append([heading, *(_plus_minus(row.measures[measure]) for row in rows)])
    lines.append([f"  {_INTERVAL}", *(_interval(row.measures["any_medal"]) for row in rows)])
    table = [header, *lines]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    drawn = []
    for line in table:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        drawn.append("  ".join(cells).rstrip())
    drawn.insert(1, "-" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join([*drawn, *(f"\n{note}" for note in _notes(summary))])


def to_markdown(summary: Summary) -> str:
    """Return the table as Markdown: each group a row."""
    headings = ["", *_NUMBERS, *_HEADINGS.values(), f"Any medal, {_INTERVAL}"]
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)]]
    lines += [[cell.replace("|", r"\|") for cell in _cells(row)] for row in summary.rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n\n".join([table, *_notes(summary)])


def to_latex(summary: Summary) -> str:
    r"""Return the table as LaTeX, for the package booktabs: each group a row."""
    headings = ["", *_NUMBERS, *_HEADINGS.values(), f"Any medal, {_INTERVAL}"]
    lines = [
        rf"\begin{{tabular}}{{l{'r' * (len(headings) - 1)}}}",
        r"\toprule",
        " & ".join(heading.translate(_LATEX) for heading in headings) + r" \\",
        r"\midrule",
    ]
    for row in summary.rows:
        cells = [cell.translate(_LATEX) for cell in _cells(row)]
        lines.append(" & ".join(cells).replace(" ± ", r" $\pm$ ") + r" \\")
    lines += [r"\bottomrule", r"\end{tabular}"]
    lines += [f"% {note}" for note in _notes(summary)]
    return "\n".join(lines)


def to_csv(summary: Summary) -> str:
    """Return the table as CSV, one line a group and measure, with all digits."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["group", "competitions", "seeds", "padded", "measure", "mean", "sem", "low", "high"]
    )
    for row in summary.rows:
        for measure in MEASURES:
            found = row.measures[measure]
            low, high = found.interval or (None, None)
            counts = [row.competitions, row.seeds, row.padded]
            # The writer leaves the place of None empty.
            writer.writerow([row.name, *counts, measure, found.mean, found.sem, low, high])
    return file.getvalue().rstrip("\n")


Format: TypeAlias = "Callable[[Summary], str]"

FORMATS: dict[str, Format] = {
    "text": to_text,
    "markdown": to_markdown,
    "csv": to_csv,
    "latex": to_latex,
}
"""The ways to write a summary, by name."""


def _cells(row: Row) -> list[str]:
    estimates = [_plus_minus(row.measures[measure]) for measure in _HEADINGS]
    counts = [str(row.competitions), str(row.seeds)]
    return [_marked(row), *counts, *estimates, _interval(row.measures["any_medal"])]


def _counts(rows: Sequence[Row]) -> list[list[str]]:
    found = [
        [_NUMBERS[0], *(str(row.competitions) for row in rows)],
        [_NUMBERS[1], *(str(row.seeds) for row in rows)],
    ]
    if any(row.padded for row in rows):
        found.append(["Padded runs", *(str(row.padded) for row in rows)])
    return found


def _marked(row: Row) -> str:
    return f"{row.name}{_PADDED}" if row.padded else row.name


def _plus_minus(found: Estimate) -> str:
    return f"{found.mean:.2f}" if found.sem is None else f"{found.mean:.2f} ± {found.sem:.2f}"


def _interval(found: Estimate) -> str:
    return f"{found.interval[0]:.1f} to {found.interval[1]:.1f}" if found.interval else "-"


def _notes(summary: Summary) -> list[str]:
    notes = ["Per cent of runs: mean ± standard error over seeds (ddof 1)."]
    if any(row.padded for row in summary.rows):
        notes.append(f"{_PADDED} with padded runs, which count as made no submission.")
    if summary.excluded:
        listed = ", ".join(f"{c} ({', '.join(flags)})" for c, flags in summary.excluded.items())
        notes.append(f"Left out of the last group: {listed}.")
    if summary.dropped:
        notes.append(f"Left out for missing runs: {', '.join(summary.dropped)}.")
    return notes + [f"{note[0].upper()}{note[1:]}" for note in summary.notes]
