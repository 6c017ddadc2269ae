"""iWildCam 2020: the species that set off a camera trap at a new place."""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, WholeNumber

SPECIES = WholeNumber("Category", says="the category of the species, 0 for none")

GRADING = Grading.alike(Key("Id", text=True), SPECIES, metric=accuracy)
