"""Lyft 3D Object Detection: the road users around a car, as boxes in space."""

from mlegrade.formats import Groups
from mlegrade.metrics import Boxes3D, mean_average_precision_3d
from mlegrade.schema import Grading, GroupList, Key, Table, Values

SIZES = ("width", "length", "height")
GEOMETRY = ("center_x", "center_y", "center_z", *SIZES, "yaw")


def boxes(groups: Groups) -> Boxes3D:
    """Return the boxes of all samples."""
    return Boxes3D(groups.owner, groups.labels, groups.numbers[:, 1:], groups.numbers[:, 0])


def arguments(answers: Values, submission: Values) -> tuple[object, ...]:
    """Return true and predicted boxes, and the number of samples."""
    return boxes(answers.only), boxes(submission.only), answers.only.n_cells


SAMPLES = Table(
    Key("Id", text=True),
    GroupList(
        "PredictionString",
        tokens=("confidence", *GEOMETRY, "class_name"),
        label="class_name",
        positive=SIZES,
        separator=" ",
    ),
)

GRADING = Grading(
    submission=SAMPLES, answers=SAMPLES, metric=mean_average_precision_3d, arguments=arguments
)
