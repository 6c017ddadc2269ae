"""Coin Toss: heads or tails?"""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, Table, WholeNumber

TOSSES = Table(Key("id"), WholeNumber("heads", 0, 1, says="1 for heads, 0 for tails"))

GRADING = Grading(submission=TOSSES, answers=TOSSES, metric=accuracy)
