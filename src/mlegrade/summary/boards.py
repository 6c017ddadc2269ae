"""What a summary needs to know of a competition: its place in the benchmark, its medal lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlegrade import leaderboards
from mlegrade.competitions import get
from mlegrade.errors import ReportsError, SetupError, UnknownCompetitionError
from mlegrade.medals import medal_thresholds

if TYPE_CHECKING:
    import os

    from mlegrade.competitions import Competition
    from mlegrade.medals import Thresholds

__all__ = ["CUSTOM", "Boards", "Facts", "read_board"]

CUSTOM = "custom"
"""The category and complexity of competitions that are known by their leaderboard only."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a competition.

    Parameters
    ----------
    id : str
        The competition.
    category, complexity : str
        Its place in the benchmark; ``custom`` for those outside the catalogue.
    flags : frozenset of str
        The kinds of the known issues that its data have.
    higher_is_better : bool or None
        The direction; None where only the reports tell.
    thresholds : Thresholds or None
        The medal lines.
    board : tuple of float or None
        A leaderboard that was given by a file.
    """

    id: str
    category: str = CUSTOM
    complexity: str = CUSTOM
    flags: frozenset[str] = frozenset()
    higher_is_better: bool | None = None
    thresholds: Thresholds | None = None
    board: tuple[float, ...] | None = None

    def lines(self, *, higher_is_better: bool) -> Thresholds | None:
        """Return the medal lines: those of the given leaderboard, else those of the catalogue."""
        if self.board is not None:
            return medal_thresholds(self.board, higher_is_better=higher_is_better)
        return self.thresholds

    def leaderboard(self) -> tuple[float, ...] | None:
        """Return the given leaderboard, else the catalogue's; None if there is none."""
        return get(self.id).leaderboard() if self.board is None else self.board


class Boards:
    """Facts about competitions: the catalogue's, and leaderboards that are given by files.

    Parameters
    ----------
    folder : path, optional
        A folder with a file ``<competition>.csv`` for each leaderboard, with a column ``score``.
        Such a leaderboard stands before the catalogue's.

    Raises
    ------
    ReportsError
        If the folder holds no leaderboard.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self._given: dict[str, Path] = {}
        self._known: dict[tuple[str, str | None], Facts] = {}
        if folder is not None:
            self._given = {path.stem.lower(): path for path in sorted(Path(folder).glob("*.csv"))}
            if not self._given:
                raise ReportsError(
                    f"{folder} holds no leaderboard: a file COMPETITION.csv with a column score "
                    "is needed for each."
                )

    def facts(self, name: str, variant: str | None = None) -> Facts:
        """Return what is known about a competition.

        Parameters
        ----------
        name : str
            Its whole id.
        variant : str, optional
            How its data were prepared, which may have mended some of its known issues.

        Raises
        ------
        UnknownCompetitionError
            If neither the catalogue nor a file knows it. Reports hold whole ids: the beginning
            of one is not enough.
        """
        place = name, variant
        if place not in self._known:
            self._known[place] = self._find(name, variant)
        return self._known[place]

    def _find(self, name: str, variant: str | None) -> Facts:
        path = self._given.get(name.lower())
        try:
            found = _named(name)
        except UnknownCompetitionError:
            if path is None:
                raise
            return Facts(name, board=read_board(path))
        facts = Facts(
            found.id,
            found.category,
            found.complexity,
            frozenset(found.flags_of(variant)),
            found.higher_is_better,
            found.thresholds,
        )
        return facts if path is None else replace(facts, board=read_board(path))


def _named(name: str) -> Competition:
    """Return the competition that has this id, and not one that only begins like it."""
    found = get(name)
    if found.id.lower() != name.lower():
        raise UnknownCompetitionError(name, [found.id])
    return found


def read_board(path: str | os.PathLike[str]) -> tuple[float, ...]:
    """Return the scores of a leaderboard in a CSV file with a column ``score`` (or ``Score``).

    Raises
    ------
    ReportsError
        If there is no such column, no score, or one that is not finite.
    """
    try:
        return leaderboards.read(path)
    except SetupError as error:
        raise ReportsError(str(error)) from error
