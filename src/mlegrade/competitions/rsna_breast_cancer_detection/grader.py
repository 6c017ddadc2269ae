"""RSNA Breast Cancer Detection: is there a malignant tumour in a breast, by its mammograms?"""

from mlegrade.metrics import probabilistic_f1
from mlegrade.schema import Grading, Key, Number, Table, WholeNumber

BREAST = Key("prediction_id", text=True)

GRADING = Grading(
    submission=Table(BREAST, Number("cancer", says="a probability; clipped to 0 and 1")),
    answers=Table(BREAST, WholeNumber("cancer", 0, 1)),
    metric=probabilistic_f1,
)
