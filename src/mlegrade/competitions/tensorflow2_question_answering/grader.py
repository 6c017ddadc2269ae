"""TensorFlow 2.0 Question Answering: the long and the short answer in a Wikipedia article."""

from collections.abc import Iterator, Mapping
from typing import Any

from mlegrade.formats import Span
from mlegrade.metrics import accuracy
from mlegrade.schema import AsIs, Grading, Key, SpanOrWord, Table, Values

ROWS = Key("example_id", text=True)


def valid_answers(document: Mapping[str, Any]) -> Iterator[tuple[str, set[Span]]]:
    """Return the short and the long row of a document; no answer at all is an answer, too."""
    annotation = document["annotations"][0]
    short: set[Span] = {(s["start_token"], s["end_token"]) for s in annotation["short_answers"]}
    if annotation["yes_no_answer"] != "NONE":
        short.add(annotation["yes_no_answer"])
    long = annotation["long_answer"]
    span = None if long["start_token"] == -1 else (long["start_token"], long["end_token"])
    yield f"{document['example_id']}_short", short or {None}
    yield f"{document['example_id']}_long", {span}


def right_rows(answers: Values, submission: Values) -> tuple[list[bool], list[bool]]:
    """Compare what is right with what would be: each row true.

    The reference's micro F1 over both classes of a binary problem is plain accuracy.
    """
    pairs = zip(answers["answers"], submission["PredictionString"], strict=True)
    right = [prediction in valid for valid, prediction in pairs]
    return [True] * len(right), right


GRADING = Grading(
    submission=Table(ROWS, SpanOrWord("PredictionString", words=("YES", "NO"))),
    answers=Table(ROWS, AsIs("answers")),
    records=valid_answers,
    metric=accuracy,
    arguments=right_rows,
)
