"""Random Acts of Pizza: did somebody who asked strangers for a pizza get one?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(
    Key("request_id", text=True),
    "requester_received_pizza",
    metric=roc_auc,
    says="the requester got a pizza",
)
