"""Jigsaw Unintended Bias: rate toxicity, but not because a comment mentions a group of people."""

import numpy as np
from numpy.typing import NDArray

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics import metric
from mlegrade.schema import Grading, Key, Number, Numbers, Table, Values

IDENTITIES = (
    *("male", "female", "homosexual_gay_or_lesbian", "christian", "jewish", "muslim"),
    *("black", "white", "psychiatric_or_mental_illness"),
)
CUT = 0.5
POWER = -5.0


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def jigsaw_bias_auc(
    y_true: NDArray[np.bool_], y_pred: NDArray[np.bool_], mentions: NDArray[np.bool_]
) -> float:
    """Areas under the ROC curve, over all and over subsets by identity, joined to one number.

    The reference cuts predictions at 0.5 before it draws the curves: each has one corner, and its
    area is the mean of the shares of toxic and of harmless comments that are predicted right.
    """
    of_pair = 2 * y_true + y_pred
    everywhere = np.bincount(of_pair, minlength=4).reshape(2, 2)
    inside = np.array([np.bincount(of_pair[m], minlength=4) for m in mentions.T]).reshape(-1, 2, 2)
    outside = everywhere - inside
    families = (
        inside,
        np.stack([inside[:, 0], outside[:, 1]], axis=1),  # background positive, subgroup negative
        np.stack([outside[:, 0], inside[:, 1]], axis=1),  # background negative, subgroup positive
    )
    bias = sum(power_mean(areas(family)) for family in families)
    return 0.25 * (float(areas(everywhere)) + bias)


def areas(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the area of each table of true by predicted class."""
    of_class = counts.sum(axis=-1)
    if not of_class.all():
        raise UndefinedTruthError("a subset has comments of one class only.")
    right = np.stack([counts[..., 0, 0], counts[..., 1, 1]], axis=-1)
    return np.asarray((right / of_class).mean(axis=-1))


def power_mean(values: NDArray[np.float64]) -> float:
    """Return a mean that leans to the least value; 0, its limit, where that is 0."""
    return 0.0 if not values.all() else float((values**POWER).mean() ** (1.0 / POWER))


def arguments(answers: Values, submission: Values) -> tuple[object, ...]:
    """Return what is toxic, what is predicted to be, and who is mentioned."""
    mentions = answers["values"] >= CUT
    return answers["toxicity"] >= CUT, submission["prediction"] >= CUT, mentions


GRADING = Grading(
    submission=Table(
        Key("id"),
        Number("prediction", says="a number; from 0.5 on the comment is toxic"),
        aliases={"toxicity": "prediction"},
    ),
    answers=Table(Key("id"), Number("toxicity"), Numbers(IDENTITIES, Number("", missing_as=0.0))),
    metric=jigsaw_bias_auc,
    arguments=arguments,
)
