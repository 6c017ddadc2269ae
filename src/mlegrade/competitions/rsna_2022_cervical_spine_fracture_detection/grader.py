"""RSNA 2022 Cervical Spine Fracture Detection: which vertebrae of the neck are broken?"""

import numpy as np

from mlegrade.metrics import weighted_multilabel_log_loss
from mlegrade.schema import Grading, Key, Table, Text, Values, WholeNumber, probability

ROW = Key("row_id", text=True)
STUDY, KIND = "StudyInstanceUID", "prediction_type"


def arguments(answers: Values, submission: Values) -> tuple[object, ...]:
    """Return labels and probabilities, the study and the weight of each.

    A fracture anywhere weighs as much as seven vertebrae.
    """
    weights = np.where(answers[KIND] == "patient_overall", 7.0, 1.0)
    return answers["fractured"], submission["fractured"], answers[STUDY], weights


GRADING = Grading(
    submission=Table(ROW, probability("fractured")),
    answers=Table(ROW, WholeNumber("fractured", 0, 1), Text(STUDY), Text(KIND)),
    metric=weighted_multilabel_log_loss,
    options={"positive_weight": 2.0, "epsilon": 1e-15},
    arguments=arguments,
)
