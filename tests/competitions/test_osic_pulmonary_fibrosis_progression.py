"""Which weeks count: the last three that were measured, patient by patient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.errors import AnswersError
from mlegrade.grading import Grader

WEEKS = st.lists(st.integers(-12, 133), min_size=1, max_size=8, unique=True)
OPTIMUM = -math.log(70 * math.sqrt(2))


@st.composite
def courses(draw: st.DrawFn) -> list[tuple[str, int, float | None]]:
    """Draw rows of patient, week and capacity, which is None where nothing was measured."""
    rows: list[tuple[str, int, float | None]] = []
    for patient in draw(st.lists(st.sampled_from(["a", "b_c", "b", "_"]), min_size=1, unique=True)):
        rows += [
            (patient, week, draw(st.none() | st.integers(800, 4000).map(float)))
            for week in draw(WEEKS)
        ]
    patient, week, _ = rows[0]
    rows[0] = (patient, week, 2500.0)
    return list(draw(st.permutations(rows)))


def answers(rows: Any) -> bytes:
    lines = [f"{p},{week},{'' if fvc is None else fvc},{p}_{week},100" for p, week, fvc in rows]
    return "\n".join(["Patient,Weeks,FVC,Patient_Week,Confidence", *lines]).encode()


def submission(rows: Any, predicted: Any) -> bytes:
    lines = [f"{p}_{week},{fvc},70" for (p, week, _), fvc in zip(rows, predicted, strict=True)]
    return "\n".join(["Patient_Week,FVC,Confidence", *lines]).encode()


@given(courses(), st.integers(0, 2**32 - 1))
def test_the_last_three_measured_weeks_count(rows: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    predicted = rng.integers(1000, 3000, len(rows))
    values = []
    for patient in {row[0] for row in rows}:
        measured = [
            (week, fvc, at) for at, (p, week, fvc) in enumerate(rows) if p == patient and fvc
        ]
        for _, fvc, at in sorted(measured)[-3:]:
            error = min(abs(fvc - predicted[at]), 1000.0)
            values.append(OPTIMUM - math.sqrt(2) * error / 70)
    grader = Grader("osic", answers=answers(rows))
    score = grader.score(submission(rows, predicted))
    assert math.isclose(score, sum(values) / len(values), rel_tol=1e-12)
    order = rng.permutation(len(rows))
    moved = submission([rows[at] for at in order], predicted[order])
    assert math.isclose(grader.score(moved), score, rel_tol=1e-12)


@pytest.mark.parametrize("confidence", ["", "0", "-5", "70", "69.9", "NA"])
def test_what_is_less_than_the_least_deviation(confidence: str) -> None:
    grader = Grader("osic", answers=answers([("a", 1, 2000.0), ("a", 2, None)]))
    lines = f"Patient_Week,FVC,Confidence\na_1,2000,{confidence}\na_2,1e308,1e308\n"
    assert grader.score(lines.encode()) == pytest.approx(OPTIMUM, rel=1e-15)


@pytest.mark.parametrize(("patient", "capacity"), [("a_1", None), ("a", 2000.0)])
def test_answers_without_measured_weeks_are_damaged(patient: str, capacity: float | None) -> None:
    rows = answers([(patient, "x", capacity)])
    with pytest.raises(AnswersError, match="no week is measured, or one has no number"):
        Grader("osic", answers=rows).score(submission([(patient, "x", None)], [2000]))
