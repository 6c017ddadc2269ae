"""Plant Pathology 2020: the state of an apple leaf on a photograph."""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key, Numbers, Table, WholeNumber

LEAF = Key("image_id", text=True)
STATES = ("healthy", "multiple_diseases", "rust", "scab")

GRADING = Grading(
    submission=Table(LEAF, Numbers(STATES), extra_columns=False),
    answers=Table(LEAF, Numbers(STATES, WholeNumber("", 0, 1))),
    metric=roc_auc,
)
