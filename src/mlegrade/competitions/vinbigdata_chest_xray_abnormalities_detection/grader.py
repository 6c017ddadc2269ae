"""VinBigData Chest X-ray: the abnormalities on a radiograph, as boxes with a class."""

import numpy as np
from numpy.typing import NDArray

from mlegrade.metrics import Boxes, coco_mean_average_precision
from mlegrade.schema import Grading, GroupList, Key, Numbers, Table, Values, WholeNumber

CORNERS = ("x_min", "y_min", "x_max", "y_max")
CLASS = (0, 14)


def areas(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the areas of boxes."""
    return (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])


def arguments(answers: Values, submission: Values) -> tuple[Boxes, Boxes]:
    """Return true boxes and detections as the reference makes them of corners.

    It hands corners to COCO's procedure as left, top, width and height, which is wrong, but with
    the true areas; and it numbers boxes from 0 in the order of their files, though that procedure
    takes 0 for "no match". Both change every score and are kept for it.
    """
    corners = answers["values"]
    ids = np.arange(len(corners))
    truth = Boxes.of(answers.owner, answers["class_id"], corners, areas=areas(corners), ids=ids)

    found = submission["PredictionString"]
    labels, scores, corners = found.numbers[:, 0], found.numbers[:, 1], found.numbers[:, 2:]
    ids = np.argsort(np.argsort(submission.place_in_file(found.owner), kind="stable"))
    return truth, Boxes.of(
        found.owner, labels, corners, areas=areas(corners), ids=ids, scores=scores
    )


GRADING = Grading(
    submission=Table(
        Key("image_id", text=True),
        GroupList(
            "PredictionString",
            tokens=("class", "confidence", *CORNERS),
            integers={"class": CLASS},
            ascending=(("x_min", "x_max"), ("y_min", "y_max")),
            may_be_empty=False,
            blank_is_empty=False,
        ),
    ),
    answers=Table(
        Key("image_id", text=True, repeats=True), WholeNumber("class_id", *CLASS), Numbers(CORNERS)
    ),
    metric=coco_mean_average_precision,
    options={"iou_threshold": 0.4},
    arguments=arguments,
)
