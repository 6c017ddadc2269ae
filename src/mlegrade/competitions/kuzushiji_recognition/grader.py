"""Kuzushiji Recognition: the characters on the pages of old Japanese books."""

from mlegrade.metrics import Marks, point_in_box_f1
from mlegrade.schema import Grading, GroupList, Key, Table, Values

PAGES = Key("image_id", text=True)


def characters(*tokens: str) -> GroupList:
    """Return the field of all characters on a page."""
    return GroupList(
        "labels", ("character", *tokens), label="character", separator=" ", blank_is_empty=False
    )


def arguments(answers: Values, submission: Values) -> tuple[Marks, Marks]:
    """Return the true boxes and the predicted points."""
    boxes, points = answers["labels"], submission["labels"]
    return (
        Marks(boxes.owner, boxes.labels, boxes.numbers),
        Marks(points.owner, points.labels, points.numbers),
    )


GRADING = Grading(
    submission=Table(PAGES, characters("x", "y")),
    answers=Table(PAGES, characters("x", "y", "width", "height")),
    metric=point_in_box_f1,
    arguments=arguments,
)
