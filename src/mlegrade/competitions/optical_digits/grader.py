"""Optical Digits: which digit is on a small picture?"""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, WholeNumber

GRADING = Grading.alike(
    Key("id"), WholeNumber("digit", 0, 9, says="the digit, from 0 to 9"), metric=accuracy
)
