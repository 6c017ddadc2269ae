"""A column of bare integers is compared as pandas would print it."""

from __future__ import annotations

import pytest

from mlegrade.errors import AnswersError
from mlegrade.grading import Grader

ANSWERS = b"image,chain,hotel_id,timestamp\na.jpg,0,123,x\nb.jpg,4,45,y\n"


@pytest.fixture(scope="module")
def hotels() -> Grader:
    return Grader("hotel-id", answers=ANSWERS)


@pytest.mark.parametrize(
    ("first", "second", "score"),
    [
        ("0123", "45", 1.0),
        (" 123", "+45", 1.0),
        ("0123", "45 6", 0.5),  # a list: all cells keep their text
        ("0123", "word", 0.0),
        ("123", "45.0", 0.0),  # doubles: the text would be 123.0
        ("123", "inf", 0.0),
        ("123", " inf", 0.5),  # text
        ("0123\n", "\r\n45", 1.0),  # any white space around digits
        ("0123\v", "45\f", 1.0),
        ("0123\n", "45\n6", 0.0),
        ("123", "4" * 5000, 0.5),  # more than any integer holds: text
        ("0123", "+1" + "0" * 5000, 0.0),
        ("0123", "+" + "0" * 5000 + "45", 1.0),
        ("123", " ", 0.5),  # blanks are text
        ("7 123", "45", 0.75),
    ],
)
def test_integers(hotels: Grader, first: str, second: str, score: float) -> None:
    submission = f'image,hotel_id\nb.jpg,"{second}"\na.jpg,"{first}"\n'
    assert hotels.score(submission.encode()) == score


def test_a_truth_that_is_missing_is_damage() -> None:
    # It makes doubles of the others, which no guess equals: everybody would score 0.
    with pytest.raises(AnswersError, match="damaged: column 'hotel_id'"):
        Grader("hotel-id", answers=ANSWERS.replace(b"45", b""))
