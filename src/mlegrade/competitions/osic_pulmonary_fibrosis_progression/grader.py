"""OSIC Pulmonary Fibrosis Progression: how the lung capacity of a patient goes on."""

import math

import numpy as np

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics import laplace_log_likelihood
from mlegrade.schema import Grading, Key, Number, Table, Text, Values

ROWS = Key("Patient_Week", text=True)
LAST = 3


def last_weeks(answers: Values, submission: Values) -> tuple[object, ...]:
    """Return capacity, prediction and confidence in the last measured weeks of each patient."""
    measured = np.flatnonzero(~np.isnan(answers["FVC"]))
    try:
        patients, weeks = zip(
            *(name.rsplit("_", 1) for name in answers["Patient_Week"][measured]), strict=True
        )
        week = np.array(weeks, np.int64)
    except ValueError as error:
        raise UndefinedTruthError("no week is measured, or one has no number.") from error
    _, patient = np.unique(patients, return_inverse=True)
    order = np.lexsort((week, patient))
    later = np.full(len(order) + LAST, -1)  # the patient three rows further on
    later[: len(order)] = patient[order]
    graded = measured[order[later[LAST:] != later[:-LAST]]]
    return tuple(
        values[graded] for values in (answers["FVC"], submission["FVC"], submission["Confidence"])
    )


GRADING = Grading(
    submission=Table(
        ROWS,
        Number("FVC", says="the forced vital capacity in millilitres"),
        Number("Confidence", missing_as=0.0, says="its standard deviation; empty means 0"),
    ),
    answers=Table(ROWS, Text("Patient_Week"), Number("FVC", missing_as=math.nan)),
    metric=laplace_log_likelihood,
    arguments=last_weeks,
    options={"least_sigma": 70.0, "largest_error": 1000.0},
)
