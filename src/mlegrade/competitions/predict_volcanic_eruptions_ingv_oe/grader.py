"""INGV Volcanic Eruption Prediction: how long until the next eruption?"""

from mlegrade.metrics import mean_absolute_error
from mlegrade.schema import Grading, Key, Number

GRADING = Grading.alike(
    Key("segment_id"), Number("time_to_eruption"), metric=mean_absolute_error, decimals=0
)
