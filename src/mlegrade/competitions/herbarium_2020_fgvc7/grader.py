"""Herbarium 2020: the species of a pressed plant from New York's collection."""

from mlegrade.metrics import f1_macro
from mlegrade.schema import Grading, Key, WholeNumber

SPECIES = WholeNumber("Predicted", exact=True, says="the category id of the species")

GRADING = Grading.alike(Key("Id"), SPECIES, metric=f1_macro)
