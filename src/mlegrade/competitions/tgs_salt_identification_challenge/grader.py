"""TGS Salt Identification: the salt in small seismic images."""

import numpy as np

from mlegrade.metrics import intersection_areas, iou_threshold_score
from mlegrade.schema import Grading, Key, RunLengths, Table, Values

SIDE = 101
MASKS = Table(Key("id", text=True), RunLengths("rle_mask", SIDE, SIDE), extra_columns=False)


def overlaps(answers: Values, submission: Values) -> tuple[object, object]:
    """Return intersection and union of every image.

    An empty prediction against some salt counts as a prediction of the whole image, as in the
    reference; against no salt it is right: one pixel of one.
    """
    truth, predicted = answers["rle_mask"], submission["rle_mask"]
    intersection = intersection_areas(truth, predicted)
    union = truth.areas() + predicted.areas() - intersection
    nothing_predicted = predicted.areas() == 0
    intersection = np.where(nothing_predicted, truth.areas(), intersection)
    union = np.where(nothing_predicted, SIDE * SIDE, union)
    both_empty = nothing_predicted & (truth.areas() == 0)
    return np.where(both_empty, 1, intersection), np.where(both_empty, 1, union)


GRADING = Grading(submission=MASKS, answers=MASKS, metric=iou_threshold_score, arguments=overlaps)
