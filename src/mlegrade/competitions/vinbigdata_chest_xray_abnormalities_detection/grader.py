"""VinBigData Chest X-ray: the abnormalities on a radiograph, as boxes with a class."""

import numpy as np

from mlegrade.metrics import Boxes, coco_mean_average_precision
from mlegrade.schema import Grading, GroupList, Key, Numbers, Table, Values, WholeNumber

CORNERS = ("x_min", "y_min", "x_max", "y_max")
CLASS = (0, 14)


def boxes(images: object, labels: object, corners: np.ndarray, **more: object) -> Boxes:
    """Return boxes as the reference makes them of corners.

    It hands them to COCO's procedure as left, top, width and height, which is wrong, but with the
    true areas; and it numbers boxes from 0, which that procedure takes for "no match". Both change
    every score and are kept for it.
    """
    areas = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    return Boxes.of(images, labels, corners, areas=areas, **{"ids": np.arange(len(areas)), **more})


def arguments(answers: Values, submission: Values) -> tuple[Boxes, Boxes]:
    """Return true boxes and detections, numbered in the order of their files."""
    found = submission["PredictionString"]
    row = found.owner if submission.order is None else submission.order[found.owner]
    ids = np.empty(len(row), np.int64)
    ids[np.argsort(row, kind="stable")] = np.arange(len(row))
    label, score, corners = found.numbers[:, 0], found.numbers[:, 1], found.numbers[:, 2:]
    truth = boxes(answers.owner, answers["class_id"], answers["values"])
    return truth, boxes(found.owner, label, corners, scores=score, ids=ids)


GRADING = Grading(
    submission=Table(
        Key("image_id", text=True),
        GroupList(
            "PredictionString",
            tokens=("class", "confidence", *CORNERS),
            integers={"class": CLASS},
            ascending=(("x_min", "x_max"), ("y_min", "y_max")),
            may_be_empty=False,
        ),
    ),
    answers=Table(
        Key("image_id", text=True, repeats=True), WholeNumber("class_id", *CLASS), Numbers(CORNERS)
    ),
    metric=coco_mean_average_precision,
    options={"iou_threshold": 0.4},
    arguments=arguments,
)
