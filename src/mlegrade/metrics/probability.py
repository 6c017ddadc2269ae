"""Metrics on predicted probabilities and scores."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics._arrays import (
    codes_of,
    compare_shapes,
    doubles,
    finite,
    integers,
    mean,
    refuse_nan,
    same_length,
    same_shape,
    truth_values,
)
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "EPSILON",
    "kl_divergence",
    "log_loss",
    "probabilistic_f1",
    "roc_auc",
    "weighted_multilabel_log_loss",
    "weighted_roc_auc",
]

EPSILON = float(np.finfo(np.float64).eps)
"""The distance of 1 from the next double, 2.2e-16: the usual limit of probabilities."""


@metric(higher_is_better=False, optimum=0.0, worst=-math.log(EPSILON))
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

    Raises
    ------
    UndefinedTruthError
        If a true class is none of the columns, or neither 0 nor 1.
    UndefinedMetricError
        If the probability of a true class is not a number.

    Notes
    -----
    Edge cases: probabilities are clipped to [e, 1 - e] with the machine epsilon e = 2.2e-16 of
    doubles, so that the optimum is reached up to 2.2e-16; rows are not rescaled to a sum of 1.

    Examples
    --------
    >>> round(log_loss([0, 1], [[0.5, 0.5], [0.2, 0.8]]), 6)
    0.458145
    """
    prob = doubles(y_prob)
    if prob.ndim == 1:
        positive = truth_values(y_true)
        compare_shapes(positive, prob, 1)
        prob = np.where(positive, prob, 1.0 - prob)
    else:
        truth = integers(y_true)
        if (truth.ndim, prob.ndim) != (1, 2):
            raise ValueError(
                f"truth of shape {truth.shape} and probabilities of {prob.shape}; "
                "they have to be (n,) and (n, c)."
            )
        same_length(truth, prob)
        if not 0 <= truth.min() <= truth.max() < prob.shape[1]:
            raise UndefinedTruthError("a true class is none of the columns.")
        prob = prob[np.arange(len(prob)), truth]
    return mean(-np.log(np.clip(prob, EPSILON, 1.0 - EPSILON)))


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
    UndefinedTruthError
        If a column of the truth has rows of one class only, or others than 0 and 1.
    UndefinedMetricError
        If a score is not a number.

    Notes
    -----
    Edge cases: scores are compared as they are, without rounding; infinite ones have their place
    in the order.

    References
    ----------
    J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a receiver operating
    characteristic (ROC) curve", 1982.

    Examples
    --------
    >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    truth, score = _labels_and_scores(y_true, y_score)
    if truth.ndim == 1:
        return _area(truth, score)
    return mean(np.array([_area(*pair) for pair in zip(truth.T, score.T, strict=True)]))


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def weighted_roc_auc(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    tpr_thresholds: Sequence[float],
    weights: Sequence[float],
) -> float:
    r"""Area under the receiver operating characteristic, with bands of unlike weight.

    The curve's true positive rate is cut into bands :math:`[t_{k-1}, t_k]`. With the area
    :math:`A_k` of the curve within band k, the result is
    :math:`\sum_k w_k A_k / \sum_k w_k (t_k - t_{k-1})`.

    Parameters
    ----------
    y_true : array of bool or of 0 and 1, shape (n,)
        The true class.
    y_score : array of float, shape (n,)
        Scores of any size; only their order counts.
    tpr_thresholds : sequence of float, length k + 1
        The limits of the bands, ascending, from 0 to 1.
    weights : sequence of float, length k
        The weight of each band.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedTruthError
        If the rows are all of one class, or of others than 0 and 1.
    UndefinedMetricError
        If a score is not a number.

    Notes
    -----
    Edge cases: rows of equal score enter the curve together, so that constant scores give its
    diagonal. Where the curve crosses a limit between two of its points, the crossing is found on
    the straight line between them. With one weight for all it is `roc_auc`.

    References
    ----------
    R. Cogranne, Q. Giboulot, P. Bas, "The ALASKA steganalysis challenge", 2019.

    Examples
    --------
    >>> weighted_roc_auc([0, 1, 0, 1], [1, 2, 3, 4], tpr_thresholds=[0, 0.4, 1], weights=[2, 1])
    0.8214285714285714
    """
    _check_bands(tpr_thresholds, weights)
    truth, score = _labels_and_scores(y_true, y_score, 1)
    false_rate, true_rate = _curve(truth, score)
    for limit in tpr_thresholds[1:-1]:
        at = int(np.searchsorted(true_rate, limit))
        if true_rate[at] != limit:
            crossing = np.interp(limit, true_rate[at - 1 : at + 1], false_rate[at - 1 : at + 1])
            false_rate = np.insert(false_rate, at, crossing)
            true_rate = np.insert(true_rate, at, limit)
    total = whole = 0.0
    for low, high, weight in zip(tpr_thresholds[:-1], tpr_thresholds[1:], weights, strict=True):
        heights = np.clip(true_rate, low, high) - low
        total += weight * float((np.diff(false_rate) * (heights[1:] + heights[:-1])).sum()) / 2
        whole += weight * (high - low)
    return finite(total / whole)


def _check_bands(limits: Sequence[float], weights: Sequence[float]) -> None:
    if len(weights) != len(limits) - 1:
        raise ValueError(f"{len(limits)} limits of bands, but {len(weights)} weights.")
    bands = list(pairwise(limits))
    if limits[0] != 0 or limits[-1] != 1 or not all(low <= high for low, high in bands):
        raise ValueError("the limits of the bands have to ascend from 0 to 1.")
    counts = any(w > 0 and low < high for w, (low, high) in zip(weights, bands, strict=True))
    if not counts or min(weights) < 0:
        raise ValueError("the weights of the bands have to be at least 0, one of them above.")


@metric(higher_is_better=False, optimum=0.0)
def kl_divergence(y_true: ArrayLike, y_prob: ArrayLike, *, epsilon: float = EPSILON) -> float:
    r"""Mean Kullback-Leibler divergence of predicted from true distributions.

    For a row with true shares t and predicted probabilities p: the sum of
    :math:`t_j \ln(t_j / p_j)` over the classes j.

    Parameters
    ----------
    y_true : array of float, shape (n, c)
        The true share of each class; a row sums to 1.
    y_prob : array of float, shape (n, c)
        The predicted probability of each class.
    epsilon : float, optional
        Predictions are clipped to [epsilon, 1 - epsilon].

    Returns
    -------
    float
        At least 0 if the rows of the prediction sum to 1, up to rounding.

    Raises
    ------
    UndefinedMetricError
        If a value is not a number, or a true share is below 0.

    Notes
    -----
    Edge cases: a class with the true share 0 adds nothing, whatever its prediction. The true
    shares are not clipped, and no row is rescaled to a sum of 1.

    Examples
    --------
    >>> round(kl_divergence([[0.5, 0.5], [1.0, 0.0]], [[0.5, 0.5], [0.5, 0.5]]), 6)
    0.346574
    """
    truth, prob = same_shape(y_true, y_prob, 2)
    clipped = np.clip(prob, epsilon, 1.0 - epsilon)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        terms = np.where(truth == 0.0, 0.0 * prob, truth * np.log(truth / clipped))
    return mean(terms.sum(axis=1))


@metric(higher_is_better=False, optimum=0.0)
def weighted_multilabel_log_loss(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    samples: Sequence[Hashable] | NDArray[Any],
    weights: ArrayLike,
    *,
    positive_weight: float = 1.0,
    epsilon: float = EPSILON,
) -> float:
    r"""Logarithmic loss of labels with weights, each sample's own mean first.

    For a label y with the probability p the loss is :math:`-\ln p` if y is 1, else
    :math:`-\ln(1 - p)`. A sample's loss is the weighted mean of the losses of its labels; the
    result is the plain mean of the samples' losses.

    Parameters
    ----------
    y_true : array of bool or of 0 and 1, shape (n,)
        The labels, one a row.
    y_prob : array of float, shape (n,)
        The probability of each label.
    samples : sequence or array, shape (n,)
        The sample that each label belongs to, by anything hashable.
    weights : array of float, shape (n,)
        The weight of each label.
    positive_weight : float, optional
        What the weight of a label is multiplied by where the label is 1.
    epsilon : float, optional
        Probabilities are clipped to [epsilon, 1 - epsilon].

    Returns
    -------
    float
        At least 0; at most about -ln(epsilon).

    Raises
    ------
    UndefinedTruthError
        If a label is neither 0 nor 1.
    UndefinedMetricError
        If a value is not a number, or the weights of a sample sum to 0.

    Notes
    -----
    Edge cases: p is clipped before 1 - p is taken, so that the optimum is -ln(1 - epsilon). A
    sample with positive labels has a larger sum of weights than one without: its negative labels
    weigh less.

    Examples
    --------
    >>> round(weighted_multilabel_log_loss([1, 0, 0], [0.5, 0.5, 0.2], "aab", [2, 1, 1]), 6)
    0.458145
    """
    truth, prob = same_shape(y_true, y_prob, 1)
    positive, of_labels = truth_values(truth), doubles(weights)
    compare_shapes(truth, of_labels, 1, name="weights")
    same_length(truth, samples, others="samples")
    clipped = np.clip(prob, epsilon, 1.0 - epsilon)
    of_labels = of_labels * np.where(positive, positive_weight, 1.0)
    codes, count = codes_of(samples)
    with np.errstate(divide="ignore", invalid="ignore"):
        losses = of_labels * -np.log(np.where(positive, clipped, 1.0 - clipped))
        return mean(np.bincount(codes, losses, count) / np.bincount(codes, of_labels, count))


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def probabilistic_f1(y_true: ArrayLike, y_prob: ArrayLike) -> float:
    r"""F1 score with probabilities as fractions of a positive decision.

    The harmonic mean of precision :math:`c_+ / (c_+ + c_-)` and recall :math:`c_+ / n_+`, where
    :math:`c_+` is the sum of the predictions of positive rows, :math:`c_-` that of negative ones
    and :math:`n_+` the number of positive rows.

    Parameters
    ----------
    y_true : array of bool or of 0 and 1, shape (n,)
        The true class.
    y_prob : array of float, shape (n,)
        The probability of class 1; clipped to [0, 1].

    Returns
    -------
    float
        In [0, 1]; the F1 score where all predictions are 0 or 1.

    Raises
    ------
    UndefinedTruthError
        If no row is positive, or a true value is neither 0 nor 1.
    UndefinedMetricError
        If a prediction is not a number.

    Notes
    -----
    Edge cases: where all positive rows are predicted as 0 the score is 0, also if precision has no
    value because all predictions are 0.

    References
    ----------
    R. Yacouby, D. Axman, "Probabilistic extension of precision, recall, and F1 score for more
    thorough evaluation of classification models", 2020.

    Examples
    --------
    >>> probabilistic_f1([1, 0, 0], [1.0, 0.5, 0.5])
    0.6666666666666666
    """
    truth, prob = same_shape(y_true, y_prob, 1)
    positive = truth_values(truth)
    n_positive = int(np.count_nonzero(positive))
    if not n_positive:
        raise UndefinedTruthError("no true value is positive.")
    prob = np.clip(prob, 0.0, 1.0)
    # The harmonic mean of the two fractions, without dividing by a sum that may be 0.
    return finite(2.0 * prob[positive].sum() / (prob.sum() + n_positive))


def _labels_and_scores(
    y_true: ArrayLike, y_score: ArrayLike, *n_dims: int
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return truth and scores of one shape, each column of the truth with both classes."""
    positive, score = truth_values(y_true), doubles(y_score)
    compare_shapes(positive, score, *n_dims)
    refuse_nan(score)
    if positive.all(axis=0).any() or not positive.any(axis=0).all():
        raise UndefinedTruthError("the true values are all of one class.")
    return positive, score


def _area(positive: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    above, below = np.sort(score[positive]), np.sort(score[~positive])
    wins = int(np.searchsorted(below, above, side="left").sum())
    no_losses = int(np.searchsorted(below, above, side="right").sum())
    # Integers, so that a perfect order is exactly 1.
    return (wins + no_losses) / (2 * len(above) * len(below))


def _curve(
    positive: NDArray[np.bool_], score: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return false and true positive rates, from (0, 0) on, one point a distinct score."""
    order = np.argsort(-score, kind="stable")
    ordered = score[order]
    last_of_ties = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]), len(ordered) - 1)
    hits = np.concatenate([[0], np.cumsum(positive[order])[last_of_ties]])
    alarms = np.concatenate([[0], last_of_ties + 1]) - hits
    return alarms / alarms[-1], hits / hits[-1]
