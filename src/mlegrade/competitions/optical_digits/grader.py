"""Optical Digits: which digit is on a small picture?"""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, Table, WholeNumber

DIGITS = Table(Key("id"), WholeNumber("digit", 0, 9, says="the digit, from 0 to 9"))

GRADING = Grading(submission=DIGITS, answers=DIGITS, metric=accuracy)
