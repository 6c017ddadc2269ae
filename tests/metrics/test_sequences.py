"""Metrics on sequences: against a plain dynamic programme, and their laws."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics import mean_levenshtein, metric_info, sequences, word_error_rate

# Numbers whose hashes collide in Python: -1 with -2, and k with k + 2**61 - 1.
WORDS = st.sampled_from([-1, -2, 0, 1, 2**61 - 1, 2**61, "a", "", ("b", 1)])
ROWS = st.lists(st.tuples(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6)), min_size=1)


def edits(a: list[Any], b: list[Any]) -> int:
    row = list(range(len(b) + 1))
    for i, one in enumerate(a, start=1):
        last, row[0] = row[0], i
        for j, other in enumerate(b, start=1):
            best = min(row[j] + 1, row[j - 1] + 1, last + (one != other))
            last, row[j] = row[j], best
    return row[-1]


@st.composite
def compared(draw: st.DrawFn) -> tuple[list[list[Any]], list[list[Any]]]:
    """Draw true sequences, not all of them empty, and predicted ones."""
    truth, predicted = map(list, zip(*draw(ROWS), strict=True))
    truth[draw(st.integers(0, len(truth) - 1))].append(draw(WORDS))
    return truth, predicted


def test_none_is_forgotten() -> None:
    assert sequences.__all__ == ["word_error_rate"]
    info = metric_info(word_error_rate)
    assert (info.higher_is_better, info.optimum, info.worst) == (False, 0.0, math.inf)


@given(compared())
def test_naive(case: Any) -> None:
    total = sum(edits(a, b) for a, b in zip(*case, strict=True))
    score = word_error_rate(*case)
    assert type(score) is float
    assert score == total / sum(map(len, case[0]))


@given(compared(), st.randoms())
def test_order_of_rows_does_not_matter(case: Any, random: Any) -> None:
    rows = list(zip(*case, strict=True))
    random.shuffle(rows)
    assert word_error_rate(*zip(*rows, strict=True)) == word_error_rate(*case)


@given(compared())
def test_perfect_and_empty(case: Any) -> None:
    truth, _ = case
    assert word_error_rate(truth, truth) == 0.0
    assert word_error_rate(truth, [[] for _ in truth]) == 1.0
    assert word_error_rate(truth, [["x", *row, "y"] for row in truth]) == 2 * len(truth) / sum(
        map(len, truth)
    )


@given(st.lists(st.tuples(st.text("ab", min_size=1), st.text("abc")), min_size=1))
def test_characters_are_words_too(rows: Any) -> None:
    truth, predicted = zip(*rows, strict=True)
    expected = mean_levenshtein(truth, predicted) * len(truth) / sum(map(len, truth))
    assert math.isclose(word_error_rate(truth, predicted), expected, rel_tol=1e-12)


def test_undefined() -> None:
    with pytest.raises(UndefinedTruthError, match="all empty"):
        word_error_rate([[], []], [["a"], []])
    with pytest.raises(UndefinedMetricError):
        word_error_rate([], [])
    with pytest.raises(ValueError, match="but"):
        word_error_rate([["a"]], [])
