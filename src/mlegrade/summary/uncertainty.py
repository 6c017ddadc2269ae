"""How sure a mean is: standard errors, and bootstrap intervals that are the same every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Interval", "bootstrap", "bootstrap_mean", "standard_error"]

Interval: TypeAlias = tuple[float, float]
Floats: TypeAlias = NDArray[np.float64]

RESAMPLES = 10_000
CONFIDENCE = 0.95
_FEWEST = 2
_ROUNDING = 1e-12


def standard_error(values: Floats) -> float | None:
    """Return the standard error of a mean: the standard deviation (ddof 1) by the root of n.

    Parameters
    ----------
    values : array of shape (n,)
        One number a seed.

    Returns
    -------
    float or None
        None for fewer than two values: one run says nothing about the spread.
    """
    if len(values) < _FEWEST:
        return None
    spread = float(np.std(values, ddof=1))
    # Sums of shares differ in the last bit; equal runs have no spread.
    if spread <= _ROUNDING * float(np.abs(values).max()):
        return 0.0
    return spread / float(np.sqrt(len(values)))


def bootstrap_mean(
    values: Floats, *, resamples: int = RESAMPLES, confidence: float = CONFIDENCE, seed: int = 0
) -> Interval | None:
    """Return the percentile interval of a mean over resampled values.

    Parameters
    ----------
    values : array of shape (n,)
        One number a competition, say its mean over seeds.
    resamples : int, optional
        How often to draw n of them, with replacement.
    confidence : float, optional
        The share of means inside.
    seed : int, optional
        Where the draws begin: the same values and seed give the same interval.

    Returns
    -------
    (float, float) or None
        None for fewer than two values.
    """
    return bootstrap(
        len(values),
        lambda drawn: values[drawn].mean(axis=1),
        resamples=resamples,
        confidence=confidence,
        seed=seed,
    )


def bootstrap(
    n: int,
    statistic: Callable[[NDArray[np.int64]], Floats],
    *,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> Interval | None:
    """Return the percentile interval of a statistic of n resampled things.

    Parameters
    ----------
    n : int
        How many things there are.
    statistic : callable
        Given places of shape (resamples, n), returns one number a row; rows that have none are
        NaN and left out.
    resamples, confidence, seed
        As in `bootstrap_mean`.
    """
    if n < _FEWEST:
        return None
    drawn = np.random.default_rng(seed).integers(n, size=(resamples, n))
    found = statistic(drawn)
    found = found[~np.isnan(found)]
    if not len(found):
        return None
    tail = (1 - confidence) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    return float(low), float(high)
