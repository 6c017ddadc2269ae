"""SIIM-ISIC Melanoma Classification: is a lesion of the skin malignant?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(
    Key("image_name", text=True), "target", metric=roc_auc, says="the lesion is malignant"
)
