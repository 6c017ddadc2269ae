"""NFL Player Contact Detection: which players touch each other or the ground?"""

from mlegrade.metrics import matthews_corrcoef
from mlegrade.schema import Grading, Key, WholeNumber

GRADING = Grading.alike(
    Key("contact_id", text=True),
    WholeNumber("contact", 0, 1, says="1 for a contact, else 0"),
    metric=matthews_corrcoef,
)
