"""Plant Seedlings Classification: the species of a young plant, seen from above."""

from mlegrade.metrics import accuracy
from mlegrade.schema import ClassName, Grading, Key

SPECIES = ClassName("species", says="the name of the species")

# The reference's micro F1 is plain accuracy where every image has one species.
GRADING = Grading.alike(Key("file", text=True), SPECIES, metric=accuracy)
