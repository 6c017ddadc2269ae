"""Humpback Whale Identification: which whale does a fluke belong to?"""

from mlegrade.metrics import map_at_k
from mlegrade.schema import Grading, Key, RankedList, Table, WordSet

K = 5
WHALES = RankedList("Id", K, says="names of whales")

GRADING = Grading(
    submission=Table(Key("Image", text=True), WHALES, extra_columns=False),
    answers=Table(Key("Image", text=True), WordSet("Id", may_be_empty=False)),
    metric=map_at_k,
    options={"k": K},
)
