"""Detecting Insults in Social Commentary: does a comment insult somebody in the conversation?"""

from mlegrade.metrics import roc_auc
from mlegrade.schema import Grading, Key

# There is no id: the comment itself is the key, and the same comment may stand there twice.
COMMENT = Key("Comment", text=True, repeats=True)

GRADING = Grading.binary(COMMENT, "Insult", metric=roc_auc, says="the comment is an insult")
