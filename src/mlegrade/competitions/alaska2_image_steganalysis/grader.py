"""ALASKA2 Image Steganalysis: does a photograph carry a hidden message?"""

from mlegrade.metrics import weighted_roc_auc
from mlegrade.schema import Grading, Key, Number, Table, WholeNumber

IMAGE = Key("Id", text=True)

GRADING = Grading(
    submission=Table(IMAGE, Number("Label", says="a finite number, higher for a hidden message")),
    answers=Table(IMAGE, WholeNumber("Label", 0, 1)),
    metric=weighted_roc_auc,
    options={"tpr_thresholds": (0.0, 0.4, 1.0), "weights": (2.0, 1.0)},
)
