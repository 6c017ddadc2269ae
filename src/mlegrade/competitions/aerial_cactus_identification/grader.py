"""Aerial Cactus Identification: is there a cactus on a small aerial photograph?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(
    Key("id", text=True), "has_cactus", metric=roc_auc, says="there is a cactus"
)
