"""RANZCR CLiP: do tubes and catheters lie where they should, on a chest X-ray?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key, Numbers, Table, WholeNumber, probability

STUDY = Key("StudyInstanceUID", text=True)

# The answers know two more findings, but the sample submission does not, and they do not count.
FINDINGS = (
    *("ETT - Abnormal", "ETT - Borderline", "ETT - Normal"),
    *("NGT - Abnormal", "NGT - Borderline", "NGT - Incompletely Imaged", "NGT - Normal"),
    *("CVC - Abnormal", "CVC - Borderline"),
)

GRADING = Grading(
    submission=Table(STUDY, Numbers(FINDINGS, probability(""))),
    answers=Table(STUDY, Numbers(FINDINGS, WholeNumber("", 0, 1))),
    metric=roc_auc,
)
