"""Detecting Insults in Social Commentary: does a comment insult somebody in the conversation?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key, Table, WholeNumber, probability

# There is no id: the comment itself is the key, and the same comment may stand there twice.
COMMENT = Key("Comment", text=True, repeats=True)

GRADING = Grading(
    submission=Table(COMMENT, probability("Insult")),
    answers=Table(COMMENT, WholeNumber("Insult", 0, 1)),
    metric=roc_auc,
)
