"""Sets of pixels on one line, as runs: what they cover together, and what one has alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import places_of_ends, stretch
from mlegrade.metrics._runs import sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Line", "covered", "minus", "sizes_between"]

Line = tuple["NDArray[np.int64]", "NDArray[np.int64]"]
"""Where runs start and where they end."""
FAR = 1 << 62
"""Farther than any place on a line."""


def covered(runs: Line) -> Line:
    """Return what runs cover.

    Parameters
    ----------
    runs : (starts, ends)
        Runs in any order, which may overlap; none is empty.

    Returns
    -------
    starts, ends : ndarray of int64
        Runs that ascend and neither overlap nor touch.
    """
    starts, ends = runs
    if not len(starts):
        return runs
    order = np.argsort(starts, kind="stable")  # linear where little is out of order
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    firsts = np.flatnonzero(starts[1:] > ends[:-1]) + 1
    return starts[np.append(0, firsts)], ends[np.append(firsts, len(ends)) - 1]


def minus(a: Line, b: Line) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the parts of runs that lie outside of others.

    Parameters
    ----------
    a, b : (starts, ends)
        Runs that ascend and do not overlap.

    Returns
    -------
    starts, ends : ndarray of int64
        The parts, which ascend.
    gaps : ndarray of int64
        Before which of the runs in `b` each of them lies.
    """
    firsts = np.searchsorted(b[0], a[0], side="right")
    counts = places_of_ends(b[0], firsts, a[1]) - firsts + 1
    whole, gaps = np.repeat(np.arange(len(counts)), counts), stretch(firsts, counts)
    starts = np.maximum(a[0][whole], np.append(-FAR, b[1])[gaps])
    ends = np.minimum(a[1][whole], np.append(b[0], FAR)[gaps])
    left = np.flatnonzero(starts < ends)
    return starts[left], ends[left], gaps[left]


def sizes_between(runs: Line, borders: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many pixels lie between one border and the next, which no run crosses.

    Parameters
    ----------
    runs : (starts, ends)
        Runs that ascend and do not overlap.
    borders : ndarray of int64, shape (n + 1,)
        Places on the line, which ascend.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    return sums(runs[1] - runs[0], np.searchsorted(runs[0], borders))
