"""SIIM-FISABIO-RSNA COVID-19 Detection: what a radiograph of the chest and its study show."""

from mlegrade.formats import Groups
from mlegrade.metrics import Marks, average_precision_with_misses
from mlegrade.schema import Grading, GroupList, Key, Table, Values

CORNERS = ("xmin", "ymin", "xmax", "ymax")
ROWS = Table(
    Key("id", text=True),
    GroupList(
        "PredictionString",
        ("label", "confidence", *CORNERS),
        label="label",
        may_be_empty=False,
        like_python=True,
    ),
)


def marks(groups: Groups) -> Marks:
    """Return the findings of all studies and images."""
    return Marks(groups.owner, groups.labels, groups.numbers[:, 1:], groups.numbers[:, 0])


def arguments(answers: Values, submission: Values) -> tuple[object, ...]:
    """Return true and predicted findings, and the number of studies and images."""
    return marks(answers.only), marks(submission.only), answers.only.n_cells


GRADING = Grading(
    submission=ROWS, answers=ROWS, metric=average_precision_with_misses, arguments=arguments
)
