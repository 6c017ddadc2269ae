"""MLSP 2013 Birds: which of 19 bird species are to be heard in ten seconds of forest?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

# One row a pair of recording and species; all pairs share one curve.
GRADING = Grading.binary(
    Key("Id"), "Probability", metric=roc_auc, says="the species is to be heard"
)
