"""iMet Collection 2020: the attributes of a work of art, from a photograph."""

from mlegrade.metrics import f1_micro
from mlegrade.schema import Grading, Key, LabelSet

# Numbers compare as text: 007 is not 7. In the reference, those that no answer has cost nothing.
ATTRIBUTES = LabelSet("attribute_ids", digits=True, says="numbers of attributes")

GRADING = Grading.alike(
    Key("id", text=True), ATTRIBUTES, metric=f1_micro, options={"true_labels_only": True}
)
