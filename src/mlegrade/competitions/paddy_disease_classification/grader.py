"""Paddy Doctor: the disease of a rice plant, from a photograph of its leaves."""

from mlegrade.metrics import accuracy
from mlegrade.schema import ClassName, Grading, Key

# The sample submission has no labels at all: it is valid, and wrong.
DISEASE = ClassName("label", missing_as="", says="the name of the disease, or normal")

GRADING = Grading.alike(Key("image_id", text=True), DISEASE, metric=accuracy)
