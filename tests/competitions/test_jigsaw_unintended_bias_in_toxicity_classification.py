"""The bias AUC against the areas that it is made of, and the column with two names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from mlegrade.competitions import get
from mlegrade.errors import AnswersError
from mlegrade.grading import Grader

GRADER: Any = get("jigsaw-unintended").module("grader")
N_IDENTITIES = len(GRADER.IDENTITIES)
HEADER = ",".join(("id", "toxicity", *GRADER.IDENTITIES))


def subsets(truth: Any, mentioned: Any) -> list[Any]:
    return [
        mentioned,
        (~truth & mentioned) | (truth & ~mentioned),
        (truth & mentioned) | (~truth & ~mentioned),
    ]


def by_the_book(truth: Any, predicted: Any, mentions: Any) -> float:
    """Draw 28 curves and join their areas."""
    total = roc_auc_score(truth, predicted)
    for family in range(3):
        areas = [
            roc_auc_score(truth[rows], predicted[rows])
            for rows in (subsets(truth, mentioned)[family] for mentioned in mentions.T)
        ]
        if min(areas) > 0:
            total += np.mean(np.power(areas, -5.0)) ** (-1 / 5)
    return float(total / 4)


@given(
    arrays(np.bool_, 60),
    arrays(np.bool_, 60),
    arrays(np.bool_, (60, 3), fill=st.nothing()),
)
def test_oracle(truth: Any, predicted: Any, mentions: Any) -> None:
    every = [rows for mentioned in mentions.T for rows in subsets(truth, mentioned)]
    assume(all(truth[rows].any() and not truth[rows].all() for rows in every))
    score = GRADER.jigsaw_bias_auc(truth, predicted, mentions)
    assert score == pytest.approx(by_the_book(truth, predicted, mentions), rel=1e-9)
    assert GRADER.jigsaw_bias_auc(truth, truth, mentions) == 1.0
    assert GRADER.jigsaw_bias_auc(truth, ~truth, mentions) == 0.0


def rows_of(toxicities: list[float]) -> str:
    """Return answers with every identity in the first two comments and in no other."""
    mentioned = [["1"] * N_IDENTITIES] * 2 + [[""] * N_IDENTITIES] * (len(toxicities) - 2)
    rows = [
        ",".join([str(number), str(toxicity), *cells])
        for number, (toxicity, cells) in enumerate(zip(toxicities, mentioned, strict=True))
    ]
    return "\n".join([HEADER, *rows])


@pytest.fixture(scope="module")
def jigsaw() -> Grader:
    return Grader("jigsaw-unintended", answers=rows_of([0.5, 0.0, 1.0, 0.49]).encode())


def test_prediction_comes_before_the_other_name(jigsaw: Grader) -> None:
    right, wrong = [1, 0, 1, 0], [0, 1, 0, 1]
    both = "".join(f"{i},{a},{b}\n" for i, (a, b) in enumerate(zip(wrong, right, strict=True)))
    assert jigsaw.score(f"id,toxicity,prediction\n{both}".encode()) == 1.0
    assert jigsaw.score(f"id,prediction,toxicity\n{both}".encode()) == 0.0
    assert jigsaw.score(f"id,toxicity,comment\n{both}".encode()) == 0.0


def test_truth_values_and_numbers_beyond_the_unit_interval(jigsaw: Grader) -> None:
    assert jigsaw.score(b"id,prediction\n0,True\n1,False\n2,True\n3,False\n") == 1.0
    assert jigsaw.score(b"id,prediction\n0,1e300\n1,-7\n2,0.5\n3,0.4999\n") == 1.0


def test_subset_of_one_class_is_a_fault_of_the_answers() -> None:
    answers = rows_of([0.8, 0.9, 1.0, 0.0]).encode()
    with pytest.raises(AnswersError, match="one class"):
        Grader("jigsaw-unintended", answers=answers)(b"id,prediction\n0,1\n1,0\n2,1\n3,0\n")
