"""The ICML 2013 Whale Challenge: does a right whale call in a short recording?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(
    Key("clip", text=True), "probability", metric=roc_auc, says="there is a call"
)
