"""Mutated submissions end in a finite score or InvalidSubmissionError, nothing else."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import golden_cases, graded, grader
from mlegrade.errors import InvalidSubmissionError

CELLS = st.sampled_from(
    [
        "", " ", "nan", "NA", "inf", "-inf", "1e308", "-1e308", "1e999", "0", "1", "-1", "0.5",
        "True", "text", "12345678901234567890", "1 1", "1 1 1", "5 0", "0 5", "9 9 9 9 9 9",
        "1 1000000000000", "YES", "3:4", "a b c", "U+306F 1 2", "é\u0301", "\u00a0", "'", '"', ",",
        "0x10", "1_0", "x" * 500, "1 " * 200, "٣", "-", "1,5", "=1+1", "\t", "\n", "None",
    ]
)  # fmt: skip
DELIMITERS = st.sampled_from([",", ",", ",", ";", "\t", "|"])


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """Break a submission in one to three ways."""
    rows = list(csv.reader(io.StringIO(text)))
    delimiter = ","
    for _ in range(draw(st.integers(1, 3))):
        body = st.integers(1, max(1, len(rows) - 1)).map(lambda at: min(at, len(rows) - 1))
        kind = draw(
            st.sampled_from(
                ["drop", "double", "shuffle", "rename", "cell", "cell", "column", "cut", "delimit"]
            )
        )
        row = draw(body)
        width = max(1, len(rows[row]))
        column = draw(st.integers(0, width - 1))
        if kind == "drop" and len(rows) > 1:
            del rows[row]
        elif kind == "double":
            rows.insert(row, list(rows[row]))
        elif kind == "shuffle":
            rows[1:] = draw(st.permutations(rows[1:]))
        elif kind == "rename":
            rows[0] = [*rows[0][:column], draw(st.text(max_size=8)), *rows[0][column + 1 :]]
        elif kind == "cell":
            rows[row] = [*rows[row][:column], draw(CELLS), *rows[row][column + 1 :]]
        elif kind == "column":
            value = draw(CELLS)
            rows[1:] = [[*r[:column], value, *r[column + 1 :]] for r in rows[1:]]
        elif kind == "cut":
            rows[row] = rows[row][:column]
        else:
            delimiter = draw(DELIMITERS)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def valid_submission(competition: str) -> tuple[str, str]:
    """Return the names of the answers and of some plausible submission."""
    cases = golden_cases(competition)
    by_name = {case.name: case for case in cases if case.score is not None}
    case = by_name.get("noisy") or next(iter(by_name.values()))
    return case.answers, case.submission


@pytest.mark.parametrize("competition", graded())
@settings(max_examples=25)
@given(data=st.data())
def test_mutated_submission_is_scored_or_refused(competition: str, data: st.DataObject) -> None:
    answers, submission = valid_submission(competition)
    folder = golden_cases(competition)[0].folder
    of_competition = grader(competition, folder / answers)
    text = (folder / submission).read_text(encoding="utf-8")
    broken = data.draw(mutated(text)).encode()
    try:
        score = of_competition.score(broken)
    except InvalidSubmissionError as error:
        assert error.message
        assert not of_competition.validate(broken).ok or error.code == "undefined_score"
    else:
        assert math.isfinite(score) or score == -math.inf
        assert of_competition.validate(broken).ok
