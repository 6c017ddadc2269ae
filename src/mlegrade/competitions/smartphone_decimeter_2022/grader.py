"""Smartphone Decimeter Challenge 2022: where the phone in the car was, second by second."""

from mlegrade.metrics import haversine_quantile_error
from mlegrade.schema import Given, Grading, Key, Numbers, Table, Text, Values

# Rows of a trip belong together by their order, which the time stamps have to confirm.
TRIPS = Key("tripId", text=True, repeats=True)
PLACE = Numbers(("LatitudeDegrees", "LongitudeDegrees"))


def arguments(answers: Values, submission: Values) -> tuple[object, ...]:
    """Return true and predicted places, and the trip of each."""
    return answers["values"], submission["values"], answers["tripId"]


GRADING = Grading(
    submission=Table(TRIPS, Given("UnixTimeMillis"), PLACE),
    answers=Table(TRIPS, Text("tripId"), PLACE),
    metric=haversine_quantile_error,
    arguments=arguments,
    options={"quantiles": (0.5, 0.95)},
)
