"""The submission that is made of answers is the best that there is."""

from __future__ import annotations

import pytest

from cases import golden_cases, graded, grader
from mlegrade.competitions import get, ids
from mlegrade.errors import SetupError
from mlegrade.testing import perfect_submission, synthesize

# Whoever bought an article twice has it twice in the answers, and then among the first twelve.
REPEATS = {"h-and-m-personalized-fashion-recommendations"}


@pytest.mark.parametrize("name", ids())
def test_made_up_answers_give_the_made_up_submission(name: str) -> None:
    made = synthesize(name)
    assert perfect_submission(name, made.answers) == made.perfect


@pytest.mark.parametrize("name", graded())
def test_answers_as_they_are_prepared_give_a_submission_that_none_is_better_than(name: str) -> None:
    cases = golden_cases(name)
    higher = get(name).higher_is_better
    for answers in {case.folder / case.answers for case in cases}:
        report = grader(name, answers)(perfect_submission(name, answers.read_bytes()))
        assert report.gold_medal, report
        scores = [c.score for c in cases if c.folder / c.answers == answers and c.score is not None]
        best = (max if higher else min)(scores)
        if name not in REPEATS:
            assert report.raw_score == pytest.approx(best, abs=1e-9) or (
                (report.raw_score > best) is higher
            )


@pytest.mark.parametrize("answers", [b"a,b\n1,2\n", b"", b"\xff\xfe\n"])
def test_what_are_no_answers_of_it_is_an_error(answers: bytes) -> None:
    for name in ("spooky-author", "kuzushiji", "hms-harmful"):
        with pytest.raises(SetupError, match="no submission can be made"):
            perfect_submission(name, answers)
