"""Bristol-Myers Squibb Molecular Translation: the InChI string of a drawn molecule."""

from mlegrade.metrics import mean_levenshtein
from mlegrade.schema import Grading, Key, Text

GRADING = Grading.alike(
    Key("image_id", text=True), Text("InChI", says="the InChI string"), metric=mean_levenshtein
)
