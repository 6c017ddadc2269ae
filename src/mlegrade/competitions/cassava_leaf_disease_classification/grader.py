"""Cassava Leaf Disease Classification: which disease does this plant have?"""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, WholeNumber

LABEL = WholeNumber("label", says="the class, from 0 to 4")

GRADING = Grading.alike(Key("image_id", text=True), LABEL, metric=accuracy)
