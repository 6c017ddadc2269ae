"""Text Normalization, English: how is a written token spoken?"""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, Text

# A missing cell is the word "nan" on both sides, and so are the tokens that look missing.
SPOKEN = Text("after", missing_as="nan", says="the spoken form")

GRADING = Grading.alike(Key("id", text=True), SPOKEN, metric=accuracy)
