"""The figures, each a function of what `mlegrade.summary` found."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import ReportsError
from mlegrade.medals import Medal, medal_positions, rank
from mlegrade.plots._figure import ACCENT, COLOURS, FAINT, INK, new_figure, outcome, set_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlegrade.report import GradeReport
    from mlegrade.summary import Familiarity, Grid, Moment, PassAtK
    from mlegrade.summary.uncertainty import Floats

__all__ = ["effort", "familiarity", "heat_map", "leaderboard", "medals_over_time", "pass_at_k"]

_WIDTH, _HEIGHT = 5.6, 3.5
_ROW = 0.21
_WIDEST = 20.0
_SECONDS = 3600.0
_LONG = 44


def leaderboard(reports: Sequence[GradeReport], board: Sequence[float]) -> Figure:
    """Draw scores on the leaderboard of their competition, with the medal zones.

    Parameters
    ----------
    reports : sequence of GradeReport
        Runs on one competition; invalid ones have no place.
    board : sequence of float
        The scores of the teams.

    Raises
    ------
    ReportsError
        If no report has a score.
    """
    scored = [(report, report.score) for report in reports if report.score is not None]
    if not scored:
        raise ReportsError("no report has a score to place on the leaderboard.")
    higher = not scored[0][0].is_lower_better
    teams = sorted(board, reverse=higher)
    figure, axes = new_figure(_WIDTH, _HEIGHT)
    places = np.arange(1, len(teams) + 1)
    _zones(axes, len(teams))
    axes.plot(places, teams, color=INK, linewidth=1.4, label="teams")
    low, high = _heights(np.array(teams), [score for _, score in scored])
    for report, score in scored:
        place = rank(score, teams, higher_is_better=higher)
        axes.plot(
            place,
            min(max(score, low), high),
            marker=_marker(score, low, high, higher_is_better=higher),
            color=COLOURS[report.medal] if report.medal else "white",
            markeredgecolor=INK,
            markersize=8,
            clip_on=False,
            zorder=4,
        )
    # With the best at the top a curve falls from left to right, whatever the metric.
    margin = 0.06 * (high - low)
    axes.set_ylim(*((low - margin, high + margin) if higher else (high + margin, low - margin)))
    axes.set_xscale("log")
    axes.set_xlim(0.9, (len(teams) + 1) * 1.1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel(f"place among {len(teams):,} teams (logarithmic)")
    axes.set_ylabel("score" if higher else "score (lower is better)")
    set_title(axes, _short(scored[0][0].competition_id), above=18)
    return figure


def _marker(score: float, low: float, high: float, *, higher_is_better: bool) -> str:
    """Return a dot; for a score beyond what is shown, an arrow that points there."""
    if low <= score <= high:
        return "o"
    return "^" if (score > high) == higher_is_better else "v"


def _zones(axes: Axes, n_teams: int) -> None:
    """Colour the places that earn a medal, and name them above."""
    begin = 0.5
    for medal, place in zip(Medal, medal_positions(n_teams), strict=True):
        end = max(place, begin) + 0.5 if place >= begin else begin
        if end > begin:
            axes.axvspan(begin, end, color=COLOURS[medal], alpha=0.3, linewidth=0)
            middle = float(np.sqrt(max(begin, 0.9) * end))
            axes.text(
                middle,
                1.02,
                medal.value,
                transform=axes.get_xaxis_transform(),
                ha="center",
                fontsize=8,
                color=INK,
            )
        begin = max(begin, end)


def _heights(teams: Floats, scores: list[float]) -> tuple[float, float]:
    """Return the scores to show: without the far end of the board, and hopeless runs."""
    best, middle, end = teams[0], np.median(teams), teams[int(0.9 * (len(teams) - 1))]
    shown = [best, middle, end, *scores]
    reach = 3 * max(abs(best - end), 1e-9)
    kept = [value for value in shown if abs(value - middle) <= reach]
    low, high = float(min(kept, default=best)), float(max(kept, default=best))
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def medals_over_time(moments: Sequence[Moment], *, measure: str = "any medal") -> Figure:
    """Draw the share of competitions with a medal as time passes.

    Parameters
    ----------
    moments : sequence of Moment
        What `mlegrade.summary.over_time` gave.
    measure : str, optional
        What the share is of.
    """
    figure, axes = new_figure(_WIDTH, _HEIGHT)
    minutes = moments[-1].hours < 1
    times = [moment.hours * (60 if minutes else 1) for moment in moments]
    means = np.array([moment.mean for moment in moments])
    axes.step(times, means, where="post", color=ACCENT, linewidth=2)
    if all(moment.sem is not None for moment in moments):
        errors = np.array([moment.sem or 0.0 for moment in moments])
        low, high = np.clip([means - errors, means + errors], 0, 100)
        axes.fill_between(times, low, high, step="post", color=ACCENT, alpha=0.18, linewidth=0)
        set_title(axes, f"{measure} over time, ± standard error over seeds")
    else:
        set_title(axes, f"{measure} over time")
    if times[-1] > times[0]:
        axes.set_xlim(times[0], times[0] + 1.02 * (times[-1] - times[0]))
    _percent(axes, means)
    axes.set_xlabel(f"{'minutes' if minutes else 'hours'} since the run began")
    return figure


def pass_at_k(curve: Sequence[PassAtK], *, measure: str = "any medal") -> Figure:
    """Draw pass@k.

    Parameters
    ----------
    curve : sequence of PassAtK
        What `mlegrade.summary.pass_curve` gave.
    measure : str, optional
        What counts as passed.
    """
    figure, axes = new_figure(_WIDTH, _HEIGHT)
    ks = [found.k for found in curve]
    means = np.array([found.mean for found in curve])
    intervals = [found.interval for found in curve if found.interval]
    if len(intervals) == len(curve):
        low, high = np.array(intervals).T
        axes.errorbar(ks, means, [means - low, high - means], fmt="none", ecolor=FAINT, capsize=3)
    axes.plot(ks, means, marker="o", color=ACCENT, linewidth=2)
    axes.set_xticks(ks if len(ks) <= 12 else ks[:: len(ks) // 8])  # noqa: PLR2004 what fits
    _percent(axes, np.array([*means, *(end for interval in intervals for end in interval)]))
    axes.set_xlabel("k, attempts at each competition")
    set_title(axes, f"pass@k, {measure}, 95 % interval")
    return figure


def _percent(axes: Axes, values: Floats) -> None:
    top = float(values.max(initial=0.0))
    axes.set_ylim(0, min(102.0, max(10.0, 1.15 * top)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    axes.set_ylabel("share of competitions")


def heat_map(grid: Grid) -> Figure:
    """Draw competitions by seeds, coloured by medal; up to 100 seeds are marked by a letter, too.

    Parameters
    ----------
    grid : Grid
        What `mlegrade.summary.arrange` gave.
    """
    n_rows, n_columns = len(grid.competitions), len(grid.seeds)
    # Hundreds of seeds still make a picture that one can open, of colours alone.
    cell = min(0.34, _WIDEST / n_columns)
    roomy = cell >= 0.2  # noqa: PLR2004 what a letter takes
    figure, axes = new_figure(3.4 + max(2.2, cell * n_columns), 1.2 + _ROW * n_rows)
    from matplotlib.patches import Rectangle  # noqa: PLC0415 dear to import

    for row, competition in enumerate(grid.competitions):
        for column, seed in enumerate(grid.seeds):
            _, letter, colour = outcome(grid.report(competition, seed))
            edge: dict[str, Any] = {"edgecolor": "white", "linewidth": 1.5} if roomy else {}
            axes.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, **edge))
            if roomy:
                axes.text(column + 0.5, row + 0.5, letter, ha="center", va="center", fontsize=7)
    axes.set_xlim(0, n_columns)
    axes.set_ylim(n_rows, 0)
    step = 1 if roomy else math.ceil(0.34 / cell)
    names = _seed_names(grid.seeds)[::step]
    axes.set_xticks(np.arange(0, n_columns, step) + 0.5, names, fontsize=7)
    axes.set_yticks(
        np.arange(n_rows) + 0.5, [_short(name) for name in grid.competitions], fontsize=7
    )
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.set_xlabel("seed")
    for spine in axes.spines.values():
        spine.set_visible(False)
    _legend(figure, grid)
    return figure


def _legend(figure: Figure, grid: Grid) -> None:
    """Explain the colours that occur, below the figure."""
    from matplotlib.patches import Patch  # noqa: PLC0415 dear to import

    found = {
        outcome(grid.report(competition, seed))
        for competition in grid.competitions
        for seed in grid.seeds
    }
    order = ["gold", "silver", "bronze", "no medal", "invalid", "no submission", "missing"]
    handles = [
        Patch(facecolor=colour, edgecolor=FAINT, label=f"{letter} {words}".strip())
        for words, letter, colour in sorted(found, key=lambda item: order.index(item[0]))
    ]
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=min(4, len(handles)),
        fontsize=7,
        frameon=False,
    )


def _seed_names(seeds: Sequence[str]) -> list[str]:
    """Return names that fit under a column: numbers where the seeds' own are long."""
    short = all(len(seed) <= 3 for seed in seeds)  # noqa: PLR2004 what fits
    return list(seeds) if short else [str(number) for number in range(1, len(seeds) + 1)]


def effort(grid: Grid, *, key: str = "elapsed") -> Figure:
    """Draw what each run took, where the reports tell.

    Parameters
    ----------
    grid : Grid
        What `mlegrade.summary.arrange` gave.
    key : str, optional
        Where ``meta`` of a report has it: ``elapsed`` (in seconds, drawn in hours), ``cost``, or
        any other number.

    Raises
    ------
    ReportsError
        If no report has it.
    """
    points: dict[str, list[tuple[float, GradeReport]]] = {}
    for competition in grid.competitions:
        for seed in grid.seeds:
            report = grid.report(competition, seed)
            taken = _measured(report, key) if report else None
            if report and taken is not None:
                points.setdefault(competition, []).append((taken, report))
    if not points:
        raise ReportsError(f"no report says in its meta what the run took ({key}).")
    names = sorted(points, key=lambda name: -float(np.median([value for value, _ in points[name]])))
    figure, axes = new_figure(_WIDTH, 1.2 + _ROW * len(names))
    most = max(value for runs in points.values() for value, _ in runs)
    unit, scale = (key, 1) if key != "elapsed" else ("hours", 1) if most >= 1 else ("minutes", 60)
    most *= scale
    for row, name in enumerate(names):
        for value, report in points[name]:
            colour = COLOURS[report.medal] if report.medal else "white"
            style: dict[str, Any] = {
                "color": colour,
                "markeredgecolor": INK,
                "markersize": 6,
                "zorder": 3,
            }
            axes.plot(value * scale, row, "o", **style)
    axes.set_yticks(range(len(names)), [_short(name) for name in names], fontsize=7)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 1.05 * most or 1)
    axes.set_xlabel(unit)
    set_title(
        axes, "time of each run, by medal" if key == "elapsed" else f"{key} of each run, by medal"
    )
    return figure


def _measured(report: GradeReport, key: str) -> float | None:
    """Return what a run took, in hours if it is time; none where that is no finite number."""
    value = report.meta.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    with suppress(OverflowError):
        taken = value / _SECONDS if key == "elapsed" else float(value)
        return taken if math.isfinite(taken) else None
    return None


def familiarity(found: Familiarity) -> Figure:
    """Draw performance against familiarity, one point a competition.

    Parameters
    ----------
    found : Familiarity
        What `mlegrade.summary.familiarity` gave.

    Raises
    ------
    ReportsError
        If it has no point.
    """
    if not found.points:
        raise ReportsError("no competition has both familiarity and performance.")
    figure, axes = new_figure(_WIDTH, _HEIGHT)
    x, y = np.array(list(found.points.values())).T
    axes.axhline(1, color=COLOURS[Medal.GOLD], linewidth=1.2)
    axes.axhline(0, color=FAINT, linewidth=1, linestyle="--")
    # Hopeless runs would press all others together: they stand on the lower edge.
    shown = np.clip(y, -1.0, 2.0)
    axes.scatter(x, shown, color=ACCENT, edgecolor="white", s=36, zorder=3)
    axes.set_xlabel("familiarity: mean probability of the true next token")
    axes.set_ylabel("performance: sample 0, gold 1")
    if (known := found.correlation) is not None:
        low, high = known.interval
        set_title(axes, f"r = {known.pearson:.2f} (95 %: {low:.2f} to {high:.2f}), n = {known.n}")
    return figure


def _short(name: str) -> str:
    return name if len(name) <= _LONG else f"{name[: _LONG - 1]}…"
