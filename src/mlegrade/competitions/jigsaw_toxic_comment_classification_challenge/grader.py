"""Toxic Comment Classification: six kinds of toxicity in comments on Wikipedia's talk pages."""

from collections.abc import Iterator

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key, Numbers, Table, Values, WholeNumber

COMMENT = Key("id", text=True)
KINDS = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")


def other_column_order(answers: Values, submission: Values) -> Iterator[str]:
    """Warn where the reference would grade kinds against others."""
    del answers
    if tuple(name for name in submission.columns if name in KINDS) != KINDS:
        yield (
            "the columns are not in the order of the sample submission; they were taken by name, "
            "but MLE-bench takes them by position and gives another score."
        )


GRADING = Grading(
    submission=Table(COMMENT, Numbers(KINDS), extra_columns=False),
    answers=Table(COMMENT, Numbers(KINDS, WholeNumber("", -1, 1))),
    metric=roc_auc,
    scored=lambda answers: answers.only.sum(axis=1) >= 0,
    remarks=other_column_order,
)
