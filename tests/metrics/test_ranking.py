"""Metrics on ranked lists: against an oracle and a naive loop, and the laws they obey."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import label_ranking_average_precision_score

from mlegrade.errors import UndefinedMetricError
from mlegrade.formats import split_at_blanks
from mlegrade.metrics import map_at_k, metric_info, ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

ITEMS = ["a", "b", "c", "d", "e", ""]
RELEVANT = st.frozensets(st.sampled_from(ITEMS), max_size=4)
RANKED = st.lists(st.sampled_from([*ITEMS, "x", "y"]), max_size=8)
ROWS = st.lists(st.tuples(RELEVANT, RANKED), min_size=1, max_size=8)
K = st.integers(1, 6)


def sides(rows: Sequence[tuple[Any, Any]]) -> tuple[list[Any], list[Any]]:
    return [relevant for relevant, _ in rows], [ranked for _, ranked in rows]


def naive(relevant: frozenset[str], ranked: list[str], k: int) -> Fraction:
    """Add up the precision at every rank where an item is found for the first time."""
    total = Fraction(0)
    for rank in range(1, min(k, len(ranked)) + 1):
        item = ranked[rank - 1]
        if item in relevant and item not in ranked[: rank - 1]:
            total += Fraction(len(relevant & set(ranked[:rank])), rank)
    return total / min(len(relevant), k) if relevant else total


def test_none_is_forgotten() -> None:
    assert ranking.__all__ == ["map_at_k"]


@given(ROWS, K)
def test_naive(rows: Any, k: int) -> None:
    expected = sum(naive(*row, k) for row in rows) / len(rows)
    assert math.isclose(map_at_k(*sides(rows), k=k), expected, rel_tol=1e-12)


@given(st.lists(st.tuples(st.sets(st.integers(0, 4), min_size=1), st.permutations(range(5)))))
def test_oracle_on_whole_rankings(rows: Any) -> None:
    rows = [({0}, [0, 1, 2, 3, 4]), *rows]
    truth = np.array([[item in relevant for item in range(5)] for relevant, _ in rows])
    scores = np.array([[-ranked.index(item) for item in range(5)] for _, ranked in rows])
    expected = label_ranking_average_precision_score(truth, scores)
    assert math.isclose(map_at_k(*sides(rows), k=5), expected, rel_tol=1e-12)


@given(ROWS, K)
def test_score_is_a_float_between_nought_and_one(rows: Any, k: int) -> None:
    score = map_at_k(*sides(rows), k=k)
    info = metric_info(map_at_k)
    assert type(score) is float
    assert info.worst == 0.0 <= score <= info.optimum == 1.0


@given(st.lists(st.frozensets(st.sampled_from(ITEMS), min_size=1), min_size=1), K, st.randoms())
def test_relevant_items_first_is_the_optimum(truth: Any, k: int, random: Any) -> None:
    perfect = [[*random.sample(sorted(row), len(row)), "x", "y"] for row in truth]
    assert math.isclose(map_at_k(truth, perfect, k=k), 1.0, rel_tol=1e-12)
    assert map_at_k(truth, [["x", "y"] for _ in truth], k=k) == 0.0


@given(ROWS, K, st.randoms())
def test_order_of_rows_does_not_matter(rows: Any, k: int, random: Any) -> None:
    moved = random.sample(rows, len(rows))
    assert math.isclose(map_at_k(*sides(moved), k=k), map_at_k(*sides(rows), k=k), rel_tol=1e-12)


@given(ROWS, K, st.permutations(ITEMS))
def test_names_of_items_do_not_matter(rows: Any, k: int, names: list[str]) -> None:
    other = dict(zip(ITEMS, names, strict=True))
    renamed = [
        (frozenset(map(other.__getitem__, relevant)), [other.get(item, 3) for item in ranked])
        for relevant, ranked in rows
    ]
    assert map_at_k(*sides(renamed), k=k) == map_at_k(*sides(rows), k=k)


@given(ROWS, K, RANKED)
def test_what_comes_after_k_does_not_count(rows: Any, k: int, rest: list[str]) -> None:
    full = [(relevant, (ranked + ["x"] * k)[:k]) for relevant, ranked in rows]
    longer = [(relevant, ranked + rest) for relevant, ranked in full]
    score = map_at_k(*sides(rows), k=k)
    assert map_at_k(*sides(full), k=k) == map_at_k(*sides(longer), k=k) == score


@given(ROWS)
def test_the_first_alone_is_the_share_of_hits(rows: Any) -> None:
    hits = [bool(ranked) and ranked[0] in relevant for relevant, ranked in rows]
    assert map_at_k(*sides(rows), k=1) == sum(hits) / len(rows)


@given(st.lists(st.tuples(st.sampled_from(ITEMS), RANKED), min_size=1), K)
def test_one_relevant_item_gives_its_reciprocal_rank(rows: Any, k: int) -> None:
    reciprocal = [
        1 / (ranked.index(item) + 1) if item in ranked[:k] else 0.0 for item, ranked in rows
    ]
    truth = [{item} for item, _ in rows]
    score = map_at_k(truth, [ranked for _, ranked in rows], k=k)
    assert math.isclose(score, sum(reciprocal) / len(rows), rel_tol=1e-12)


@given(ROWS, K, st.data())
def test_a_wrong_item_before_never_helps(rows: Any, k: int, data: st.DataObject) -> None:
    relevant, ranked = rows[0]
    at = data.draw(st.integers(0, len(ranked)))
    worse = [(relevant, [*ranked[:at], "x", *ranked[at:]]), *rows[1:]]
    assert map_at_k(*sides(worse), k=k) <= map_at_k(*sides(rows), k=k) + 1e-12


@given(ROWS, K)
def test_any_kind_of_sequence_will_do(rows: Any, k: int) -> None:
    truth, predicted = sides([(relevant, ranked or ["x"]) for relevant, ranked in rows])
    lists = split_at_blanks([" ".join(row) for row in predicted], np.zeros(len(rows), bool))
    assert map_at_k(truth, lists, k=k) == map_at_k(truth, predicted, k=k)
    assert map_at_k(truth, list(map(tuple, predicted)), k=k) == map_at_k(truth, predicted, k=k)


def test_a_row_without_relevant_items_counts() -> None:
    assert map_at_k([set(), {"a"}], [["a"], ["a"]], k=3) == 0.5


def test_a_repeated_item_keeps_its_rank() -> None:
    assert map_at_k([{"b"}], [["a", "a", "b"]], k=5) == 1 / 3
    assert map_at_k([{"a", "b"}], [["a", "a", "b"]], k=5) == (1 + 2 / 3) / 2


def test_nothing_to_compare() -> None:
    with pytest.raises(UndefinedMetricError):
        map_at_k([], [], k=5)


def test_mistakes_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        map_at_k([{"a"}], [["a"]], k=0)
    with pytest.raises(ValueError, match="but"):
        map_at_k([{"a"}], [], k=1)


def test_rows_of_an_array() -> None:
    ranked = np.argsort([[0.1, 0.9, 0.5], [0.3, 0.2, 0.1]], axis=1)[:, ::-1]
    assert map_at_k([{2}, {0, 1}], ranked, k=2) == 0.75


def test_relevant_items_are_sets() -> None:
    with pytest.raises(TypeError, match="have to be a set"):
        map_at_k([["a"]], [["a"]], k=1)
