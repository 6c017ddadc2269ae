"""The paper's table: shares of runs, mean and standard error over seeds, by split or category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from mlegrade.summary.grid import MEASURES
from mlegrade.summary.uncertainty import Interval, bootstrap_mean, standard_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlegrade.summary.grid import Grid

__all__ = ["By", "Estimate", "Row", "Summary", "summarize"]

By: TypeAlias = Literal["complexity", "category"]

_COMPLEXITIES = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of runs, in per cent.

    Parameters
    ----------
    mean : float
        The mean over seeds of each seed's share of competitions.
    sem : float or None
        Its standard error (ddof 1); None for one seed.
    interval : (float, float) or None
        The bootstrap interval (95 %) over competitions; None for one competition.
    """

    mean: float
    sem: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    Parameters
    ----------
    name : str
        What the row is about.
    competitions, seeds, padded : int
        How many there are; padded are the cells that have no run and count as failed.
    measures : mapping of str to Estimate
        By the names of `MEASURES`.
    """

    name: str
    competitions: int
    seeds: int
    padded: int
    measures: Mapping[str, Estimate]

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON-compatible data."""
        return {
            "name": self.name,
            "competitions": self.competitions,
            "seeds": self.seeds,
            "padded": self.padded,
            "measures": {
                name: {
                    "mean": found.mean,
                    "sem": found.sem,
                    "interval": list(found.interval) if found.interval else None,
                }
                for name, found in self.measures.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """The table.

    Parameters
    ----------
    rows : tuple of Row
        The groups first, then all together, then all without the excluded flags.
    seeds : tuple of str
        The seeds.
    dropped : tuple of str
        Competitions that were left out because a run is missing.
    excluded : mapping of str to list of str
        Competitions that the last row leaves out, with their flags.
    notes : tuple of str
        What a reader should know.
    """

    rows: tuple[Row, ...]
    seeds: tuple[str, ...]
    dropped: tuple[str, ...]
    excluded: Mapping[str, list[str]]
    notes: tuple[str, ...]

    @property
    def overall(self) -> Row:
        """The row of all competitions, flagged or not."""
        return self.rows[-2 if self.excluded else -1]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as JSON-compatible data."""
        return {
            "rows": [row.to_dict() for row in self.rows],
            "seeds": list(self.seeds),
            "dropped": list(self.dropped),
            "excluded": dict(self.excluded),
            "notes": list(self.notes),
        }


def summarize(
    grid: Grid, *, by: By = "complexity", exclude_flags: Iterable[str] = (), name: str = "all"
) -> Summary:
    """Make the table of a grid.

    Parameters
    ----------
    grid : Grid
        Competitions by seeds.
    by : {"complexity", "category"}, optional
        What to group competitions by, where there is more than one group.
    exclude_flags : iterable of str, optional
        Kinds of known issues, such as ``leak``. The table then has both numbers: of all
        competitions, and of those without such an issue.
    name : str, optional
        The name of the row of all competitions.

    Returns
    -------
    Summary
    """
    unwanted = sorted(set(exclude_flags))
    groups: dict[str, list[str]] = {}
    for competition in grid.competitions:
        groups.setdefault(getattr(grid.facts[competition], by), []).append(competition)
    rows = []
    if len(groups) > 1:
        rows = [row_of(grid.only(groups[group]), group) for group in sorted(groups, key=_order)]
    rows.append(row_of(grid, name))
    excluded = {
        competition: sorted(flags)
        for competition in grid.competitions
        if (flags := grid.facts[competition].flags.intersection(unwanted))
    }
    notes = list(grid.notes)
    if excluded:
        clean = grid.without_flags(unwanted)
        label = f"{name} without {', '.join(unwanted)}"
        if clean.competitions:
            rows.append(row_of(clean, label))
        else:
            excluded = {}
            notes.append(f"every competition has a flag of {', '.join(unwanted)}.")
    elif unwanted:
        notes.append(f"no competition has a flag of {', '.join(unwanted)}.")
    return Summary(tuple(rows), grid.seeds, grid.dropped, excluded, tuple(notes))


def row_of(grid: Grid, name: str) -> Row:
    """Return the row of all competitions of a grid."""
    measures = {}
    for measure in MEASURES:
        values = 100 * grid.values(measure)
        measures[measure] = Estimate(
            float(values.mean()),
            standard_error(values.mean(axis=0)),
            bootstrap_mean(values.mean(axis=1)),
        )
    return Row(name, len(grid.competitions), len(grid.seeds), len(grid.padded), measures)


def _order(group: str) -> tuple[int, str]:
    known = group in _COMPLEXITIES
    return (_COMPLEXITIES.index(group) if known else len(_COMPLEXITIES), group)
