"""Runs in a grid, competitions by seeds, and what becomes of the cells that are missing."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from mlegrade.competitions import ids
from mlegrade.errors import ReportsError
from mlegrade.medals import Medal
from mlegrade.summary.boards import Boards, Facts
from mlegrade.summary.load import Loaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mlegrade.report import GradeReport
    from mlegrade.summary.load import Run
    from mlegrade.summary.uncertainty import Floats

__all__ = ["MEASURES", "Grid", "Incomplete", "arrange"]

Incomplete: TypeAlias = Literal["error", "fail", "drop"]

MEASURES: dict[str, Callable[[GradeReport], bool]] = {
    "made_submission": lambda report: report.submission_exists,
    "valid_submission": lambda report: report.valid_submission,
    "above_median": lambda report: report.above_median,
    "bronze": lambda report: report.medal is Medal.BRONZE,
    "silver": lambda report: report.medal is Medal.SILVER,
    "gold": lambda report: report.medal is Medal.GOLD,
    "any_medal": lambda report: report.medal is not None,
}
"""What a table says of reports, in the order of its columns."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Competitions by seeds.

    Parameters
    ----------
    competitions : tuple of str
        The rows.
    seeds : tuple of str
        The columns.
    cells : mapping of (str, str) to Run
        The runs by competition and seed; a padded cell has none.
    facts : mapping of str to Facts
        What is known about the competitions.
    padded : frozenset of (str, str)
        Cells without a run that count as a failed one.
    dropped : tuple of str
        Competitions that were left out because a run is missing.
    notes : tuple of str
        What a reader should know.
    """

    competitions: tuple[str, ...]
    seeds: tuple[str, ...]
    cells: Mapping[tuple[str, str], Run]
    facts: Mapping[str, Facts]
    padded: frozenset[tuple[str, str]] = frozenset()
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def report(self, competition: str, seed: str) -> GradeReport | None:
        """Return the grade in a cell; None in a padded one."""
        run = self.cells.get((competition, seed))
        return run.report if run else None

    def values(self, measure: str | Callable[[GradeReport], float]) -> Floats:
        """Return a measure of every cell, shape (competitions, seeds); padded cells have 0.

        Parameters
        ----------
        measure : str or callable
            A name of `MEASURES`, or a function of a report.
        """
        value = measure_named(measure) if isinstance(measure, str) else measure
        table = np.zeros((len(self.competitions), len(self.seeds)))
        for row, competition in enumerate(self.competitions):
            for column, seed in enumerate(self.seeds):
                report = self.report(competition, seed)
                table[row, column] = 0.0 if report is None else float(value(report))
        return table

    def only(self, competitions: Iterable[str]) -> Grid:
        """Return the grid of some of the competitions."""
        wanted = set(competitions)
        return replace(
            self,
            competitions=tuple(name for name in self.competitions if name in wanted),
            cells={place: run for place, run in self.cells.items() if place[0] in wanted},
            padded=frozenset(place for place in self.padded if place[0] in wanted),
        )

    def without_flags(self, flags: Iterable[str]) -> Grid:
        """Return the grid of the competitions that have none of these known issues."""
        unwanted = set(flags)
        return self.only(c for c in self.competitions if not self.facts[c].flags & unwanted)


def measure_named(name: str) -> Callable[[GradeReport], bool]:
    """Return a measure.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if name not in MEASURES:
        raise ValueError(f"there is no measure {name!r}; choose one of {', '.join(MEASURES)}.")
    return MEASURES[name]


def arrange(
    runs: Loaded | Iterable[Run],
    *,
    split: str | None = None,
    incomplete: Incomplete = "error",
    boards: Boards | None = None,
) -> Grid:
    """Put runs into a grid.

    Parameters
    ----------
    runs : Loaded or iterable of Run
        What `load` gave.
    split : str, optional
        A split of the benchmark, all of whose competitions have to be there; by default the
        competitions that the runs name, those without a report among them.
    incomplete : {"error", "fail", "drop"}, optional
        What to do where a competition lacks a run of a seed: raise an error; count it as a run
        without a submission (padded); leave the competition out.
    boards : Boards, optional
        What is known about competitions, if `runs` does not tell.

    Raises
    ------
    ReportsError
        If runs are missing, if one is there twice, or if nothing is left.
    """
    facts_of, given, missing = _given(runs, boards)
    cells: dict[tuple[str, str], Run] = {}
    for run in given:
        place = run.competition_id, run.seed
        if place in cells:
            raise ReportsError(f"{run.source or place}: there are two runs of one seed.")
        cells[place] = run
    places = cells.keys() | set(missing)
    named = {name for name, _ in places}
    competitions = sorted(named if split is None else ids(split), key=str.lower)
    wanted = set(competitions)
    inside = {place: run for place, run in cells.items() if place[0] in wanted}
    if not inside:
        raise ReportsError(f"no report is about a competition of the split {split}.")
    seeds = sorted({seed for name, seed in places if name in wanted}, key=_natural)
    lacking = [
        (name, seed) for name in competitions for seed in seeds if (name, seed) not in inside
    ]
    notes = _remarks(len(named - wanted), split, len(seeds))
    grid = Grid(
        tuple(competitions),
        tuple(seeds),
        inside,
        {name: facts_of.facts(name, _variant_of(name, given)) for name in competitions},
        notes=notes,
    )
    return _completed(grid, lacking, incomplete) if lacking else grid


def _given(
    runs: Loaded | Iterable[Run], boards: Boards | None
) -> tuple[Boards, list[Run], tuple[tuple[str, str], ...]]:
    if isinstance(runs, Loaded):
        return boards or runs.boards, list(runs.runs), runs.missing
    return boards or Boards(), list(runs), ()


def _variant_of(name: str, runs: Iterable[Run]) -> str | None:
    """Return how the data of a competition were prepared, if all its runs say the same."""
    variants = {run.report.data_variant for run in runs if run.competition_id == name}
    return variants.pop() if len(variants) == 1 else None


def _remarks(outside: int, split: str | None, n_seeds: int) -> tuple[str, ...]:
    notes = []
    if outside:
        counted = _counted(outside, "competition is", "competitions are")
        notes.append(f"{counted} outside the split {split} and left out.")
    if n_seeds == 1:
        notes.append("there is one seed only: means have no standard error.")
    return tuple(notes)


def _completed(grid: Grid, missing: list[tuple[str, str]], incomplete: Incomplete) -> Grid:
    if incomplete == "fail":
        counted = _counted(len(missing), "missing run is", "missing runs are")
        note = f"{counted} padded, thus counted as without a submission."
        return replace(grid, padded=frozenset(missing), notes=(*grid.notes, note))
    by_name: dict[str, list[str]] = defaultdict(list)
    for name, seed in missing:
        by_name[name].append(seed)
    if incomplete == "drop":
        kept = grid.only(name for name in grid.competitions if name not in by_name)
        if not kept.competitions:
            raise ReportsError("every competition lacks a run of some seed; none is left.")
        counted = _counted(len(by_name), "competition is", "competitions are")
        note = f"{counted} left out for lack of a run of some seed."
        return replace(kept, dropped=tuple(by_name), notes=(*grid.notes, note))
    if incomplete != "error":
        raise ValueError(f"incomplete is {incomplete!r}; choose one of error, fail, drop.")
    raise ReportsError(
        f"{_counted(len(missing), 'run is', 'runs are')} missing. --incomplete fail counts one as "
        "failed, --incomplete drop leaves its competition out:",
        [f"{name}: no run of seed {', '.join(seeds)}" for name, seeds in by_name.items()],
    )


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _natural(seed: str) -> tuple[list[tuple[str, tuple[int, str]]], str]:
    """Order seeds as people do: 2 before 10, and run before run1."""
    parts = re.split("([0-9]+)", seed)
    # Of two numbers without noughts in front, the longer one is larger, however long they are.
    numbers = [(len(number), number) for number in (part.lstrip("0") for part in parts[1::2])]
    return list(zip(parts[::2], [*numbers, (-1, "")], strict=True)), seed
