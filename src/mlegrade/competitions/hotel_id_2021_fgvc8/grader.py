"""Hotel-ID 2021: the hotel in whose room a photograph was taken."""

from mlegrade.metrics import map_at_k
from mlegrade.schema import Grading, Key, RankedList, Table, WordSet

K = 5
IMAGE = Key("image", text=True)
# Ids compare as text, but pandas takes leading zeros from a column of bare integers.
HOTELS = RankedList(
    "hotel_id", K, integers_as_read_by_pandas=True, may_be_empty=False, says="hotel ids"
)

GRADING = Grading(
    submission=Table(IMAGE, HOTELS),
    answers=Table(IMAGE, WordSet("hotel_id", integers_as_read_by_pandas=True, may_be_empty=False)),
    metric=map_at_k,
    options={"k": K},
)
