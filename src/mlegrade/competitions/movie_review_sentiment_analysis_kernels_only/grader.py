"""Movie Review Sentiment Analysis: how positive is a phrase of a film review?"""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, WholeNumber

GRADING = Grading.alike(
    Key("PhraseId"),
    WholeNumber("Sentiment", says="from 0 (negative) to 4 (positive)"),
    metric=accuracy,
)
