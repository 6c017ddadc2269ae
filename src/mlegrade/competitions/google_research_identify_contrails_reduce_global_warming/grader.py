"""Identify Contrails: the condensation trails on a satellite's picture."""

from mlegrade.metrics import global_dice
from mlegrade.schema import Grading, Key, RunLengths

GRADING = Grading.alike(
    Key("record_id"),
    RunLengths("encoded_pixels", "height", "width", empty="-"),
    metric=global_dice,
)
