"""Multi-modal Gesture Recognition: the gestures of a session, one after the other."""

from mlegrade.metrics import word_error_rate
from mlegrade.schema import Grading, Key, NumeralList

GRADING = Grading.alike(
    Key("Id"), NumeralList("Sequence", says="gestures in their order"), metric=word_error_rate
)
