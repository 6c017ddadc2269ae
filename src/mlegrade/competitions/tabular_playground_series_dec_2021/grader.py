"""Tabular Playground December 2021: the cover type of a patch of forest."""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, WholeNumber

GRADING = Grading.alike(
    Key("Id"), WholeNumber("Cover_Type", says="the cover type, from 1 to 7"), metric=accuracy
)
