"""New York City Taxi Fare Prediction: what does a ride cost?"""

from mlegrade.metrics import root_mean_squared_error
from mlegrade.schema import Grading, Key, Number

GRADING = Grading.alike(
    Key("key", text=True),
    Number("fare_amount", says="the fare in dollars"),
    metric=root_mean_squared_error,
)
