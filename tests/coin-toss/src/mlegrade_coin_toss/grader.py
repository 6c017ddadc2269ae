"""Coin Toss."""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, WholeNumber

GRADING = Grading.alike(
    Key("id"),
    WholeNumber("heads", 0, 1),
    metric=accuracy,
)
