"""SETI Breakthrough Listen: is there a signal from elsewhere in a snippet of radio data?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

# Some ids look like numbers, 00000000012e456 for example; they are text.
GRADING = Grading.binary(Key("id", text=True), "target", metric=roc_auc, says="there is a signal")
