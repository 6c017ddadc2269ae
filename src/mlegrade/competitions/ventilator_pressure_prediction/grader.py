"""Ventilator Pressure Prediction: the pressure in an artificial lung, breath after breath."""

from mlegrade.metrics import mean_absolute_error
from mlegrade.schema import Grading, Key, Number, Table

PRESSURE = Number(
    "pressure", no_text=True, says="the pressure in cmH2O; while breathing out it does not count"
)

GRADING = Grading(
    submission=Table(Key("id"), PRESSURE),
    answers=Table(Key("id"), PRESSURE, Number("u_out")),
    scored=lambda answers: answers["u_out"] == 0,
    metric=mean_absolute_error,
)
