"""The directive ``differences``: where golden cases say that MLE-bench does otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx.application import Sphinx

GOLDEN = Path(__file__).parents[2] / "tests" / "golden"
OURS = {"invalid": "refused", "score": "scored"}


def differences() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Yield each competition with its differing cases: what is in the file, ours, MLE-bench's."""
    for file in sorted(GOLDEN.glob("*/cases.json"), key=lambda path: path.parent.name.lower()):
        content = json.loads(file.read_text(encoding="utf-8"))
        rows = [
            (case.get("why") or case["name"], OURS[case["expect"]], _theirs(case["mlebench"]))
            for case in content["cases"]
            if "mlebench" in case
        ]
        if rows:
            yield content["competition"], rows


def _theirs(outcome: dict[str, Any]) -> str:
    if outcome["outcome"] == "score":
        score = outcome.get("score")
        return f"score {score:.6g}" if isinstance(score, float) else f"score {score}"
    return {"crash": "crashes", "invalid": "refused"}[outcome["outcome"]]


class Differences(Directive):
    """Shows one table for all competitions."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        rows = [
            (competition if number == 0 else "", *row)
            for competition, cases in differences()
            for number, row in enumerate(cases)
        ]
        head = ("competition", "the submission", "mlegrade", "MLE-bench")
        return [table(head, (30, 40, 10, 15), rows)]


def table(
    head: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[str]],
    *,
    numbers_from: int | None = None,
) -> nodes.table:
    """Return a table of plain text; from some column on, all are numbers."""
    made = nodes.table()
    group = nodes.tgroup(cols=len(head))
    made += group
    group += [nodes.colspec(colwidth=width) for width in widths]
    top, body = nodes.thead(), nodes.tbody()
    group += [top, body]
    n_words = len(head) if numbers_from is None else numbers_from
    top += _row(head, n_words)
    body += [_row(row, n_words) for row in rows]
    return made


def _row(cells: Sequence[str], n_words: int) -> nodes.row:
    row = nodes.row()
    for place, cell in enumerate(cells):
        entry = nodes.entry(classes=["text-right"] if place >= n_words else [])
        entry += nodes.paragraph("", cell)
        row += entry
    return row


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("differences", Differences)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
