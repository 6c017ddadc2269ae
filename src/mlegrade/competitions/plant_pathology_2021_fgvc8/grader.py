"""Plant Pathology 2021: the diseases of an apple leaf."""

from collections.abc import Iterator

from mlegrade.metrics import f1_micro
from mlegrade.schema import Grading, Key, LabelSet, Values

LABELS = ("complex", "frog_eye_leaf_spot", "healthy", "powdery_mildew", "rust", "scab")


def other_labels(answers: Values, submission: Values) -> Iterator[str]:
    """Warn of labels that are none of the six: in the reference, they count for nothing."""
    del answers
    others = [label for label in submission["labels"].labels if label not in LABELS]
    if others:
        yield (
            f"{len(others)} labels such as {others[0][:80]!r} are passed over: "
            f"the labels are {', '.join(LABELS)}, separated by blanks."
        )


GRADING = Grading.alike(
    Key("image", text=True),
    LabelSet("labels", names=True, says=f"any of {', '.join(LABELS)}"),
    metric=f1_micro,
    options={"true_labels_only": True, "zero_division": 0.0},
    remarks=other_labels,
)
