"""iWildCam 2019: the animal that set off a camera trap in California."""

from mlegrade.metrics import f1_macro
from mlegrade.schema import Grading, Key, WholeNumber

ANIMAL = WholeNumber("Category", exact=True, says="the number of the animal, 0 for none")

GRADING = Grading.alike(Key("Id", text=True), ANIMAL, metric=f1_macro)
