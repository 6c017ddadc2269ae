"""Histopathologic Cancer Detection: is there a tumour in the centre of a microscope picture?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(
    Key("id", text=True), "label", metric=roc_auc, says="there is tumour tissue in the centre"
)
