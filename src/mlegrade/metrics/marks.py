"""Metrics on labelled marks in images: boxes, and points that should lie in boxes."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics._arrays import (
    distinct,
    first_places,
    mean,
    need_numbers_below,
    refuse_nan,
    same_columns,
    stretch,
)
from mlegrade.metrics._base import metric
from mlegrade.metrics._cells import Cells, pairs, portions
from mlegrade.metrics._labels import Labels

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from numpy.typing import NDArray

    from mlegrade.metrics._cells import AnyLabels

_STRIPS = 64
_LARGEST_TABLE = 1 << 17

__all__ = ["Marks", "average_precision_with_misses", "point_in_box_f1"]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Boxes or points, each in an image and with a label.

    Parameters
    ----------
    images : ndarray of int32 or int64, shape (m,)
        The image of each mark, numbered from 0.
    labels : Labels, or sequence of hashable, length m
        The label of each mark.
    at : ndarray of float64, shape (m, d)
        Where it is, as the metric says.
    scores : ndarray of float64, shape (m,), optional
        The confidence of each mark; none for points and for true boxes.
    """

    images: NDArray[np.int32] | NDArray[np.int64]
    labels: AnyLabels
    at: NDArray[np.float64]
    scores: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        same_columns(
            self.images, self.labels, self.at, *([self.scores] if len(self.scores) else [])
        )

    def __len__(self) -> int:
        """Return the number of marks."""
        return len(self.images)


def _check_columns(marks: Marks, count: int) -> None:
    if marks.at.shape[1:] != (count,):
        raise ValueError(f"marks at {marks.at.shape}; it has to be (m, {count}).")


def _cells(y_true: Marks, y_pred: Marks) -> Cells:
    return Cells.of(y_true.images, y_true.labels, y_pred.images, y_pred.labels)


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def point_in_box_f1(y_true: Marks, y_pred: Marks) -> float:
    r"""F1 score of labelled points, each of which should lie in a true box with its label.

    The boxes of an image, in their order, each take the first point that has their label, lies
    inside and is not taken: :math:`2 TP / (2 TP + FP + FN)` with TP boxes that take a point, FP
    points that no box takes and FN boxes that take none, over all images.

    Parameters
    ----------
    y_true : Marks
        True boxes: left, top, width, height.
    y_pred : Marks
        Points: x, y.

    Returns
    -------
    float
        In [0, 1].

    Notes
    -----
    Edge cases: a point on the border of a box is not inside; where boxes overlap, the order of
    boxes and points decides; 0 where there are neither boxes nor points.

    References
    ----------
    The metric of "Kuzushiji Recognition" on Kaggle.

    Examples
    --------
    >>> images, labels = np.array([0, 0]), ["ka", "no"]
    >>> boxes = Marks(images, labels, np.array([[0.0, 0.0, 10.0, 10.0], [20.0, 0.0, 10.0, 10.0]]))
    >>> point_in_box_f1(boxes, Marks(images, labels, np.array([[5.0, 5.0], [5.0, 5.0]])))
    0.5
    """
    _check_columns(y_true, 4)
    _check_columns(y_pred, 2)
    hits = sum(_hits(*marks) for marks in _few_images(y_true, y_pred))
    return 2 * hits / max(1, len(y_true) + len(y_pred))


def _few_images(y_true: Marks, y_pred: Marks) -> Iterator[tuple[Marks, Marks]]:
    """Yield the marks of a few images at a time, without those of labels that the truth lacks."""
    names = Labels.of(y_true.labels).names
    truth, found = _by_image(y_true, names), _by_image(y_pred, names)
    n_images = 1 + max(int(marks.images.max(initial=0)) for marks in (truth, found))
    counts = sum(np.bincount(marks.images, minlength=n_images) for marks in (truth, found))
    for images in portions(np.asarray(counts)):
        yield _those_of(images, truth), _those_of(images, found)


def _by_image(marks: Marks, names: Sequence[Hashable]) -> Marks:
    """Return the marks with one of some labels, in the order of their images."""
    images, codes = marks.images, Labels.of(marks.labels).among(names)
    order: slice | NDArray[np.int64] = slice(None)
    if (codes < 0).any() or (images[1:] < images[:-1]).any():
        order = np.flatnonzero(codes >= 0)
        order = order[np.argsort(images[order], kind="stable")]
    return Marks(images[order], Labels(names, codes[order]), marks.at[order])


def _those_of(images: slice, marks: Marks) -> Marks:
    """Return the marks of some images, which are numbered from 0, out of some in their order."""
    begin, end = np.searchsorted(marks.images, [images.start, images.stop])
    labels = Labels.of(marks.labels)
    return Marks(
        marks.images[begin:end].astype(np.int64) - images.start,
        Labels(labels.names, labels.codes[begin:end]),
        marks.at[begin:end],
    )


def _hits(y_true: Marks, y_pred: Marks) -> int:
    """Return how many boxes take a point."""
    cells = _cells(y_true, y_pred)
    left, top = y_true.at[:, :2].T
    with np.errstate(over="ignore", invalid="ignore"):
        right, bottom = (y_true.at[:, :2] + y_true.at[:, 2:]).T
    x, y = y_pred.at.T
    inside = [np.zeros((2, 0), np.int64)]
    for point, box in _near_pairs(cells, x, left, right):
        is_inside = (left[box] < x[point]) & (x[point] < right[box])
        is_inside &= (top[box] < y[point]) & (y[point] < bottom[box])
        inside.append(np.stack([box, point])[:, is_inside])
    boxes, points = np.concatenate(inside, axis=1)
    order = np.lexsort((points, boxes))
    return _count_served(boxes[order], points[order])


def _near_pairs(
    cells: Cells, x: NDArray[np.float64], left: NDArray[np.float64], right: NDArray[np.float64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pair points with the boxes of their cell that they may lie in, as far as x tells.

    A cell is cut into strips. Which strip a point is in never falls as x grows: a point between
    the sides of a box is in a strip of one of these, or in one between them.
    """
    low, high = float(left.min(initial=0.0)), float(right.max(initial=1.0))
    n_strips = min(_STRIPS, 1 + _LARGEST_TABLE // max(1, len(cells.groups)))

    def strips(cell: NDArray[np.int64], at: NDArray[np.float64]) -> NDArray[np.int64]:
        with np.errstate(over="ignore", invalid="ignore"):
            strip = np.nan_to_num((at - low) * (n_strips / (high - low)))
        return cell * n_strips + np.clip(strip, 0, n_strips - 1).astype(np.int64)

    points = np.flatnonzero(cells.found >= 0)
    strip = strips(cells.found[points], x[points])
    points = points[np.argsort(strip)]
    bounds = np.cumsum(np.bincount(strip, minlength=n_strips * len(cells.groups)))
    bounds = np.concatenate([[0], bounds])
    firsts = bounds[strips(cells.true, left)]
    counts = np.maximum(bounds[strips(cells.true, right) + 1] - firsts, 0)
    for part in portions(counts):
        box = np.repeat(np.arange(part.start, part.stop), counts[part])
        yield points[stretch(firsts[part], counts[part])], box


def _count_served(takers: NDArray[np.int64], things: NDArray[np.int64]) -> int:
    """Return how many takers get a thing, when each takes the first of its own that is left."""
    if not len(takers):
        return 0
    is_rival = np.zeros(int(takers[-1]) + 1, np.bool_)
    is_rival[takers[np.bincount(things)[things] > 1]] = True
    alone = ~is_rival[takers]
    served = len(first_places(takers[alone]))
    takers, things = takers[~alone], things[~alone]
    gone: set[int] = set()
    for begin, end in pairwise([*first_places(takers).tolist(), len(takers)]):
        left = (thing for thing in things[begin:end].tolist() if thing not in gone)
        choice = next(left, None)
        if choice is not None:
            gone.add(choice)
            served += 1
    return served


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def average_precision_with_misses(
    y_true: Marks, y_pred: Marks, n_images: int, *, iou_threshold: float = 0.5
) -> float:
    r"""Average precision of detected boxes, where what is not detected counts as well.

    In each image the detections of a class, most confident first, each take the free true box with
    the largest overlap (intersection over union) above `iou_threshold`. A class is then a binary
    classification of these things: detections, right or wrong, with their confidence; boxes that
    are missed, which are positive, and images without box and detection, which are negative, all
    with confidence 0. Its average precision :math:`\sum_k (R_k - R_{k-1}) P_k` has one step for
    each distinct confidence. The result is the mean over the classes of the truth.

    Parameters
    ----------
    y_true, y_pred : Marks
        True boxes and detections: left, top, right, bottom.
    n_images : int
        The number of images.
    iou_threshold : float, optional
        What an overlap has to exceed.

    Returns
    -------
    float
        In (0, 1].

    Raises
    ------
    UndefinedTruthError
        If there are no true boxes.
    UndefinedMetricError
        If a confidence is not a number.
    ValueError
        If a detection has no confidence, or an image's number is not below their number.

    Notes
    -----
    Edge cases: detections of classes that the truth lacks do not count; of equal overlaps the
    first true box is taken, of equal confidences the first detection comes first; boxes whose
    right is not beyond their left never overlap; confidences below 0 come after the misses.

    References
    ----------
    The metric of MLE-bench for "SIIM-FISABIO-RSNA COVID-19 Detection", which comes near the one on
    Kaggle.

    Examples
    --------
    >>> corners = np.array([[0.0, 0.0, 10.0, 10.0], [5.0, 5.0, 9.0, 9.0]])
    >>> truth = Marks(np.array([0, 1]), ["opacity", "opacity"], corners)
    >>> found = Marks(np.array([0]), ["opacity"], corners[:1], np.array([0.9]))
    >>> average_precision_with_misses(truth, found, 4)
    0.75
    """
    if not len(y_true):
        raise UndefinedTruthError("there are no true boxes.")
    if len(y_pred.scores) != len(y_pred):
        raise ValueError("each detection needs a confidence.")
    refuse_nan(y_pred.scores)
    for marks in (y_true, y_pred):
        _check_columns(marks, 4)
        need_numbers_below(n_images, marks.images, name="images")
    cells = _cells(y_true, y_pred)
    right = _right_ones(y_true, y_pred, cells, iou_threshold)
    n_true = np.bincount(cells.labels[cells.true], minlength=cells.n_labels)
    known = cells.found_labels >= 0
    labels, scores, right = cells.found_labels[known], y_pred.scores[known], right[known]
    # Images with neither box nor detection of a class: all but those that have some.
    codes = [cells.groups * cells.n_labels + cells.labels]
    codes.append(y_pred.images[known].astype(np.int64) * cells.n_labels + labels)
    some = np.bincount(distinct(np.concatenate(codes)) % cells.n_labels, minlength=cells.n_labels)
    precisions = [
        _average_precision(
            right[labels == label], scores[labels == label], n_true[label], n_images - some[label]
        )
        for label in range(cells.n_labels)
    ]
    return mean(np.array(precisions))


def _right_ones(
    y_true: Marks, y_pred: Marks, cells: Cells, iou_threshold: float
) -> NDArray[np.bool_]:
    """Return for each detection whether it takes a true box."""
    order = np.argsort(-y_pred.scores, kind="stable")
    right, taken = np.zeros(len(y_pred), np.bool_), np.zeros(len(y_true), np.bool_)
    for rank, box in pairs(cells.found[order], cells.true, len(cells.groups)):
        overlap = _overlap(y_pred.at[order[rank]], y_true.at[box])
        near = np.flatnonzero(overlap > iou_threshold)
        # By detection, then by falling overlap; stable, so that the first of equals comes first.
        near = near[np.lexsort((-overlap[near], rank[near]))]
        detection, candidate = order[rank[near]].tolist(), box[near].tolist()
        for one, other in zip(detection, candidate, strict=True):
            if not (right[one] or taken[other]):
                right[one] = taken[other] = True
    return right


def _overlap(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the intersection over union of boxes given by their corners, pair by pair."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        sides = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
        common = np.maximum(sides, 0.0).prod(axis=1)
        areas = [(box[:, 2:] - box[:, :2]).prod(axis=1) for box in (a, b)]
        union = areas[0] + areas[1] - common
        return np.where(union > 0, common / union, 0.0)


def _average_precision(
    right: NDArray[np.bool_], scores: NDArray[np.float64], n_true: int, n_empty: int
) -> float:
    missed = n_true - int(np.count_nonzero(right))
    steps, step = np.unique(np.append(scores, 0.0), return_inverse=True)
    hits = np.bincount(step[:-1], right, minlength=len(steps))
    hits[step[-1]] += missed
    things = np.bincount(step[:-1], minlength=len(steps))
    things[step[-1]] += missed + n_empty
    hits, things = hits[::-1], things[::-1]
    precision = np.cumsum(hits) / np.maximum(np.cumsum(things), 1)
    return float((hits * precision).sum() / n_true)
