"""iNaturalist 2019: the species in the photograph of a citizen scientist."""

from mlegrade.metrics import classification_error
from mlegrade.schema import FirstInteger, Grading, Key

GRADING = Grading.alike(
    Key("id"), FirstInteger("predicted", says="class ids"), metric=classification_error
)
