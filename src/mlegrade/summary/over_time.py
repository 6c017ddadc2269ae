"""Medals over time: how many competitions have a medal after so many hours."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import ReportsError
from mlegrade.summary.grid import measure_named
from mlegrade.summary.uncertainty import Interval, bootstrap_mean, standard_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlegrade.report import GradeReport
    from mlegrade.summary.grid import Grid
    from mlegrade.summary.load import Run

__all__ = ["Moment", "over_time"]

_HOUR = 3600.0
_STEPS = (1 / 60, 1 / 12, 1 / 6, 1 / 2, 1.0)
_FINEST = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the runs stand after some hours, in per cent of the competitions.

    Parameters
    ----------
    hours : float
        The time since each run began.
    mean : float
        The mean over seeds.
    sem : float or None
        Its standard error (ddof 1); None for one seed.
    interval : (float, float) or None
        Its bootstrap interval (95 %) over competitions.
    """

    hours: float
    mean: float
    sem: float | None
    interval: Interval | None

    def to_dict(self) -> dict[str, Any]:
        """Return the moment as JSON-compatible data."""
        return {
            "hours": self.hours,
            "mean": self.mean,
            "sem": self.sem,
            "interval": list(self.interval) if self.interval else None,
        }


def over_time(
    grid: Grid, hours: Iterable[float] | None = None, *, measure: str = "any_medal"
) -> tuple[Moment, ...]:
    """Return the share of competitions that have reached something after so many hours.

    What counts is the submission as it stood at that time: a medal that a later change lost is
    lost. A run counts as without a submission until its first snapshot.

    Parameters
    ----------
    grid : Grid
        Competitions by seeds; every run needs snapshots, or no submission at all.
    hours : iterable of float, optional
        When to look; by default every hour until the last snapshot, more often in short runs.
    measure : str, optional
        What to look for; a name of `MEASURES`.

    Raises
    ------
    ReportsError
        If a run with a submission has no snapshots.
    """
    runs = list(grid.cells.values())
    bare = [run for run in runs if not run.timeline and run.report.submission_exists]
    if bare:
        raise ReportsError(
            "runs with a submission but no graded snapshots have no course of time:",
            [run.source or f"{run.competition_id}, seed {run.seed}" for run in bare],
        )
    last = max((run.timeline[-1][0] for run in runs if run.timeline), default=0.0)
    value = measure_named(measure)
    moments = []
    for hour in _marks(last) if hours is None else hours:
        table = np.zeros((len(grid.competitions), len(grid.seeds)))
        for row, competition in enumerate(grid.competitions):
            for column, seed in enumerate(grid.seeds):
                report = _at(grid.cells.get((competition, seed)), hour * _HOUR)
                table[row, column] = 100.0 * (report is not None and value(report))
        moments.append(
            Moment(
                float(hour),
                float(table.mean()),
                standard_error(table.mean(axis=0)),
                bootstrap_mean(table.mean(axis=1)),
            )
        )
    return tuple(moments)


def _at(run: Run | None, seconds: float) -> GradeReport | None:
    """Return the grade of the submission as it stood."""
    if run is None:
        return None
    place = bisect_right(run.timeline, seconds, key=lambda moment: moment[0])
    return run.timeline[place - 1][1] if place else None


def _marks(seconds: float) -> list[float]:
    """Return hours from 0 until the end."""
    hours = seconds / _HOUR
    step = next((step for step in _STEPS if hours / step <= _FINEST), 1.0)
    return [step * number for number in range(int(np.ceil(hours / step - 1e-9)) + 1)]
