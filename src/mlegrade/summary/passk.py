"""pass@k without bias, and the best of k attempts by score."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import ReportsError
from mlegrade.medals import Medal
from mlegrade.summary.uncertainty import Interval, bootstrap_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlegrade.summary.grid import Grid

__all__ = ["BestOfK", "PassAtK", "best_medals", "best_of_k", "pass_at_k", "pass_curve"]


def pass_at_k(n: int, passed: int, k: int) -> float:
    """Return the chance that at least one of k attempts passes, estimated from n attempts.

    Parameters
    ----------
    n : int
        How many attempts there were.
    passed : int
        How many of them passed.
    k : int
        How many attempts to draw, at most n.

    Raises
    ------
    ValueError
        If k is larger than n (there is no unbiased estimate), or the numbers make no sense.

    Notes
    -----
    The share of the subsets of k attempts that contain one that passed,
    ``1 - C(n - passed, k) / C(n, k)``: the unbiased estimator of Chen et al. (2021), "Evaluating
    Large Language Models Trained on Code".

    Examples
    --------
    >>> pass_at_k(4, 1, 2)
    0.5
    """
    if not 0 <= passed <= n:
        raise ValueError(f"{passed} of {n} attempts cannot have passed.")
    if not 1 <= k <= n:
        raise ValueError(
            f"pass@{k} needs at least {max(k, 1)} attempts at a competition and k >= 1; there "
            f"are {n}."
        )
    return 1 - comb(n - passed, k) / comb(n, k)


@dataclass(frozen=True, slots=True)
class PassAtK:
    """pass@k over competitions, in per cent.

    Parameters
    ----------
    k : int
        How many attempts.
    attempts : int
        How many there were at each competition.
    mean : float
        The mean over competitions.
    interval : (float, float) or None
        Its bootstrap interval (95 %) over competitions.
    """

    k: int
    attempts: int
    mean: float
    interval: Interval | None

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as JSON-compatible data."""
        return {
            "k": self.k,
            "attempts": self.attempts,
            "mean": self.mean,
            "interval": list(self.interval) if self.interval else None,
        }


def pass_curve(
    grid: Grid, ks: Iterable[int] | None = None, *, measure: str = "any_medal"
) -> tuple[PassAtK, ...]:
    """Return pass@k of a grid: each seed is an attempt.

    Parameters
    ----------
    grid : Grid
        Competitions by seeds.
    ks : iterable of int, optional
        By default 1 to the number of seeds.
    measure : str, optional
        What counts as passed; a name of `MEASURES`.

    Raises
    ------
    ReportsError
        If a k is larger than the number of seeds.
    """
    n = len(grid.seeds)
    passed = grid.values(measure).sum(axis=1).astype(int)
    curve = []
    for k in range(1, n + 1) if ks is None else ks:
        if not 1 <= k <= n:
            raise ReportsError(
                f"pass@{k} cannot be estimated without bias from {n} attempts at each competition."
                " Choose a k from 1 to that number, or make more runs."
            )
        values = np.array([100 * pass_at_k(n, int(count), k) for count in passed])
        curve.append(PassAtK(k, n, float(values.mean()), bootstrap_mean(values)))
    return tuple(curve)


@dataclass(frozen=True, slots=True)
class BestOfK:
    """What the best of k attempts by score comes to, on average over all choices of k.

    Parameters
    ----------
    valid : float
        The chance that one of them is valid at all.
    score : float or None
        The mean of their best score, where one is valid.
    """

    valid: float
    score: float | None


def best_of_k(scores: Sequence[float | None], k: int, *, higher_is_better: bool) -> BestOfK:
    """Return what the best of k attempts comes to.

    Parameters
    ----------
    scores : sequence of float or None
        The score of each attempt; None where it is invalid, which any score beats.
    k : int
        How many attempts to draw, at most as many as there are.
    higher_is_better : bool
        The direction.

    Raises
    ------
    ValueError
        If k is larger than the number of attempts.

    Examples
    --------
    >>> best_of_k([0.1, 0.2, 0.3], 2, higher_is_better=True).score
    0.26666...
    """
    n = len(scores)
    valid = pass_at_k(n, sum(score is not None for score in scores), k)
    ranked = sorted((s for s in scores if s is not None), reverse=higher_is_better)
    # The attempt at place i is the best of those subsets whose others stand behind it.
    ways = [comb(n - place - 1, k - 1) for place in range(len(ranked))]
    total = sum(ways)
    if not total:
        return BestOfK(valid, None)
    return BestOfK(valid, sum(s * (w / total) for s, w in zip(ranked, ways, strict=True) if w))


def best_medals(grid: Grid) -> dict[Medal, int]:
    """Return how many competitions have which medal as the best of all their attempts."""
    order = list(Medal)
    best = dict.fromkeys(Medal, 0)
    for competition in grid.competitions:
        reports = [grid.report(competition, seed) for seed in grid.seeds]
        medals = [report.medal for report in reports if report is not None and report.medal]
        if medals:
            best[min(medals, key=order.index)] += 1
    return best
