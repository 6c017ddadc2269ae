"""Kaggle's medal rule: where the medal lines of a leaderboard lie, and what a score earns.

Scores are judged as MLE-bench judges them: rounded to `DECIMALS` by the caller, a score on a line
is inside, and "above median" is strictly better than the median.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "DECIMALS",
    "Medal",
    "Thresholds",
    "above_median",
    "award",
    "medal_positions",
    "medal_thresholds",
    "percentile",
    "rank",
]

DECIMALS = 5
"""The decimals that scores are rounded to before they are judged."""


class Medal(StrEnum):
    """A medal."""

    GOLD = "gold"
    SILVER = "silver"
    BRONZE = "bronze"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The scores at the medal lines, and the median score.

    Parameters
    ----------
    gold, silver, bronze : float
        The worst score that still earns the medal.
    median : float
        The median of the leaderboard.
    """

    gold: float
    silver: float
    bronze: float
    median: float


def medal_positions(n_teams: int) -> tuple[int, int, int]:
    """Return the last places on the leaderboard that earn gold, silver and bronze.

    Parameters
    ----------
    n_teams : int
        The number of teams, at least 1.

    Returns
    -------
    gold, silver, bronze : int
        Places counted from 1, each at least 1.

    Notes
    -----
    Kaggle's progression rule, with MLE-bench's truncation to whole places:

    ========  ==========  =======  ===========  ===========
    medal     0-99 teams  100-249  250-999      1000+
    ========  ==========  =======  ===========  ===========
    gold      10 %        10       10 + 0.2 %   10 + 0.2 %
    silver    20 %        20 %     50           5 %
    bronze    40 %        40 %     100          10 %
    ========  ==========  =======  ===========  ===========

    Shares are taken in whole numbers. Up to 20,000 teams, floating-point products truncated give
    the same places.

    Raises
    ------
    ValueError
        If there are no teams.
    """
    if n_teams < 1:
        raise ValueError("a leaderboard needs at least one team.")
    if n_teams < 100:  # noqa: PLR2004 the rule's own numbers
        places = (n_teams // 10, n_teams // 5, n_teams * 2 // 5)
    elif n_teams < 250:  # noqa: PLR2004
        places = (10, n_teams // 5, n_teams * 2 // 5)
    elif n_teams < 1000:  # noqa: PLR2004
        places = (10 + n_teams // 500, 50, 100)
    else:
        places = (10 + n_teams // 500, n_teams // 20, n_teams // 10)
    gold, silver, bronze = (max(1, place) for place in places)
    return gold, silver, bronze


def medal_thresholds(scores: Iterable[float], *, higher_is_better: bool) -> Thresholds:
    """Return the medal lines of a leaderboard.

    Parameters
    ----------
    scores : iterable of float
        One score a team, in any order.
    higher_is_better : bool
        The direction.

    Raises
    ------
    ValueError
        If there are no scores, or one is not finite.
    """
    board = sorted((float(score) for score in scores), reverse=higher_is_better)
    if not board:
        raise ValueError("a leaderboard needs at least one score.")
    if not all(map(math.isfinite, board)):
        raise ValueError("a leaderboard holds finite scores only; leave the others out.")
    gold, silver, bronze = medal_positions(len(board))
    middle = len(board) // 2
    median = board[middle] if len(board) % 2 else (board[middle - 1] + board[middle]) / 2
    return Thresholds(board[gold - 1], board[silver - 1], board[bronze - 1], median)


def award(score: float, thresholds: Thresholds, *, higher_is_better: bool) -> Medal | None:
    """Return the medal that a score earns, if any; a score on the line is inside.

    Parameters
    ----------
    score : float
        The score, rounded to 5 decimals.
    thresholds : Thresholds
        The medal lines.
    higher_is_better : bool
        The direction.
    """
    sign = 1.0 if higher_is_better else -1.0
    for medal in Medal:
        if sign * score >= sign * float(getattr(thresholds, medal.value)):
            return medal
    return None


def above_median(score: float, thresholds: Thresholds, *, higher_is_better: bool) -> bool:
    """Return whether a score is strictly better than the median.

    Parameters
    ----------
    score : float
        The score, rounded to 5 decimals.
    thresholds : Thresholds
        The medal lines and the median.
    higher_is_better : bool
        The direction.
    """
    return score > thresholds.median if higher_is_better else score < thresholds.median


def rank(score: float, leaderboard: Sequence[float], *, higher_is_better: bool) -> int:
    """Return the place that a score would take: 1 and one more for every better score.

    Parameters
    ----------
    score : float
        The score.
    leaderboard : sequence of float
        The scores of the teams, best first.
    higher_is_better : bool
        The direction.

    Raises
    ------
    ValueError
        If the score is not a number.
    """
    better, _ = _better_and_equal(score, leaderboard, higher_is_better=higher_is_better)
    return better + 1


def percentile(score: float, leaderboard: Sequence[float], *, higher_is_better: bool) -> float:
    """Return the share of teams that a score beats, in [0, 1]; equal scores count one half.

    Parameters
    ----------
    score : float
        The score.
    leaderboard : sequence of float
        The scores of the teams, best first, at least one.
    higher_is_better : bool
        The direction.

    Raises
    ------
    ValueError
        If the score is not a number.
    """
    better, equal = _better_and_equal(score, leaderboard, higher_is_better=higher_is_better)
    return (len(leaderboard) - better - equal / 2) / len(leaderboard)


def _better_and_equal(
    score: float, leaderboard: Sequence[float], *, higher_is_better: bool
) -> tuple[int, int]:
    if math.isnan(score):
        raise ValueError("a score that is not a number has no place.")
    sign = -1.0 if higher_is_better else 1.0  # ascending, as bisection needs it

    def ascending(other: float) -> float:
        return sign * other

    better = bisect_left(leaderboard, sign * score, key=ascending)
    return better, bisect_right(leaderboard, sign * score, key=ascending) - better
