"""Metrics on rows with any number of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics._arrays import finite, refuse_nan, same_shape, truth_values
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["lwlrap"]

_CELLS_AT_ONCE = 1 << 16  # few enough for the arrays made of them to stay in the cache


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def lwlrap(y_true: ArrayLike, y_score: ArrayLike) -> float:
    r"""Label-weighted label-ranking average precision.

    Each true label of a row contributes the share of true labels among those that are scored at
    least as high as it. The result is the mean over all true labels of all rows.

    Parameters
    ----------
    y_true : array of bool or of 0 and 1, shape (n, c)
        The true labels of each row.
    y_score : array of float, shape (n, c)
        Scores of any size; only their order inside a row counts.

    Returns
    -------
    float
        In (0, 1].

    Raises
    ------
    UndefinedTruthError
        If no row has a label, or a true value is neither 0 nor 1.
    UndefinedMetricError
        If a score is not a number.

    Notes
    -----
    Edge cases: rows without labels do not count; labels with equal scores all have the worst of
    their ranks, so that constant scores give the share of true labels.

    References
    ----------
    The metric of "Freesound Audio Tagging 2019" on Kaggle: label-ranking average precision with
    rows weighted by their number of labels.

    Examples
    --------
    >>> lwlrap([[1, 0, 1], [0, 1, 0]], [[0.9, 0.5, 0.1], [0.2, 0.8, 0.3]])
    0.8888888888888888
    """
    truth, score = same_shape(y_true, y_score, 2)
    refuse_nan(score)
    is_true = truth_values(truth)
    rows, labels = np.nonzero(is_true)
    if not len(rows):
        raise UndefinedTruthError("no row has a label.")
    total = 0.0
    step = max(1, _CELLS_AT_ONCE // is_true.shape[1])
    for begin in range(0, len(rows), step):
        row, label = rows[begin : begin + step], labels[begin : begin + step]
        not_below = score[row] >= score[row, label][:, None]
        hits = np.count_nonzero(not_below & is_true[row], axis=1)
        total += float((hits / np.count_nonzero(not_below, axis=1)).sum())
    return finite(total / len(rows))
