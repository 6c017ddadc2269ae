"""Two agents, or one agent in two settings, on the same competitions and seeds."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from mlegrade.errors import ReportsError, SetupError
from mlegrade.rewards import RewardKind, reward
from mlegrade.summary.grid import MEASURES, measure_named
from mlegrade.summary.uncertainty import Floats, Interval, bootstrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlegrade.report import GradeReport
    from mlegrade.summary.grid import Grid

__all__ = ["COMPARABLE", "Comparison", "Pairing", "compare", "mcnemar", "permutation"]

Pairing: TypeAlias = Literal["seed", "order"]

COMPARABLE = (*MEASURES, "percentile", "normalized")
"""What can be compared: the measures, and the rewards that are finer than a medal."""

_EXACT = 16
_DRAWS = 20_000
_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the second has over the first, in percentage points.

    Parameters
    ----------
    measure : str
        What was compared.
    competitions, pairs : int
        How many competitions both have, and how many pairs of runs.
    first, second : float
        The means over these pairs, in per cent.
    difference : float
        The second less the first.
    interval : (float, float) or None
        Its bootstrap interval (95 %) over competitions, all pairs of one drawn together.
    only_first, only_second : int or None
        For a measure that is true or false: pairs in which one alone has it.
    p_mcnemar : float or None
        Of McNemar's exact test on those pairs, two-sided. It takes the pairs as independent.
    p_permutation : float
        Of the test that turns the sign of each competition's difference, two-sided: exact up to
        16 competitions that differ, else from 20,000 draws with a fixed seed.
    unpaired : tuple of str
        Runs without a counterpart, which are left out.
    """

    measure: str
    competitions: int
    pairs: int
    first: float
    second: float
    difference: float
    interval: Interval | None
    only_first: int | None
    only_second: int | None
    p_mcnemar: float | None
    p_permutation: float
    unpaired: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON-compatible data."""
        data = {name: getattr(self, name) for name in self.__slots__}
        data["interval"] = list(self.interval) if self.interval else None
        data["unpaired"] = list(self.unpaired)
        return data


def compare(
    first: Grid, second: Grid, *, measure: str = "any_medal", pair: Pairing = "seed"
) -> Comparison:
    """Compare two grids, paired by competition and seed.

    Parameters
    ----------
    first, second : Grid
        Say another agent's runs, or the same agent's with obfuscated descriptions, or on data
        without a leak.
    measure : str, optional
        A name of `COMPARABLE`.
    pair : {"seed", "order"}, optional
        Whether runs of equal seed make a pair, or the n-th seed of one and of the other.

    Raises
    ------
    ReportsError
        If nothing can be paired, or if a report lacks what the measure needs.
    """
    value = _value(measure)
    seeds = _seed_pairs(first, second, pair)
    differences: dict[str, list[float]] = {}
    ones, twos = [], []
    met: set[tuple[str, str, str]] = set()
    for name in (name for name in first.competitions if name in second.competitions):
        for one_seed, two_seed in seeds:
            one, two = _cell(first, name, one_seed, value), _cell(second, name, two_seed, value)
            ones.append(one)
            twos.append(two)
            differences.setdefault(name, []).append(two - one)
            met |= {("first", name, one_seed), ("second", name, two_seed)}
    if not ones:
        raise ReportsError(
            "no two runs have competition and seed in common; --pair order pairs seeds by order."
        )
    binary = measure in MEASURES
    lost = sum(a > b for a, b in zip(ones, twos, strict=True))
    won = sum(b > a for a, b in zip(ones, twos, strict=True))
    sums = np.array([sum(values) for values in differences.values()])
    counts = np.array([len(values) for values in differences.values()])
    return Comparison(
        measure=measure,
        competitions=len(differences),
        pairs=len(ones),
        first=100 * float(np.mean(ones)),
        second=100 * float(np.mean(twos)),
        difference=100 * float(sums.sum() / counts.sum()),
        interval=bootstrap(
            len(sums), lambda at: 100 * sums[at].sum(axis=1) / counts[at].sum(axis=1)
        ),
        only_first=lost if binary else None,
        only_second=won if binary else None,
        p_mcnemar=mcnemar(lost, won) if binary else None,
        p_permutation=permutation(sums),
        unpaired=_unpaired({"first": first, "second": second}, met),
    )


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the p-value of McNemar's exact test, two-sided.

    Parameters
    ----------
    only_first, only_second : int
        Pairs in which one alone succeeded. Without a difference each of them could as well have
        been the other: twice the smaller tail of the binomial distribution, at most 1.
    """
    n = only_first + only_second
    tail: int = sum(comb(n, i) for i in range(min(only_first, only_second) + 1))
    return float(min(1.0, 2 * tail / 2**n))


def permutation(differences: Floats, *, draws: int = _DRAWS, seed: int = 0) -> float:
    """Return the p-value of the sign-flip test for a mean difference of 0, two-sided.

    Parameters
    ----------
    differences : array of shape (n,)
        One a competition. Zeros change nothing.
    draws : int, optional
        How many sign patterns to draw, where there are too many to try all; the observed one is
        counted with them.
    seed : int, optional
        Where the draws begin.
    """
    moved = differences[differences != 0]
    observed = abs(moved.sum()) - _TOLERANCE * max(1.0, float(np.abs(moved).sum()))
    if len(moved) <= _EXACT:
        patterns = np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved)) & 1
        return float(np.mean(np.abs((1 - 2 * patterns) @ moved) >= observed))
    signs = np.random.default_rng(seed).integers(2, size=(draws, len(moved))) * 2 - 1
    extreme = np.count_nonzero(np.abs(signs @ moved) >= observed)
    return float((extreme + 1) / (draws + 1))


def _value(measure: str) -> Callable[[GradeReport], float]:
    if measure == "percentile":
        return lambda report: _reward(report, "percentile")
    if measure == "normalized":
        return lambda report: _reward(report, "normalized")
    return measure_named(measure)


def _reward(report: GradeReport, kind: RewardKind) -> float:
    try:
        return reward(report, kind)
    except SetupError as error:
        raise ReportsError(
            f"{error.what} --leaderboards DIR can give its leaderboard; --measure any_medal needs "
            "none."
        ) from error


def _cell(grid: Grid, competition: str, seed: str, value: Callable[[GradeReport], float]) -> float:
    """Return the value of a cell: 0 in a padded one."""
    report = grid.report(competition, seed)
    return 0.0 if report is None else float(value(report))


def _seed_pairs(first: Grid, second: Grid, pair: Pairing) -> list[tuple[str, str]]:
    if pair == "order":
        return list(zip(first.seeds, second.seeds, strict=False))
    if pair != "seed":
        raise ValueError(f"pair is {pair!r}; choose seed or order.")
    return [(seed, seed) for seed in first.seeds if seed in second.seeds]


def _unpaired(grids: dict[str, Grid], met: set[tuple[str, str, str]]) -> tuple[str, ...]:
    return tuple(
        f"{which}: {name}, seed {seed}"
        for which, grid in grids.items()
        for name in grid.competitions
        for seed in grid.seeds
        if (which, name, seed) not in met
    )
