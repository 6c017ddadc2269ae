"""Figures of reports, and a report in HTML. Needs the extra ``plots`` (matplotlib, jinja2).

>>> from mlegrade import plots, summary
>>> grid = summary.arrange(summary.load("reports.jsonl"))  # doctest: +SKIP
>>> plots.save(plots.heat_map(grid), "medals.svg")  # doctest: +SKIP
>>> html = plots.html_report(grid)  # doctest: +SKIP

Every figure is a matplotlib figure to change as you like; `save` writes it so that the same
figure gives the same bytes.
"""

from mlegrade.plots._figure import save, to_svg
from mlegrade.plots.charts import (
    effort,
    familiarity,
    heat_map,
    leaderboard,
    medals_over_time,
    pass_at_k,
)
from mlegrade.plots.html import html_report

__all__ = [
    "effort",
    "familiarity",
    "heat_map",
    "html_report",
    "leaderboard",
    "medals_over_time",
    "pass_at_k",
    "save",
    "to_svg",
]
