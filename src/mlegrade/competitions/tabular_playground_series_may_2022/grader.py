"""Tabular Playground Series, May 2022: in which of two states is a machine?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(Key("id"), "target", metric=roc_auc, says="the machine is in state 1")
