"""Invasive Species Monitoring: does the invasive hydrangea grow on a photograph of a forest?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(
    Key("name"), "invasive", metric=roc_auc, says="the species is on the photograph"
)
