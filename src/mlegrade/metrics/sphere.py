"""Metrics on directions, and on places on the globe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.metrics._arrays import codes_of, finite, mean, same_length, same_shape
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["haversine_quantile_error", "mean_angular_error"]

_EARTH = 6_371_000.0
_ROWS_AT_ONCE = 1 << 15
_SHORT = np.iinfo(np.int16).max


@metric(higher_is_better=False, optimum=0.0, worst=np.pi)
def mean_angular_error(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Mean angle between true and predicted directions, in radians.

    :math:`\arccos(\sin\theta_t \sin\theta_p (\cos\phi_t \cos\phi_p + \sin\phi_t \sin\phi_p)
    + \cos\theta_t \cos\theta_p)` with azimuth :math:`\phi` and zenith angle :math:`\theta`,
    averaged over the rows.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n, 2)
        Azimuth and zenith angle of each direction, in radians; of any size.

    Returns
    -------
    float
        In [0, pi].

    Raises
    ------
    UndefinedMetricError
        If an angle is not a finite number.

    Notes
    -----
    Edge cases: the arc cosine of a number near 1 has few exact digits: equal directions have an
    angle of up to 3e-8.

    Examples
    --------
    >>> round(mean_angular_error([[0.0, 0.0]], [[1.0, 0.5]]), 6)
    0.5
    """
    truth, predicted = _two_columns(y_true, y_pred)
    total = 0.0
    with np.errstate(invalid="ignore"):  # the sine of infinity is found at the end
        for begin in range(0, len(truth), _ROWS_AT_ONCE):
            rows = slice(begin, begin + _ROWS_AT_ONCE)
            total += float(np.arccos(_cosine(truth[rows], predicted[rows])).sum())
    return finite(total / len(truth))


def _two_columns(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    truth, predicted = same_shape(y_true, y_pred, 2)
    if truth.shape[1:] != (2,):
        raise ValueError(f"truth and prediction of shape {truth.shape}; it has to be (n, 2).")
    return truth, predicted


def _cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    (azimuth_a, zenith_a), (azimuth_b, zenith_b) = a.T, b.T
    in_plane = np.cos(azimuth_a) * np.cos(azimuth_b) + np.sin(azimuth_a) * np.sin(azimuth_b)
    cosine = np.sin(zenith_a) * np.sin(zenith_b) * in_plane + np.cos(zenith_a) * np.cos(zenith_b)
    return np.asarray(np.clip(cosine, -1.0, 1.0))


@metric(higher_is_better=False, optimum=0.0)
def haversine_quantile_error(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    groups: Sequence[Hashable],
    *,
    quantiles: Sequence[float] = (0.5,),
    radius: float = _EARTH,
) -> float:
    r"""Typical great-circle distance of true and predicted places, by quantiles.

    The quantiles of the distances in each group, averaged over the quantiles, then over the
    groups. A distance is :math:`2 R \arcsin\sqrt{\sin^2(\Delta\varphi / 2) + \cos\varphi_t
    \cos\varphi_p \sin^2(\Delta\lambda / 2)}` with latitudes :math:`\varphi` and longitudes
    :math:`\lambda`.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n, 2)
        Latitude and longitude of each place, in degrees; of any size.
    groups : sequence or array, shape (n,)
        The group of each row, by anything hashable.
    quantiles : sequence of float, optional
        In [0, 1], at least one; 0.5 is the median.
    radius : float, optional
        The radius of the globe; by default that of the Earth, in metres.

    Returns
    -------
    float
        At least 0, in the unit of the radius.

    Raises
    ------
    UndefinedMetricError
        If a coordinate is not a finite number.

    Notes
    -----
    Edge cases: quantiles are interpolated linearly between the distances next to them; a group of
    one row has its distance for every quantile.

    References
    ----------
    R. W. Sinnott, "Virtues of the haversine", 1984.

    Examples
    --------
    >>> round(haversine_quantile_error([[0.0, 0.0]], [[0.0, 1.0]], ["a"]), 3)
    111194.927
    """
    if not len(quantiles) or not all(0.0 <= share <= 1.0 for share in quantiles):
        raise ValueError("quantiles have to be in [0, 1], and at least one is needed.")
    truth, predicted = _two_columns(y_true, y_pred)
    same_length(truth, groups, others="groups")
    with np.errstate(invalid="ignore", over="ignore"):
        distances = 2 * radius * np.arcsin(_half_chord(truth, predicted))
    finite(distances.max())
    codes, count = codes_of(groups)
    order = np.argsort(distances)
    if count <= _SHORT:
        codes = codes.astype(np.int16)  # which are sorted in one go
    ordered = distances[order[np.argsort(codes[order], kind="stable")]]
    sizes = np.bincount(codes, minlength=count)
    firsts = np.cumsum(sizes) - sizes
    return mean(np.array([_quantile(ordered, firsts, sizes, share) for share in quantiles]))


def _half_chord(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return half the straight line between places on a globe of radius 1."""
    latitude, longitude = np.radians(predicted).T
    true_latitude, true_longitude = np.radians(truth).T
    square = (
        np.sin((true_latitude - latitude) / 2) ** 2
        + np.cos(latitude) * np.cos(true_latitude) * np.sin((true_longitude - longitude) / 2) ** 2
    )
    return np.asarray(np.sqrt(np.clip(square, 0.0, 1.0)))


def _quantile(
    ordered: NDArray[np.float64],
    firsts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    share: float,
) -> NDArray[np.float64]:
    """Return a quantile of each group, whose values stand together in ascending order."""
    place = share * (sizes - 1)
    below = np.floor(place).astype(np.int64)
    low, high = ordered[firsts + below], ordered[firsts + np.minimum(below + 1, sizes - 1)]
    quantile: NDArray[np.float64] = low + (high - low) * (place - below)
    return quantile
