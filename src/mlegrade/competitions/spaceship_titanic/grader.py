"""Spaceship Titanic: which passengers were moved to another dimension?"""

from mlegrade.metrics import accuracy
from mlegrade.schema import Boolean, Grading, Key

GRADING = Grading.alike(Key("PassengerId", text=True), Boolean("Transported"), metric=accuracy)
