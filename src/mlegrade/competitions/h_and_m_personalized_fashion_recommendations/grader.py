"""H&M Recommendations: the twelve articles that a customer will most likely buy next."""

from collections.abc import Iterator

from mlegrade.metrics import map_at_k
from mlegrade.schema import Grading, Key, RankedList, Table, Values, WordSet

K = 12


def leading_zeros(answers: Values, submission: Values) -> Iterator[str]:
    """Warn of ids as they stand in articles.csv: the answers have them without the first zero.

    Not so where they were prepared with fixes.
    """
    firsts = (articles[0] for articles in submission["prediction"] if articles)
    begin_so = next(firsts, "").startswith("0") and all(first.startswith("0") for first in firsts)
    truth = (article for articles in answers["prediction"] for article in articles)
    if begin_so and not any(article.startswith("0") for article in truth):
        yield (
            "all predicted article ids begin with 0, but the answers have ids without leading "
            "zeros: none can match. Write 706016001 instead of 0706016001."
        )


GRADING = Grading(
    submission=Table(
        Key("customer_id", text=True),
        RankedList("prediction", K, integers_as_read_by_pandas=True, says="article ids"),
        extra_columns=False,
        extra_rows=True,
    ),
    answers=Table(
        Key("customer_id", text=True),
        WordSet("prediction", integers_as_read_by_pandas=True, may_be_empty=False),
    ),
    metric=map_at_k,
    options={"k": K},
    remarks=leading_zeros,
)
