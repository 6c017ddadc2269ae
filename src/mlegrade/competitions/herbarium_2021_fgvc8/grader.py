"""Herbarium 2021: the species of a pressed plant from five collections."""

from mlegrade.metrics import f1_macro
from mlegrade.schema import Grading, Key, WholeNumber

GRADING = Grading.alike(
    Key("Id"), WholeNumber("Predicted", says="the category id of the species"), metric=f1_macro
)
