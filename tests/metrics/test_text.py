"""Metrics on text: against oracles and naive loops, and the laws they obey."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import jaccard_score
from sklearn.preprocessing import MultiLabelBinarizer

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics import mean_levenshtein, metric_info, text, word_jaccard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WORDS = st.text(st.sampled_from("abé \u0301ABßİΣ😀"), max_size=8)
PHRASES = st.lists(
    st.sampled_from(["so", "So", "very", "happy", "happy!", "\u00a0", "\t", "STRASSE", "straße"]),
    max_size=5,
).map(" ".join)
PAIRS = st.lists(st.tuples(WORDS | PHRASES, WORDS | PHRASES), min_size=1, max_size=8)

MEMBERS: dict[str, tuple[Callable[..., float], dict[str, Any]]] = {
    "mean_levenshtein": (mean_levenshtein, {}),
    "word_jaccard": (word_jaccard, {"both_empty": 1.0}),
}
every_metric = pytest.mark.parametrize(("metric", "options"), MEMBERS.values(), ids=MEMBERS)


def sides(rows: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [true for true, _ in rows], [predicted for _, predicted in rows]


def test_none_is_forgotten() -> None:
    assert set(MEMBERS) == set(text.__all__)


@every_metric
class TestLawsOfAll:
    """What holds for every metric of the module."""

    @given(rows=PAIRS)
    def test_score_is_a_float_in_the_stated_range(
        self, metric: Callable[..., float], options: dict[str, Any], rows: Any
    ) -> None:
        info = metric_info(metric)
        score = metric(*sides(rows), **options)
        assert type(score) is float
        assert min(info.optimum, info.worst) <= score <= max(info.optimum, info.worst)

    @given(rows=PAIRS)
    def test_perfect_is_the_optimum(
        self, metric: Callable[..., float], options: dict[str, Any], rows: Any
    ) -> None:
        true, _ = sides(rows)
        assert metric(true, true, **options) == metric_info(metric).optimum

    @given(rows=PAIRS)
    def test_truth_and_prediction_may_change_places(
        self, metric: Callable[..., float], options: dict[str, Any], rows: Any
    ) -> None:
        true, predicted = sides(rows)
        assert metric(true, predicted, **options) == metric(predicted, true, **options)

    @given(rows=PAIRS, random=st.randoms())
    def test_order_of_rows_does_not_matter(
        self, metric: Callable[..., float], options: dict[str, Any], rows: Any, random: Any
    ) -> None:
        moved = metric(*sides(random.sample(rows, len(rows))), **options)
        assert math.isclose(moved, metric(*sides(rows), **options), rel_tol=1e-14)

    def test_nothing_to_compare(
        self, metric: Callable[..., float], options: dict[str, Any]
    ) -> None:
        with pytest.raises(UndefinedMetricError):
            metric([], [], **options)

    def test_unlike_lengths_are_the_callers_mistake(
        self, metric: Callable[..., float], options: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match="but"):
            metric(["a"], ["a", "b"], **options)


def distance(true: str, predicted: str) -> int:
    """Try the last character deleted, inserted and substituted."""

    @cache
    def of_beginnings(m: int, n: int) -> int:
        if not m or not n:
            return m + n
        substituted = of_beginnings(m - 1, n - 1) + (true[m - 1] != predicted[n - 1])
        return min(substituted, of_beginnings(m - 1, n) + 1, of_beginnings(m, n - 1) + 1)

    return of_beginnings(len(true), len(predicted))


class TestMeanLevenshtein:
    @given(PAIRS)
    def test_naive(self, rows: Any) -> None:
        expected = sum(distance(*row) for row in rows) / len(rows)
        assert mean_levenshtein(*sides(rows)) == expected

    @given(WORDS, WORDS, WORDS)
    def test_a_detour_is_never_shorter(self, one: str, way: str, other: str) -> None:
        direct = mean_levenshtein([one], [other])
        assert direct <= mean_levenshtein([one], [way]) + mean_levenshtein([way], [other])

    @given(WORDS, WORDS)
    def test_between_the_difference_of_lengths_and_the_longer(self, one: str, other: str) -> None:
        edits = mean_levenshtein([one], [other])
        assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))

    @given(WORDS, WORDS, WORDS, WORDS)
    def test_common_ends_cost_nothing(self, begin: str, one: str, other: str, end: str) -> None:
        longer = mean_levenshtein([begin + one + end], [begin + other + end])
        assert longer == mean_levenshtein([one], [other])

    @pytest.mark.parametrize(
        ("one", "other", "edits"),
        [
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("ab", "ba", 2),  # a transposition is no edit of its own
            ("é", "e\u0301", 2),  # code points, and no Unicode form is normalised
            ("é", "e", 1),
            ("😀", "a", 1),
            ("a  b", "a b", 1),
            ("A", "a", 1),
        ],
    )
    def test_examples(self, one: str, other: str, edits: int) -> None:
        assert mean_levenshtein([one], [other]) == edits


def naive_jaccard(true: str, predicted: str) -> Fraction | None:
    words, others = ({*side.lower().split()} for side in (true, predicted))
    return Fraction(len(words & others), len(words | others)) if words | others else None


class TestWordJaccard:
    @given(PAIRS, st.sampled_from([0.0, 1.0]))
    def test_naive(self, rows: Any, both_empty: float) -> None:
        values = [naive_jaccard(*row) for row in rows]
        expected = sum(Fraction(both_empty) if v is None else v for v in values) / len(values)
        score = word_jaccard(*sides(rows), both_empty=both_empty)
        assert math.isclose(score, expected, rel_tol=1e-14)

    @given(PAIRS)
    def test_oracle(self, rows: Any) -> None:
        words = [[side.lower().split() for side in row] for row in rows]
        vocabulary = sorted({word for row in words for side in row for word in side})
        assume(len(vocabulary) > 1)  # a single column is a binary problem to scikit-learn
        binarizer = MultiLabelBinarizer(classes=vocabulary)
        true, predicted = (binarizer.fit_transform(side) for side in zip(*words, strict=True))
        expected = jaccard_score(true, predicted, average="samples", zero_division=0.0)
        score = word_jaccard(*sides(rows), both_empty=0.0)
        assert math.isclose(score, expected, rel_tol=1e-12)

    @given(PAIRS)
    def test_pairs_without_words_may_be_left_out(self, rows: Any) -> None:
        values = [value for row in rows if (value := naive_jaccard(*row)) is not None]
        if values:
            expected = sum(values) / len(values)
            assert math.isclose(word_jaccard(*sides(rows)), expected, rel_tol=1e-14)
        else:
            with pytest.raises(UndefinedMetricError, match="no text has any words"):
                word_jaccard(*sides(rows))

    @given(PAIRS, st.randoms())
    def test_order_and_repetition_of_words_do_not_matter(self, rows: Any, random: Any) -> None:
        changed = []
        for true, predicted in rows:
            words = predicted.lower().split()
            changed.append((true, "\n".join(random.sample(words, len(words)) + words)))
        score = word_jaccard(*sides(rows), both_empty=0.0)
        assert word_jaccard(*sides(changed), both_empty=0.0) == score

    @pytest.mark.parametrize(
        ("true", "predicted", "value"),
        [
            ("I made my wish", "i MADE my wish", 1.0),
            ("sad", "sad.", 0.0),  # punctuation belongs to its word
            ("a\u00a0b", "a\u2003b\t", 1.0),  # any white space separates
            ("a\u200bb", "a b", 0.0),  # a zero-width space is none
            ("Straße", "STRASSE", 0.0),  # lower case, not case folding
            ("é", "e\u0301", 0.0),
            ("a", "", 0.0),
            ("ΟΔΟΣ", "οδος", 1.0),  # the final sigma
        ],
    )
    def test_examples(self, true: str, predicted: str, value: float) -> None:
        assert word_jaccard([true], [predicted]) == value
