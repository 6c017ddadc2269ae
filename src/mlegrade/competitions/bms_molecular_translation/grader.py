"""Bristol-Myers Squibb Molecular Translation: the InChI string of a drawn molecule."""

from mlegrade.metrics import mean_levenshtein
from mlegrade.schema import Grading, Key, Table, Text

MOLECULES = Table(Key("image_id", text=True), Text("InChI", says="the InChI string"))

GRADING = Grading(submission=MOLECULES, answers=MOLECULES, metric=mean_levenshtein)
