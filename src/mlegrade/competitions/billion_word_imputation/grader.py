"""Billion Word Imputation: put the missing word back into a sentence."""

from mlegrade.metrics import mean_levenshtein
from mlegrade.schema import Grading, Key, Text

GRADING = Grading.alike(
    Key("id"), Text("sentence", says="the complete sentence"), metric=mean_levenshtein
)
