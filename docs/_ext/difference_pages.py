"""The directive ``differences``: where golden cases say that MLE-bench does otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        table = nodes.table(classes=["differences"])
        group = nodes.tgroup(cols=4)
        table += group
        group += [nodes.colspec(colwidth=width) for width in (30, 40, 10, 15)]
        head = nodes.thead()
        group += head
        head += _row(("competition", "the submission", "mlegrade", "MLE-bench"))
        body = nodes.tbody()
        group += body
        for competition, rows in differences():
            for number, row in enumerate(rows):
                body += _row((competition if number == 0 else "", *row))
        return [table]


def _row(cells: tuple[str, ...]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        entry = nodes.entry()
        entry += nodes.paragraph("", cell)
        row += entry
    return row


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("differences", Differences)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
