"""Tweet Sentiment Extraction: the words that carry the sentiment of a tweet."""

from mlegrade.metrics import word_jaccard
from mlegrade.schema import Grading, Key, Text

PASSAGE = Text("selected_text", missing_as="", says="a part of the tweet")

# The reference fails where neither side has a word; here such a row is right.
GRADING = Grading.alike(
    Key("textID", text=True), PASSAGE, metric=word_jaccard, options={"both_empty": 1.0}
)
