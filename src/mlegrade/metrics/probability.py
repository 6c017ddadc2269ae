"""Metrics on predicted probabilities and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics._arrays import doubles, finite, mean, same_length
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["log_loss", "roc_auc"]


@metric(higher_is_better=False, optimum=0.0)
def log_loss(y_true: ArrayLike, y_prob: ArrayLike) -> float:
    r"""Mean negative logarithm of the probability given to the true class.

    Parameters
    ----------
    y_true : array of int, shape (n,)
        The true class: its place among the columns of `y_prob`, or 0 and 1 where `y_prob` has one
        dimension.
    y_prob : array of float, shape (n, c) or (n,)
        The probability of each class, or of class 1.

    Returns
    -------
    float
        At least 0; at most 36.05, because of the clipping.

    Notes
    -----
    Edge cases: probabilities are clipped to [e, 1 - e] with the machine epsilon e = 2.2e-16 of
    doubles, so that the optimum is reached up to 2.2e-16; rows are not rescaled to a sum of 1.

    Examples
    --------
    >>> round(log_loss([0, 1], [[0.5, 0.5], [0.2, 0.8]]), 6)
    0.458145
    """
    truth, prob = np.asarray(y_true).astype(np.int64), doubles(y_prob)
    same_length(truth, prob)
    if prob.ndim == 1:
        prob = np.where(truth == 1, prob, 1.0 - prob)
    else:
        prob = prob[np.arange(len(prob)), truth]
    epsilon = np.finfo(np.float64).eps
    return mean(-np.log(np.clip(prob, epsilon, 1 - epsilon)))


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def roc_auc(y_true: ArrayLike, y_score: ArrayLike) -> float:
    r"""Area under the receiver operating characteristic.

    The probability that a positive row has a higher score than a negative one, where a tie is
    half a success: the Mann-Whitney statistic :math:`U / (n_+ n_-)`.

    Parameters
    ----------
    y_true : array of bool or of 0 and 1, shape (n,) or (n, c)
        The true class; with columns, the result is the mean of the columns' areas.
    y_score : array of float, same shape
        Scores of any size; only their order counts.

    Returns
    -------
    float
        In [0, 1]; 0.5 for constant scores.

    Raises
    ------
    UndefinedMetricError
        If a column of the truth has rows of one class only, or a score is not a number.

    References
    ----------
    J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a receiver operating
    characteristic (ROC) curve", 1982.

    Examples
    --------
    >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    truth, score = np.asarray(y_true), doubles(y_score)
    same_length(truth, score)
    if truth.shape != score.shape:
        raise ValueError(f"truth of shape {truth.shape}, but scores of {score.shape}.")
    if truth.ndim == 1:
        return finite(_area(truth, score))
    return mean(np.array([_area(*pair) for pair in zip(truth.T, score.T, strict=True)]))


def _area(truth: NDArray[Any], score: NDArray[np.float64]) -> float:
    if np.isnan(score).any():
        raise UndefinedMetricError("a score is not a number.")
    is_positive = truth.astype(np.bool_)
    positive, negative = np.sort(score[is_positive]), np.sort(score[~is_positive])
    if not len(positive) or not len(negative):
        raise UndefinedMetricError("the true values are all of one class.")
    below = int(np.searchsorted(negative, positive, side="left").sum())
    not_above = int(np.searchsorted(negative, positive, side="right").sum())
    # Integers, so that a perfect order is exactly 1.
    return (below + not_above) / (2 * len(positive) * len(negative))
