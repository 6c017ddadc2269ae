"""Metrics on predicted quantities."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics._arrays import (
    codes_of,
    compare_shapes,
    doubles,
    finite,
    same_length,
    same_shape,
)
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import ArrayLike

__all__ = [
    "group_mean_log_mae",
    "laplace_log_likelihood",
    "mean_absolute_error",
    "root_mean_squared_error",
    "root_mean_squared_log_error",
]


@metric(higher_is_better=False, optimum=0.0)
def mean_absolute_error(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Mean absolute difference of truth and prediction.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n,) or (n, c)
        With columns, all cells count alike.

    Returns
    -------
    float
        At least 0, in the unit of the values.

    Raises
    ------
    UndefinedMetricError
        If the sum of all errors is too large for a double.

    Examples
    --------
    >>> mean_absolute_error([1.0, 2.0], [1.5, 4.0])
    1.25
    """
    truth, predicted = same_shape(y_true, y_pred)
    with np.errstate(over="ignore", invalid="ignore"):
        return finite(np.abs(truth - predicted).mean())


@metric(higher_is_better=False, optimum=0.0)
def root_mean_squared_error(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Root of the mean squared difference of truth and prediction.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n,) or (n, c)
        With columns, the result is the mean of the columns' errors.

    Returns
    -------
    float
        At least 0, in the unit of the values.

    Raises
    ------
    UndefinedMetricError
        If the sum of a column's squared errors is too large for a double.

    Examples
    --------
    >>> root_mean_squared_error([1.0, 2.0], [1.0, 4.0])
    1.4142135623730951
    """
    truth, predicted = same_shape(y_true, y_pred)
    with np.errstate(over="ignore", invalid="ignore"):
        return finite(np.sqrt(np.square(truth - predicted).mean(axis=0)).mean())


@metric(higher_is_better=False, optimum=0.0)
def root_mean_squared_log_error(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Root of the mean squared difference of :math:`\ln(1 + x)` of truth and prediction.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n,) or (n, c)
        Above -1. With columns, the result is the mean of the columns' errors.

    Returns
    -------
    float
        At least 0; about the relative error of large values.

    Raises
    ------
    UndefinedTruthError, UndefinedMetricError
        If a true value, or a predicted one, is not above -1.

    Notes
    -----
    Edge cases: values between -1 and 0 are allowed.

    Examples
    --------
    >>> round(root_mean_squared_log_error([0.0, 1.0], [0.0, 3.0]), 6)
    0.490129
    """
    truth, predicted = same_shape(y_true, y_pred)
    for values, error in ((truth, UndefinedTruthError), (predicted, UndefinedMetricError)):
        if not (values > -1).all():
            raise error("the logarithm of 1 + x needs values above -1.")
    with np.errstate(invalid="ignore"):
        return root_mean_squared_error(np.log1p(truth), np.log1p(predicted))


@metric(higher_is_better=False, optimum=-math.inf)
def group_mean_log_mae(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    groups: Sequence[Hashable],
    *,
    floor: float = 0.0,
) -> float:
    r"""Mean over groups of the logarithm of each group's mean absolute error.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n,)
        Truth and prediction.
    groups : sequence or array, shape (n,)
        The group of each row, by anything hashable.
    floor : float, optional
        The least error of a group that is taken notice of; at least 0.

    Returns
    -------
    float
        Natural logarithm of an error; minus infinity where a group is without any error.

    Raises
    ------
    UndefinedMetricError
        If the error of a group is too large for a double.

    Notes
    -----
    Edge cases: with `floor` 0 a single group without error makes the result minus infinity, the
    only value of a metric here that is not finite.

    References
    ----------
    The metric of "Predicting Molecular Properties" on Kaggle, there with a floor of 1e-9.

    Examples
    --------
    >>> round(group_mean_log_mae([1.0, 1.0], [2.0, 1.0], ["a", "b"], floor=1e-3), 6)
    -3.453878
    """
    if not 0.0 <= floor < math.inf:
        raise ValueError(f"floor has to be at least 0 and finite, not {floor}.")
    truth, predicted = same_shape(y_true, y_pred, 1)
    same_length(truth, groups, others="groups")
    codes, count = codes_of(groups)
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.bincount(codes, np.abs(truth - predicted), count) / np.bincount(codes)
    finite(errors.max())
    with np.errstate(divide="ignore"):
        return float(np.log(np.maximum(errors, floor)).mean())


@metric(higher_is_better=True, optimum=-math.log(70.0 * math.sqrt(2.0)))
def laplace_log_likelihood(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    sigma: ArrayLike,
    *,
    least_sigma: float = 70.0,
    largest_error: float = 1000.0,
) -> float:
    r"""Mean log likelihood of the truth under Laplace distributions around the predictions.

    :math:`-\sqrt 2 \Delta / \sigma - \ln(\sqrt 2 \sigma)` with the error :math:`\Delta` and the
    predicted standard deviation :math:`\sigma`, both kept within bounds, averaged over the rows.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n,)
        Truth and prediction.
    sigma : array of float, shape (n,)
        The predicted standard deviation of each row.
    least_sigma : float, optional
        The least standard deviation that is believed; above 0.
    largest_error : float, optional
        The largest error that counts; at least 0.

    Returns
    -------
    float
        At most :math:`-\ln(\sqrt 2 \sigma_{least})`, the value of predictions without error and
        with the least deviation: -4.595 by default.

    Raises
    ------
    UndefinedMetricError
        If a standard deviation is too large for a double.

    Notes
    -----
    Edge cases: deviations below the least one, also negative ones, count as that.

    References
    ----------
    P. S. Laplace, "Memoire sur la probabilite des causes par les evenements", 1774; the bounds are
    those of "OSIC Pulmonary Fibrosis Progression" on Kaggle.

    Examples
    --------
    >>> round(laplace_log_likelihood([2500.0], [2400.0], [100.0]), 6)
    -6.365957
    """
    if not least_sigma > 0.0 <= largest_error:
        raise ValueError("least_sigma has to be above 0, and largest_error at least 0.")
    truth, predicted = same_shape(y_true, y_pred, 1)
    deviations = doubles(sigma)
    compare_shapes(truth, deviations, 1, name="sigma")
    with np.errstate(over="ignore", invalid="ignore"):
        spread = math.sqrt(2.0) * np.maximum(deviations, least_sigma)
        error = np.minimum(np.abs(truth - predicted), largest_error)
        return finite((-2.0 * error / spread - np.log(spread)).mean())
