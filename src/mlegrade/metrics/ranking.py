"""Metrics on ranked lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.metrics._arrays import finite, same_length
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from collections.abc import Set as AbstractSet

__all__ = ["map_at_k"]


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def map_at_k(
    y_true: Sequence[AbstractSet[Hashable]], y_pred: Sequence[Sequence[Hashable]], *, k: int
) -> float:
    r"""Mean average precision over the first k predictions of each row.

    For a row with the relevant items R: the sum, over the ranks i <= k whose item is in R and has
    not stood there before, of the share of such ranks among the first i; divided by
    min(\|R\|, k).

    Parameters
    ----------
    y_true : sequence of set, length n
        The relevant items of each row.
    y_pred : sequence of sequence, length n
        The items predicted, best first; of any length. Also an array, one row each.
    k : int
        How many predictions count; at least 1.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedMetricError
        If there are no rows.

    Notes
    -----
    Edge cases: a row without relevant items gives 0 and counts; an item that is repeated counts
    where it stands first, later it is a wrong one; fewer than k predictions are allowed.

    Examples
    --------
    >>> map_at_k([{"a", "b"}, {"c"}], [["a", "x", "b"], ["x", "c"]], k=3)
    0.6666666666666666
    """
    n_rows = same_length(y_true, y_pred)
    if k < 1:
        raise ValueError(f"k has to be at least 1, not {k}.")
    rows = y_pred.tolist() if isinstance(y_pred, np.ndarray) else y_pred
    total = 0.0
    try:
        for relevant, ranked in zip(y_true, rows, strict=True):
            if not relevant.isdisjoint(ranked):
                total += _average_precision(relevant, ranked[:k]) / min(len(relevant), k)
    except AttributeError as error:
        raise TypeError(
            "of each row, the relevant items have to be a set, and the predicted ones a list."
        ) from error
    return finite(total / n_rows)


def _average_precision(relevant: AbstractSet[Hashable], ranked: Sequence[Hashable]) -> float:
    if len(relevant) == 1:
        (item,) = relevant
        return 1.0 / (ranked.index(item) + 1) if item in ranked else 0.0
    found: set[Hashable] = set()
    total = 0.0
    for rank, item in enumerate(ranked, start=1):
        if item in relevant and item not in found:
            found.add(item)
            total += len(found) / rank
    return total
