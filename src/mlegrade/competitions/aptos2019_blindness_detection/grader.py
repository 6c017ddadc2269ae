"""APTOS 2019 Blindness Detection: how far has diabetes damaged this retina?"""

from mlegrade.metrics import quadratic_weighted_kappa
from mlegrade.schema import Grading, Key, WholeNumber

GRADES = WholeNumber("diagnosis", 0, 4, says="the grade, from 0 (none) to 4 (proliferative)")

# As in the reference, grades that occur on neither side do not widen the distance of the others.
GRADING = Grading.alike(
    Key("id_code", text=True), GRADES, metric=quadratic_weighted_kappa, options={"by_rank": True}
)
