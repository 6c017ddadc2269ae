"""TensorFlow Speech Recognition: the word in a clip of one second."""

from mlegrade.metrics import accuracy
from mlegrade.schema import ClassName, Grading, Key

GRADING = Grading.alike(
    Key("fname", text=True), ClassName("label", says="the word that is spoken"), metric=accuracy
)
