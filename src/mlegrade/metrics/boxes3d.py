"""Metrics on detected objects in space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics._arrays import (
    doubles,
    finite,
    first_places,
    group_sizes,
    need_numbers_below,
    refuse_nan,
    same_columns,
)
from mlegrade.metrics._base import metric
from mlegrade.metrics._cells import Cells, pairs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from mlegrade.metrics._cells import AnyLabels

__all__ = ["Boxes3D", "mean_average_precision_3d", "upright_box_iou"]

_THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Boxes3D:
    """Upright boxes in space, each in a scene and of a class.

    Parameters
    ----------
    scenes : ndarray of int32 or int64, shape (m,)
        The scene of each box, numbered from 0.
    labels : Labels, or sequence of hashable, length m
        The class of each box.
    geometry : ndarray of float64, shape (m, 7)
        Centre x, y, z; width, length, height; yaw in radians. The length lies along
        (cos yaw, sin yaw), the width along (-sin yaw, cos yaw).
    scores : ndarray of float64, shape (m,)
        The confidence of each box; not looked at for true ones.
    """

    scenes: NDArray[np.int32] | NDArray[np.int64]
    labels: AnyLabels
    geometry: NDArray[np.float64]
    scores: NDArray[np.float64]

    def __post_init__(self) -> None:
        same_columns(self.scenes, self.labels, self.geometry, self.scores)


def upright_box_iou(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Return the intersection over union of upright boxes, pair by pair.

    Parameters
    ----------
    a, b : array of float, shape (m, 7)
        As the geometry of `Boxes3D`.

    Returns
    -------
    ndarray of float64, shape (m,)
        In [0, 1]; 0 where no double holds the volumes.

    Raises
    ------
    ValueError
        If the shapes differ, or are not (m, 7).

    Notes
    -----
    The base of `b` is seen from that of `a`, where `a` is the rectangle `|x| <= l/2, |y| <= w/2`.
    By Green's theorem the area inside is the integral of -clip(y, -w/2, w/2) dx along those parts
    of b's outline with `|x| <= l/2`: a sum over four edges in closed form, without cases.
    """
    a, b = doubles(a), doubles(b)
    if a.shape != b.shape or a.shape[1:] != (7,):
        raise ValueError(f"boxes of shapes {a.shape} and {b.shape}; both have to be (m, 7).")
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        sizes = a[:, 3:6].prod(axis=1), b[:, 3:6].prod(axis=1)
        top = np.minimum(a[:, 2] + a[:, 5] / 2, b[:, 2] + b[:, 5] / 2)
        bottom = np.maximum(a[:, 2] - a[:, 5] / 2, b[:, 2] - b[:, 5] / 2)
        common = _base_intersection(a, b) * np.maximum(0.0, top - bottom)
        overlap = common / (sizes[0] + sizes[1] - common)
    return np.asarray(np.clip(np.nan_to_num(overlap), 0.0, 1.0))


def _base_intersection(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    cos, sin = np.cos(a[:, 6]), np.sin(a[:, 6])
    dx, dy = b[:, 0] - a[:, 0], b[:, 1] - a[:, 1]
    centre = np.stack([cos * dx + sin * dy, cos * dy - sin * dx])
    # The axes of b, half a side long, in the frame of a.
    cos_b, sin_b = np.cos(b[:, 6]), np.sin(b[:, 6])
    turned = np.stack([cos_b * cos + sin_b * sin, sin_b * cos - cos_b * sin])
    along, across = turned * b[:, 4] / 2, np.stack([-turned[1], turned[0]]) * b[:, 3] / 2
    corners = [
        centre + along - across,
        centre + along + across,
        centre - along + across,
        centre - along - across,
    ]
    half_length, half_width = a[:, 4] / 2, a[:, 3] / 2
    area = np.zeros(len(a))
    for p, q in zip(corners, corners[1:] + corners[:1], strict=True):
        area -= _edge_integral(p, q, half_length, half_width)
    return area


def _edge_integral(
    p: NDArray[np.float64],
    q: NDArray[np.float64],
    half_length: NDArray[np.float64],
    half_width: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the integral of clip(y, -w/2, w/2) dx from p to q, as far as abs(x) <= l/2."""
    x0, x1 = np.clip(p[0], -half_length, half_length), np.clip(q[0], -half_length, half_length)
    slope = np.where(q[0] == p[0], 0.0, (q[1] - p[1]) / (q[0] - p[0]))
    y0, y1 = p[1] + slope * (x0 - p[0]), p[1] + slope * (x1 - p[0])
    low, high = np.clip(y0, -half_width, half_width), np.clip(y1, -half_width, half_width)
    # In this form what cancels is multiplied by high - low: an edge that is nearly level, and whose
    # ends differ by rounding alone, keeps its height.
    share = ((high - low) / 2 + (y1 - high)) / (y1 - y0)
    mean_y = low + np.where(high == low, 0.0, (high - low) * share)
    integral: NDArray[np.float64] = (x1 - x0) * mean_y
    return integral


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def mean_average_precision_3d(y_true: Boxes3D, y_pred: Boxes3D, n_scenes: int) -> float:
    """Average precision of boxes in space, averaged over the overlaps 0.5, 0.55, ..., 0.95.

    In each scene and class predictions, most confident first, are compared with the true box that
    they overlap most; a prediction is right if that overlap exceeds the threshold and the box is
    not taken. The average precision is the area under the monotone envelope of precision over
    recall; it is averaged over the true classes of a scene, then over scenes and thresholds.

    Parameters
    ----------
    y_true, y_pred : Boxes3D
        True boxes and predictions.
    n_scenes : int
        The number of scenes.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedTruthError
        If there are no scenes.
    UndefinedMetricError
        If a confidence is not a number.
    ValueError
        If a scene's number is not below their number.

    Notes
    -----
    Edge cases: an overlap exactly at a threshold does not exceed it; a true class without
    predictions gives 0, a scene without true boxes, too; predictions of a class that a scene does
    not have do not count; equal confidences keep their order, of equal overlaps the first true box
    counts; there is no second choice when the best box is taken.

    References
    ----------
    The metric of "Lyft 3D Object Detection for Autonomous Vehicles" on Kaggle.

    Examples
    --------
    >>> scenes, labels = np.array([0]), ["car"]
    >>> truth = Boxes3D(scenes, labels, np.array([[0.0, 0, 0, 2, 4, 2, 0]]), np.zeros(1))
    >>> found = Boxes3D(scenes, labels, np.array([[0.0, 0, 0, 2, 3, 2, 0]]), np.array([0.9]))
    >>> mean_average_precision_3d(truth, found, 1)
    0.5
    """
    if n_scenes < 1:
        raise UndefinedTruthError("there are no scenes.")
    refuse_nan(y_pred.scores)
    for boxes in (y_true, y_pred):
        need_numbers_below(n_scenes, boxes.scenes, name="scenes")
    cells = Cells.of(y_true.scenes, y_true.labels, y_pred.scenes, y_pred.labels)
    n_true = np.bincount(cells.true, minlength=len(cells.groups))
    weights = 1 / (np.bincount(cells.groups, minlength=n_scenes)[cells.groups] * n_true)
    relevant = np.flatnonzero(cells.found >= 0)
    order = relevant[np.lexsort([-y_pred.scores[relevant], cells.found[relevant]])]
    cell = cells.found[order]
    box, overlap = _best_boxes(
        cell, y_pred.geometry[order], cells.true, y_true.geometry, len(cells.groups)
    )
    rank = np.arange(1, len(cell) + 1) - np.searchsorted(cell, cell)
    total = 0.0
    for threshold in _THRESHOLDS:
        near = np.flatnonzero(overlap > threshold)
        _, firsts = np.unique(box[near], return_index=True)
        hits = np.sort(near[firsts])
        total += _sum_of_average_precisions(cell[hits], rank[hits], weights)
    # The weights of a scene add up to 1, but for rounding.
    return min(1.0, finite(total / (len(_THRESHOLDS) * n_scenes)))


def _sum_of_average_precisions(
    cells: NDArray[np.int64], ranks: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    """Return the weighted sum over cells of the envelope precision at each hit."""
    if not len(cells):
        return 0.0
    begins = first_places(cells)
    sizes = group_sizes(begins, len(cells))
    hit = np.arange(len(cells)) - np.repeat(begins, sizes)
    precision = np.zeros((len(begins), int(sizes.max())))
    precision[np.repeat(np.arange(len(begins)), sizes), hit] = (hit + 1) / ranks
    envelope = np.maximum.accumulate(precision[:, ::-1], axis=1).sum(axis=1)
    # Beyond a cell's last hit the envelope is 0: those columns add nothing.
    return float((envelope * weights[cells[begins]]).sum())


def _best_boxes(
    found: NDArray[np.int64],
    geometry: NDArray[np.float64],
    true: NDArray[np.int64],
    truth: NDArray[np.float64],
    n_cells: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each prediction the true box of its cell that it overlaps most, and how much."""
    box, best = np.zeros(len(found), np.int64), np.zeros(len(found))
    for prediction, partner in pairs(found, true, n_cells):
        near = _may_touch(geometry[prediction], truth[partner])
        owner, candidate = prediction[near], partner[near]
        overlap = upright_box_iou(truth[candidate], geometry[owner])
        # By prediction, then by falling overlap; stable, so that the first of equals comes first.
        order = np.lexsort([-overlap, owner])
        chosen = order[first_places(owner[order])]
        box[owner[chosen]], best[owner[chosen]] = candidate[chosen], overlap[chosen]
    return box, best


def _may_touch(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether the bases' centres are no farther apart than the bases' half diagonals."""
    with np.errstate(over="ignore", invalid="ignore"):
        apart = np.hypot(a[:, 0] - b[:, 0], a[:, 1] - b[:, 1])
        reach = (np.hypot(a[:, 3], a[:, 4]) + np.hypot(b[:, 3], b[:, 4])) / 2
        return apart <= reach * (1 + 1e-9)
