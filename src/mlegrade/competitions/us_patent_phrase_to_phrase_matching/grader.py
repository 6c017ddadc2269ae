"""U.S. Patent Phrase to Phrase Matching: how similar are two technical phrases?"""

from mlegrade.metrics import pearson_correlation
from mlegrade.schema import Grading, Key, Number, Table

PHRASES = Key("id", text=True)

GRADING = Grading(
    submission=Table(PHRASES, Number("score", varies=True)),
    answers=Table(PHRASES, Number("score")),
    metric=pearson_correlation,
)
