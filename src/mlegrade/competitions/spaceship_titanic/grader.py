"""Spaceship Titanic: which passengers were moved to another dimension?"""

from mlegrade.metrics import accuracy
from mlegrade.schema import Boolean, Grading, Key, Table

PASSENGERS = Table(Key("PassengerId", text=True), Boolean("Transported"))

GRADING = Grading(submission=PASSENGERS, answers=PASSENGERS, metric=accuracy)
