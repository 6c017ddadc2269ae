"""ML2021Spring HW2: the phoneme in a frame of speech."""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, WholeNumber

PHONEME = WholeNumber("ClassId", says="the class of the phoneme, from 0 to 38")

GRADING = Grading.alike(Key("Id"), PHONEME, metric=accuracy)
