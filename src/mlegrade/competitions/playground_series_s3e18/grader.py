"""Playground Series S3E18: which classes of enzymes accept a molecule as a substrate?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key, Numbers, Table, WholeNumber

ENZYMES = ("EC1", "EC2")

GRADING = Grading(
    submission=Table(Key("id"), Numbers(ENZYMES)),
    answers=Table(Key("id"), Numbers(ENZYMES, WholeNumber("", 0, 1))),
    metric=roc_auc,
)
