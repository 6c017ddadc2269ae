"""Metrics that tell how truth and prediction vary together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics._arrays import (
    compare_shapes,
    doubles,
    finite,
    mean,
    same_shape,
    truth_values,
)
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["matthews_corrcoef", "pearson_correlation", "spearman_correlation"]


@metric(higher_is_better=True, optimum=1.0, worst=-1.0)
def pearson_correlation(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Linear correlation of truth and prediction.

    :math:`\sum (t - \bar t)(p - \bar p) / \sqrt{\sum (t - \bar t)^2 \sum (p - \bar p)^2}`

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n,) or (n, c)
        With columns, the result is the mean of the columns' correlations.

    Returns
    -------
    float
        In [-1, 1].

    Raises
    ------
    UndefinedTruthError, UndefinedMetricError
        If the values of a true column, or of a predicted one, are all equal or not finite.

    Notes
    -----
    Edge cases: values of any size can be correlated; nothing overflows or vanishes on the way.

    References
    ----------
    K. Pearson, "Note on regression and inheritance in the case of two parents", 1895.

    Examples
    --------
    >>> round(pearson_correlation([1.0, 2.0, 3.0], [1.0, 2.0, 6.0]), 6)
    0.944911
    """
    truth, predicted = same_shape(y_true, y_pred)
    truth, predicted = _centred(truth, UndefinedTruthError), _centred(predicted)
    power = np.square(truth).sum(axis=0) * np.square(predicted).sum(axis=0)
    correlation = (truth * predicted).sum(axis=0) / np.sqrt(power)
    return mean(np.clip(correlation, -1.0, 1.0))


def _centred(
    values: NDArray[np.float64], error: type[UndefinedMetricError] = UndefinedMetricError
) -> NDArray[np.float64]:
    """Return the differences from each column's mean, scaled to 1 at most."""
    _refuse_not_finite(values, error)
    if (values == values[0]).all(axis=0).any():
        raise error("a correlation with values that are all equal does not exist.")
    # A power of two changes no digit, and keeps the sum behind the mean from overflowing.
    _, exponents = np.frexp(np.abs(values).max(axis=0))
    differences = doubles(np.ldexp(values, -exponents))
    differences -= differences.mean(axis=0)
    differences /= np.abs(differences).max(axis=0)
    return differences


def _refuse_not_finite(values: NDArray[np.float64], error: type[UndefinedMetricError]) -> None:
    if not np.isfinite(values).all():
        raise error("a value is not a finite number.")


@metric(higher_is_better=True, optimum=1.0, worst=-1.0)
def spearman_correlation(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Rank correlation of truth and prediction: Pearson's, of the ranks.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n,) or (n, c)
        With columns, the result is the mean of the columns' correlations.

    Returns
    -------
    float
        In [-1, 1].

    Raises
    ------
    UndefinedTruthError, UndefinedMetricError
        If the values of a true column, or of a predicted one, are all equal or not finite.

    Notes
    -----
    Edge cases: equal values share the mean of their ranks.

    References
    ----------
    C. Spearman, "The proof and measurement of association between two things", 1904.

    Examples
    --------
    >>> spearman_correlation([1.0, 2.0, 3.0], [1.0, 20.0, 3.0])
    0.5
    """
    truth, predicted = same_shape(y_true, y_pred)
    _refuse_not_finite(truth, UndefinedTruthError)
    _refuse_not_finite(predicted, UndefinedMetricError)
    return pearson_correlation(_ranks(truth), _ranks(predicted))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank of each value in its column, from 0; equal values share their mean rank."""
    columns = np.ascontiguousarray(np.atleast_2d(values.T))
    order = np.argsort(columns, axis=1)
    ordered = np.take_along_axis(columns, order, axis=1)
    is_new = np.ones(columns.shape, np.bool_)
    is_new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    firsts = np.flatnonzero(is_new)  # of all columns, one after the other
    sizes = np.diff(firsts, append=columns.size)
    places = np.repeat(firsts + (sizes - 1) / 2, sizes).reshape(columns.shape)
    places -= np.arange(0, columns.size, len(values))[:, None]
    ranks = np.empty(columns.shape)
    np.put_along_axis(ranks, order, places, axis=1)
    return ranks.T.reshape(values.shape)


@metric(higher_is_better=True, optimum=1.0, worst=-1.0)
def matthews_corrcoef(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Correlation of two binary classifications: the phi coefficient.

    :math:`(TP \cdot TN - FP \cdot FN) / \sqrt{(TP + FP)(TP + FN)(TN + FP)(TN + FN)}` with the
    numbers of true and false positives and negatives.

    Parameters
    ----------
    y_true, y_pred : array of bool or of 0 and 1, shape (n,)
        True and predicted class.

    Returns
    -------
    float
        In [-1, 1].

    Raises
    ------
    UndefinedTruthError, UndefinedMetricError
        If a true class, or a predicted one, is neither 0 nor 1.

    Notes
    -----
    Edge cases: 0 where truth or prediction holds one class only.

    References
    ----------
    B. W. Matthews, "Comparison of the predicted and observed secondary structure of T4 phage
    lysozyme", 1975.

    Examples
    --------
    >>> matthews_corrcoef([1, 1, 0, 0], [1, 0, 0, 0])
    0.5773502691896258
    """
    truth, predicted = truth_values(y_true), truth_values(y_pred, UndefinedMetricError)
    compare_shapes(truth, predicted, 1)
    tp = int(np.count_nonzero(truth & predicted))
    fn = int(np.count_nonzero(truth)) - tp
    fp = int(np.count_nonzero(predicted)) - tp
    tn = len(truth) - tp - fn - fp
    # Python's integers do not overflow.
    product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return finite((tp * tn - fp * fn) / math.sqrt(product)) if product else 0.0
