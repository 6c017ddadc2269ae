"""Hindi and Tamil Question Answering: the passage of an article that answers a question."""

from mlegrade.metrics import word_jaccard
from mlegrade.schema import Grading, Key, Text

GRADING = Grading.alike(
    Key("id", text=True),
    Text("PredictionString", missing_as="", says="the answer, as it stands in the article"),
    metric=word_jaccard,
    options={"both_empty": 0.0},
)
