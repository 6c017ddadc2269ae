"""Herbarium 2022: the taxon of a pressed plant from North America."""

from mlegrade.metrics import f1_macro
from mlegrade.schema import Grading, Key, WholeNumber

TAXON = WholeNumber("Predicted", exact=True, says="the category id of the taxon")

GRADING = Grading.alike(Key("Id"), TAXON, metric=f1_macro)
