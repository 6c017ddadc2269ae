"""A warning of ids with the zero that MLE-bench's answers lack."""

from __future__ import annotations

import pytest

from mlegrade.errors import AnswersError
from mlegrade.grading import Grader, grade


@pytest.mark.parametrize(("truth", "warned"), [("706016001 5", True), ("0706016001 05", False)])
def test_leading_zeros_are_warned_of_where_the_answers_have_none(truth: str, warned: bool) -> None:
    answers = f"customer_id,prediction\na,{truth}\nb,{truth}\n"
    submission = b"customer_id,prediction\na,0706016001 05\nb,0706016001 05\n"
    report = grade(submission, "h-and-m", answers=answers.encode())
    assert report.valid_submission
    assert any("begin with 0" in warning for warning in report.warnings) == warned
    assert report.score == (0.0 if warned else 1.0)


def test_a_customer_without_a_purchase_is_damage() -> None:
    # Among single articles, it makes doubles of the others: everybody would score 0.
    with pytest.raises(AnswersError, match="damaged: column 'prediction'"):
        Grader("h-and-m", answers=b"customer_id,prediction\na,706016001\nb,\n")
