"""Gradings of a shape that many competitions share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade.schema.declaration import Grading
from mlegrade.schema.fields import WholeNumber, probability
from mlegrade.schema.table import Table

if TYPE_CHECKING:
    from mlegrade.metrics import Metric
    from mlegrade.schema.keys import Key

__all__ = ["binary_grading"]


def binary_grading(key: Key, label: str, *, metric: Metric, says: str) -> Grading:
    """Return the grading of one probability a row against a label that is 0 or 1.

    Parameters
    ----------
    key : Key
        The columns by which rows belong together.
    label : str
        The column of the label in the answers, and of its probability in a submission.
    metric : Metric
        The metric, such as `roc_auc` or `log_loss`.
    says : str
        What the label 1 means, for the documentation: "the probability that ...".
    """
    return Grading(
        submission=Table(key, probability(label, f"the probability that {says}, from 0 to 1")),
        answers=Table(key, WholeNumber(label, 0, 1)),
        metric=metric,
    )
