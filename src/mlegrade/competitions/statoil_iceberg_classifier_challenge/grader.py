"""Statoil/C-CORE Iceberg Classifier: ship or iceberg, on a radar picture?"""

from mlegrade.metrics import log_loss
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(
    Key("id", text=True), "is_iceberg", metric=log_loss, says="it is an iceberg"
)
