"""Metrics on detected objects in images."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics._arrays import (
    distinct,
    doubles,
    first_places,
    integers,
    mean,
    refuse_nan,
    same_columns,
    stretch,
)
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Boxes", "coco_mean_average_precision"]

_LARGEST_AREA = 1e10


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Labelled rectangles in images, in COCO's form.

    Parameters
    ----------
    images : ndarray of int64, shape (m,)
        The image of each box; the order of images is that of these numbers.
    labels : ndarray of int64, shape (m,)
        The class of each box.
    xywh : ndarray of float64, shape (m, 4)
        Left, top, width, height.
    areas : ndarray of float64, shape (m,)
        The area that each box is filed under, which need not be width times height.
    ids : ndarray of int64, shape (m,)
        A number for each box.
    scores : ndarray of float64, shape (m,)
        The confidence of each box; zeros for true ones.
    """

    images: NDArray[np.int64]
    labels: NDArray[np.int64]
    xywh: NDArray[np.float64]
    areas: NDArray[np.float64]
    ids: NDArray[np.int64]
    scores: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        images: ArrayLike,
        labels: ArrayLike,
        xywh: ArrayLike,
        *,
        scores: ArrayLike | None = None,
        areas: ArrayLike | None = None,
        ids: ArrayLike | None = None,
    ) -> Boxes:
        """Make boxes; by default areas are width times height, and ids count from 1."""
        where = integers(images)
        sides = doubles(xywh).reshape(len(where), 4)
        return cls(
            where,
            integers(labels),
            sides,
            sides[:, 2] * sides[:, 3] if areas is None else doubles(areas),
            np.arange(1, len(where) + 1) if ids is None else integers(ids),
            np.zeros(len(where)) if scores is None else doubles(scores),
        )

    def __post_init__(self) -> None:
        same_columns(self.images, self.labels, self.xywh, self.areas, self.ids, self.scores)

    def __len__(self) -> int:
        """Return the number of boxes."""
        return len(self.images)

    def take(self, places: NDArray[np.int64]) -> Boxes:
        """Return some of the boxes, in the order given."""
        return Boxes(
            self.images[places],
            self.labels[places],
            self.xywh[places],
            self.areas[places],
            self.ids[places],
            self.scores[places],
        )


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def coco_mean_average_precision(
    y_true: Boxes, y_pred: Boxes, *, iou_threshold: float = 0.5, max_detections: int = 100
) -> float:
    """COCO's average precision at one overlap, averaged over the classes of the truth.

    In each image and class the detections, most confident first, each take the free true box with
    the largest overlap (intersection over union) of at least `iou_threshold`. Per class, precision
    is made monotone and read at the recalls 0, 0.01, ..., 1.

    Parameters
    ----------
    y_true, y_pred : Boxes
        True boxes and detections.
    iou_threshold : float, optional
        The least overlap, in (0, 1].
    max_detections : int, optional
        The detections of an image and class that count; at least 1.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedTruthError
        If there are no true boxes (with an area up to 1e10).
    UndefinedMetricError
        If a confidence is not a number.
    ValueError
        If an option is out of its range.

    Notes
    -----
    Edge cases, all as in pycocotools: detections of classes that the truth lacks do not count;
    boxes with an area below 0 or above 1e10 are ignored unless they match; of equal overlaps the
    later true box is taken; a box whose id is 0 cannot be told from "no match": a detection that
    takes a true box of id 0 is a false one, and a true box taken by a detection of id 0 stays
    free. With ids from 1, the default, nothing of the kind happens.

    References
    ----------
    T.-Y. Lin et al., "Microsoft COCO: common objects in context", 2014; pycocotools' COCOeval.

    Examples
    --------
    >>> truth = Boxes.of([1, 2], [7, 7], [[0, 0, 10, 10], [5, 5, 10, 10]])
    >>> found = Boxes.of([1, 2], [7, 7], [[0, 0, 10, 9], [50, 50, 10, 10]], scores=[0.9, 0.8])
    >>> round(coco_mean_average_precision(truth, found), 6)
    0.50495
    """
    if not 0.0 < iou_threshold <= 1.0 or max_detections < 1:
        raise ValueError("iou_threshold has to be in (0, 1], and max_detections at least 1.")
    refuse_nan(y_pred.scores)
    truth = y_true.take(np.lexsort([_is_ignored(y_true.areas), y_true.images, y_true.labels]))
    found = _best_of_each_image(y_pred, max_detections)
    precisions = []
    matched, ignored = _match(truth, found, iou_threshold)
    for label in distinct(truth.labels):
        n_true = int((~_is_ignored(truth.areas[truth.labels == label])).sum())
        if n_true:
            counts = (found.labels == label) & ~ignored
            order = np.argsort(-found.scores[counts], kind="stable")
            precisions.append(_precision_at_recalls(matched[counts][order], n_true))
    if not precisions:
        raise UndefinedTruthError("there are no true boxes.")
    return mean(np.array(precisions))


def _is_ignored(areas: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (areas < 0) | (areas > _LARGEST_AREA)


def _best_of_each_image(boxes: Boxes, count: int) -> Boxes:
    """Return the most confident boxes of each class and image, sorted by class, image, score."""
    ordered = boxes.take(np.lexsort([-boxes.scores, boxes.images, boxes.labels]))
    cells = first_places_of_cells(ordered)
    sizes = np.diff(np.append(cells, len(ordered)))
    return ordered.take(stretch(cells, np.minimum(sizes, count)))


def first_places_of_cells(boxes: Boxes) -> NDArray[np.int64]:
    """Return where a new pair of class and image begins among sorted boxes."""
    changes = [first_places(boxes.labels), first_places(boxes.images)]
    return distinct(np.concatenate(changes))


def _match(
    truth: Boxes, found: Boxes, iou_threshold: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each detection whether it is right, and whether it does not count."""
    detection, true_box, overlap = _overlapping_pairs(truth, found, iou_threshold)
    ignored = _is_ignored(truth.areas)
    right, passed_over = np.zeros(len(found), np.bool_), _is_ignored(found.areas)
    # A detection and a true box that overlap each other only are a pair, whatever others are.
    alone = (np.bincount(detection)[detection] == 1) & (np.bincount(true_box)[true_box] == 1)
    left = np.flatnonzero(~alone)
    in_turn = _match_in_turn(
        detection[left],
        true_box[left],
        overlap[left],
        ignored=ignored[true_box[left]],
        takes=found.ids[detection[left]] != 0,
    )
    pairs = np.append(np.flatnonzero(alone), left[in_turn])
    ones, boxes = detection[pairs], true_box[pairs]
    right[ones] = truth.ids[boxes] != 0
    passed_over[ones] = ignored[boxes] | (passed_over[ones] & ~right[ones])
    return right, passed_over


def _match_in_turn(
    detection: NDArray[np.int64],
    true_box: NDArray[np.int64],
    overlap: NDArray[np.float64],
    *,
    ignored: NDArray[np.bool_],
    takes: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the pairs in which detections, one after the other, take a true box that is free.

    Parameters
    ----------
    detection, true_box, overlap : ndarray, shape (m,)
        All pairs that overlap enough, in the order of the detections.
    ignored, takes : ndarray of bool, shape (m,)
        Whether the true box of a pair is ignored, and whether its detection keeps others from it.
    """
    bounds = np.append(first_places(detection), len(detection)).tolist()
    # Lists are several times as quick to look at, one value at a time.
    boxes, overlaps, second, keeps = (
        values.tolist() for values in (true_box, overlap, ignored, takes)
    )
    taken: set[int] = set()
    chosen: list[int] = []
    for begin, end in pairwise(bounds):
        best = -1
        for pair in range(begin, end):
            if boxes[pair] in taken or (best >= 0 and second[pair] and not second[best]):
                continue
            if best < 0 or overlaps[pair] >= overlaps[best]:
                best = pair
        if best >= 0:
            chosen.append(best)
            if keeps[best]:
                taken.add(boxes[best])
    return np.array(chosen, np.int64)


def _overlapping_pairs(
    truth: Boxes, found: Boxes, iou_threshold: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the detections and true boxes of one image and class that overlap enough."""
    cells = first_places_of_cells(truth)
    sizes = np.append(np.diff(np.append(cells, len(truth))), 0)
    first = truth.take(cells)
    labels, images = distinct(first.labels), distinct(first.images)
    known, asked = (
        np.searchsorted(labels, boxes.labels) * (len(images) + 1)
        + np.searchsorted(images, boxes.images)
        for boxes in (first, found)
    )
    at = np.searchsorted(known, asked)
    # What is not there has the code of something else, or of nothing.
    is_there = np.append(first.labels, 0)[at] == found.labels
    is_there &= np.append(first.images, 0)[at] == found.images
    cell = np.where(is_there & (at < len(cells)), at, -1)
    counts = sizes[cell]
    detection = np.repeat(np.arange(len(found)), counts)
    true_box = stretch(np.append(cells, 0)[cell], counts)
    overlap = _intersection_over_union(found.xywh[detection], truth.xywh[true_box])
    near = overlap >= min(iou_threshold, 1 - 1e-10)
    return detection[near], true_box[near], overlap[near]


def _intersection_over_union(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the overlap of boxes given as left, top, width, height, pair by pair."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        sides = np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:]) - np.maximum(
            a[:, :2], b[:, :2]
        )
        common = np.where((sides > 0).all(axis=1), sides.prod(axis=1), 0.0)
        union = a[:, 2:].prod(axis=1) + b[:, 2:].prod(axis=1) - common
        return np.where(common > 0, common / union, 0.0)


def _precision_at_recalls(right: NDArray[np.bool_], n_true: int) -> NDArray[np.float64]:
    """Return precision at the 101 recalls for detections in falling order of confidence."""
    hits = np.cumsum(right)
    recall = hits / n_true
    precision = hits / (np.arange(1, len(right) + 1) + np.spacing(1))
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(recall, np.linspace(0.0, 1.0, 101), side="left")
    return np.append(envelope, 0.0)[places]
