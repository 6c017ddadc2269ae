"""Vesuvius Challenge: the ink on a carbonised papyrus."""

from mlegrade.metrics import mask_fbeta
from mlegrade.schema import Grading, Key, RunLengths, Table

INK = RunLengths("Predicted", height="height", width="width", row_major=True, empty=None)

GRADING = Grading(
    submission=Table(Key("Id", text=True), INK, extra_columns=False),
    answers=Table(Key("Id", text=True), INK),
    metric=mask_fbeta,
    options={"beta": 0.5},
)
