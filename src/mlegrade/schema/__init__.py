"""What submissions and answers look like, declared once for all that follows from it.

A `Table` is a `Key` and some fields; a `Grading` is two tables and a metric. From the declaration
derive reading, validation, error messages, alignment, documentation and synthetic data.
"""

from mlegrade.schema.classes import OneHot, Probabilities
from mlegrade.schema.declaration import Answers, Grading, Scored
from mlegrade.schema.fields import AsIs, Boolean, Column, Field, Text
from mlegrade.schema.given import Given
from mlegrade.schema.keys import Key
from mlegrade.schema.labels import ClassName, FirstInteger, LabelSet
from mlegrade.schema.numbers import Number, Numbers, WholeNumber, probability
from mlegrade.schema.structured import (
    GroupList,
    NumeralList,
    Permutation,
    RankedList,
    RunLengths,
    SpanOrWord,
    WordSet,
)
from mlegrade.schema.table import Table, Values

__all__ = [
    "Answers",
    "AsIs",
    "Boolean",
    "ClassName",
    "Column",
    "Field",
    "FirstInteger",
    "Given",
    "Grading",
    "GroupList",
    "Key",
    "LabelSet",
    "Number",
    "Numbers",
    "NumeralList",
    "OneHot",
    "Permutation",
    "Probabilities",
    "RankedList",
    "RunLengths",
    "Scored",
    "SpanOrWord",
    "Table",
    "Text",
    "Values",
    "WholeNumber",
    "WordSet",
    "probability",
]
