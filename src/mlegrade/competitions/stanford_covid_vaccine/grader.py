"""OpenVaccine: how fast each base of an RNA molecule degrades."""

from mlegrade.metrics import root_mean_squared_error
from mlegrade.schema import Boolean, Grading, Key, Number, Numbers, Table

BASES = Key("id_seqpos", text=True)
RATES = Numbers(
    ("reactivity", "deg_Mg_pH10", "deg_Mg_50C"),
    Number("", says="a finite number; looked at for the first 68 bases of a molecule"),
)

GRADING = Grading(
    submission=Table(BASES, RATES, unread=("deg_pH10", "deg_50C")),
    answers=Table(BASES, RATES, Boolean("keep")),
    scored=lambda answers: answers["keep"],
    metric=root_mean_squared_error,
    reference_pairs_by_position=True,
)
