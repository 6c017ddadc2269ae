"""RSNA-MICCAI Brain Tumor: is the promoter of MGMT methylated, by scans of the tumour?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

# Subjects are numbers here: 00021 and 21 are the same one.
GRADING = Grading.binary(
    Key("BraTS21ID"), "MGMT_value", metric=roc_auc, says="the promoter is methylated"
)
