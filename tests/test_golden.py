"""Every golden case gives MLE-bench's score, or InvalidSubmissionError."""

from __future__ import annotations

import pytest

from cases import Case, check, golden_cases, graded
from mlegrade.errors import InvalidSubmissionError

CASES = [case for competition in graded() for case in golden_cases(competition)]


@pytest.mark.parametrize("case", [case for case in CASES if case.score is not None], ids=str)
def test_valid_submission_gets_the_reference_score(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", [case for case in CASES if case.score is None], ids=str)
def test_broken_submission_is_refused(case: Case) -> None:
    with pytest.raises(InvalidSubmissionError) as caught:
        check(case)
    assert caught.value.code
    assert caught.value.message.endswith((".", ")"))
