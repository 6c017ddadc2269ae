"""LMSYS Chatbot Arena: which of two answers of language models does a person prefer?"""

from mlegrade.metrics import log_loss
from mlegrade.schema import Grading, Key, OneHot, Probabilities, Table

OUTCOMES = ("winner_model_a", "winner_model_b", "winner_tie")

GRADING = Grading(
    submission=Table(Key("id"), Probabilities(OUTCOMES, decimals=6)),
    answers=Table(Key("id"), OneHot(OUTCOMES)),
    metric=log_loss,
)
