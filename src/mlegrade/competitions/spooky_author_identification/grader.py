"""Spooky Author Identification: which of three authors wrote this sentence?"""

from mlegrade.metrics import log_loss
from mlegrade.schema import Grading, Key, OneHot, Probabilities, Table

AUTHORS = ("EAP", "HPL", "MWS")

GRADING = Grading(
    submission=Table(Key("id", text=True), Probabilities(AUTHORS), extra_columns=False),
    answers=Table(Key("id", text=True), OneHot(AUTHORS)),
    metric=log_loss,
)
