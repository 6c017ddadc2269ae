"""Metrics on text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade.metrics._arrays import finite, same_length
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["mean_levenshtein"]


@metric(higher_is_better=False, optimum=0.0)
def mean_levenshtein(y_true: Sequence[str], y_pred: Sequence[str]) -> float:
    """Mean number of single-character edits that turn the prediction into the truth.

    Parameters
    ----------
    y_true, y_pred : sequence of str, length n
        The texts; a character is a Unicode code point.

    Returns
    -------
    float
        At least 0.

    Notes
    -----
    Edge cases: insertions, deletions and substitutions cost 1 each; against an empty text the
    distance is the other's length; nothing is normalised, neither length nor Unicode form.

    References
    ----------
    V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals",
    1966.

    Examples
    --------
    >>> mean_levenshtein(["kitten", "flaw"], ["sitting", "lawn"])
    2.5
    """
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 only where it is needed

    n_rows = same_length(y_true, y_pred)
    return finite(sum(map(Levenshtein.distance, y_true, y_pred)) / n_rows)
