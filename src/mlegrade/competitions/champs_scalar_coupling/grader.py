"""Predicting Molecular Properties: the scalar coupling constants of pairs of atoms."""

from mlegrade.metrics import group_mean_log_mae
from mlegrade.schema import Grading, Key, Number, Table, Text

CONSTANT = Number("scalar_coupling_constant")

GRADING = Grading(
    submission=Table(Key("id"), CONSTANT),
    answers=Table(Key("id"), CONSTANT, Text("type")),
    metric=group_mean_log_mae,
    arguments=lambda answers, submission: (
        answers["scalar_coupling_constant"],
        submission["scalar_coupling_constant"],
        answers["type"],
    ),
)
