"""Automated Essay Scoring 2.0: the mark of a school essay."""

from mlegrade.metrics import quadratic_weighted_kappa
from mlegrade.schema import Grading, Key, WholeNumber

GRADING = Grading.alike(
    Key("essay_id", text=True),
    WholeNumber("score", 1, 6, says="the mark, from 1 (weak) to 6 (excellent)"),
    metric=quadratic_weighted_kappa,
    options={"by_rank": True},  # of the marks that occur on either side, as in the reference
)
