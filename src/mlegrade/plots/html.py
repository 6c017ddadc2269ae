"""One HTML file about a set of runs: no network, no scripts, everything inside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.competitions import get
from mlegrade.errors import PrerequisiteError, ReportsError
from mlegrade.plots import charts
from mlegrade.plots._figure import outcome, to_svg
from mlegrade.summary import MEASURES, best_medals, over_time, pass_curve, summarize
from mlegrade.summary.boards import CUSTOM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.figure import Figure

    from mlegrade.report import GradeReport
    from mlegrade.summary import Estimate, Grid, Moment, PassAtK
    from mlegrade.summary.table import By

__all__ = ["html_report"]

_FEW = 6
_TEMPLATE = Path(__file__).with_name("report.html.j2")


def html_report(
    grid: Grid,
    *,
    title: str = "Results",
    name: str = "all",
    by: By = "complexity",
    exclude_flags: Iterable[str] = (),
    notes: Sequence[str] = (),
) -> str:
    """Return a report in HTML: headline, tables, figures, every competition.

    Parameters
    ----------
    grid : Grid
        What `mlegrade.summary.arrange` gave.
    title : str, optional
        The headline.
    name : str, optional
        The name of the row of all competitions, such as that of the split.
    by, exclude_flags
        As in `mlegrade.summary.summarize`.
    notes : sequence of str, optional
        What else a reader should know.

    Raises
    ------
    PrerequisiteError
        If jinja2 or matplotlib is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 an extra
    except ImportError as error:
        raise PrerequisiteError(
            "a report in HTML needs jinja2: pip install 'mlegrade[plots]'"
        ) from error
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["estimate"] = _estimate
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    summary = summarize(grid, by=by, exclude_flags=exclude_flags, name=name)
    return template.render(
        title=title,
        summary=summary,
        overall=summary.overall,
        measures={measure: measure.replace("_", " ") for measure in MEASURES},
        best=best_medals(grid),
        figures=list(_figures(grid)),
        grid=grid,
        outcome=outcome,
        competitions=[_competition(grid, competition) for competition in grid.competitions],
        notes=[*notes, *summary.notes],
    )


def _estimate(found: Estimate) -> str:
    return f"{found.mean:.2f}" if found.sem is None else f"{found.mean:.2f} ± {found.sem:.2f}"


def _figures(grid: Grid) -> Iterator[dict[str, Any]]:
    """Yield the figures that these runs have, each with what it shows in words."""
    try:
        course = over_time(grid)
    except ReportsError:
        course = ()  # no snapshots, thus no such figure
    if len(course) > 1:
        yield _figure("time", charts.medals_over_time(course), "Medals over time", _said(course))
    if len(grid.seeds) > 1:
        curve = pass_curve(grid)
        yield _figure("pass", charts.pass_at_k(curve), "pass@k", _passes(curve))
    yield from _places(grid)
    try:
        drawn = charts.effort(grid)
    except ReportsError:
        return
    text = "The time of each run by competition; filled by medal, white without one."
    yield _figure("effort", drawn, "What the runs took", text) | {"wide": True}


def _places(grid: Grid) -> Iterator[dict[str, Any]]:
    """Yield the leaderboards of few competitions; many would bury the rest."""
    few = grid.competitions if len(grid.competitions) <= _FEW else ()
    for number, name in enumerate(few):
        known = grid.facts[name]
        board = known.board or (get(name).leaderboard() if known.category != CUSTOM else None)
        reports = [report for seed in grid.seeds if (report := grid.report(name, seed))]
        scored = [report for report in reports if report.score is not None]
        if board and scored:
            runs = "score of 1 run" if len(scored) == 1 else f"scores of {len(scored)} runs"
            text = f"{name}: the {runs} among {len(board):,} teams."
            drawn = charts.leaderboard(scored, board)
            yield _figure(f"board{number}", drawn, "Place on the leaderboard", text)


def _figure(name: str, drawn: Figure, title: str, text: str) -> dict[str, Any]:
    return {"name": name, "svg": to_svg(drawn, name), "title": title, "text": text, "wide": False}


def _said(course: Sequence[Moment]) -> str:
    last = course[-1]
    half = next(m for m in course if m.mean >= last.mean / 2)
    return (
        f"After {_duration(last.hours)} {last.mean:.1f} % of the competitions have a medal; half "
        f"of that was reached after {_duration(half.hours)}."
    )


def _duration(hours: float) -> str:
    return f"{hours:.3g} h" if hours >= 1 else f"{60 * hours:.0f} min"


def _passes(curve: Sequence[PassAtK]) -> str:
    first, last = curve[0], curve[-1]
    return (
        f"Any medal with one attempt: {first.mean:.1f} %; with {last.k} attempts: "
        f"{last.mean:.1f} %. Unbiased estimates from {last.attempts} runs at each competition."
    )


def _competition(grid: Grid, name: str) -> dict[str, Any]:
    """Return what the page says about a competition."""
    facts = grid.facts[name]
    runs = []
    for seed in grid.seeds:
        report = grid.report(name, seed)
        words, _, _ = outcome(report)
        score = "" if report is None or report.score is None else f"{report.score:.5f}"
        runs.append({"seed": seed, "words": words, "score": score, "reason": _reason(report)})
    reports = [report for seed in grid.seeds if (report := grid.report(name, seed)) is not None]
    # A report without a score may not know the direction.
    lines = next((report for report in reports if report.score is not None), None)
    return {
        "id": name,
        "place": ", ".join(dict.fromkeys((facts.category, facts.complexity))),
        "flags": sorted(facts.flags),
        "gold": None if lines is None else lines.gold_threshold,
        "direction": "" if lines is None else ("lower" if lines.is_lower_better else "higher"),
        "runs": runs,
    }


def _reason(report: GradeReport | None) -> str:
    """Return why a run has no score."""
    if report is None:
        return "There is no report of this run."
    if report.valid_submission:
        return ""
    if report.error:
        return f"{report.error.get('message', '')} ({report.error.get('code', 'invalid')})"
    return "The report gives no reason." if report.submission_exists else "Nothing was handed in."
