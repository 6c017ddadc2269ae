"""The directive ``benchmarks FILE``: the figures of a run that was kept, as a table."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from difference_pages import table
from docutils import nodes
from docutils.parsers.rst import Directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path(__file__).parents[1] / "benchmarks"
HEAD = ("competition", "rows", "file to report", "over reading", "better", "kept", "MiB")


class Benchmarks(Directive):
    """Shows one row for each competition, and the geometric means."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table and a paragraph."""
        content = json.loads((FOLDER / self.arguments[0]).read_text(encoding="utf-8"))
        results = content["results"]
        rows = [
            (
                each["competition_id"],
                f"{each['rows']:,}",
                f"{each['total_s'] * 1000:.1f} ms",
                f"{each['total_over_read']:.2f}",
                f"{each['times_better']:.1f}",
                f"{each['times_better_kept']:.1f}",
                f"{each['peak_mib']:.0f}",
            )
            for each in results
        ]
        whole, kept = (
            math.exp(sum(math.log(each[key]) for each in results) / len(results))
            for key in ("times_better", "times_better_kept")
        )
        machine = content["machine"]
        text = (
            f"Geometric means over {len(results)} competitions: {whole:.2f} times better from file "
            f"to report, {kept:.2f} with a kept Grader. Python {machine['python']}, "
            f"{machine['machine']}, {machine['cores']} shared cores."
        )
        widths = (32, 10, 12, 10, 8, 8, 6)
        return [nodes.paragraph("", text), table(HEAD, widths, rows, numbers_from=1)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("benchmarks", Benchmarks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
