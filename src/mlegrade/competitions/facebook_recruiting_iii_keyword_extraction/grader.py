"""Facebook Recruiting III: the tags of a question on Stack Exchange."""

from mlegrade.metrics import f1_micro
from mlegrade.schema import Grading, Key, LabelSet

GRADING = Grading.alike(
    Key("Id"),
    LabelSet("Tags", says="tags"),
    metric=f1_micro,
    # Tags that no answer has cost nothing in the reference.
    options={"true_labels_only": True, "zero_division": 0.0},
)
