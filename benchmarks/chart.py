"""Draw the figures of ``run.py --json``: what grading takes, ours and MLE-bench's.

``python benchmarks/chart.py FIGURES.json CHART.svg``, with the extra ``mlegrade[plots]``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from mlegrade.plots import save
from mlegrade.plots._figure import new_figure


def chart(results: list[dict[str, Any]], path: Path) -> None:
    """Draw one line for each competition, from ours to MLE-bench's, the longest first."""
    results = sorted(results, key=lambda each: each["times_better"])
    places = range(len(results))
    ours = [each["total_over_read"] for each in results]
    theirs = [each["mlebench_total_over_read"] for each in results]
    figure, axes = new_figure(8, 1.5 + 0.17 * len(results))
    axes.hlines(places, ours, theirs, color="0.8", linewidth=1.5, zorder=1)
    axes.scatter(theirs, places, s=14, facecolor="white", edgecolor="C1", label="MLE-bench")
    axes.scatter(ours, places, s=14, color="C0", label="mlegrade")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.axvline(1, color="0.6", linestyle=":", linewidth=1)
    axes.set_xlabel("file to report, in times of reading both files with pandas")
    axes.set_yticks(places, [each["competition_id"] for each in results], fontsize=7)
    axes.set_ylim(-1, len(results))
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", which="major", color="0.9")
    axes.legend(frameon=False, loc="lower right")
    save(figure, path)


if __name__ == "__main__":
    figures, picture = map(Path, sys.argv[1:])
    chart(json.loads(figures.read_text(encoding="utf-8"))["results"], picture)
