"""Alignment by key: every expected row is found once, whatever the order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Table, WholeNumber
from mlegrade.schema.keys import Key, KeyIndex, distinct


def text(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def codes(index: KeyIndex, *columns: np.ndarray, extra_rows: bool = False) -> list[str]:
    named = dict(zip(index.key.columns, columns, strict=True))
    return [problem.code for problem in index.locate(named, extra_rows=extra_rows)[1]]


def order(index: KeyIndex, *columns: np.ndarray, extra_rows: bool = False) -> list[int] | None:
    named = dict(zip(index.key.columns, columns, strict=True))
    places, problems = index.locate(named, extra_rows=extra_rows)
    assert not problems
    return None if places is None else places.tolist()


@given(st.lists(st.text(max_size=4), unique=True, min_size=1), st.randoms())
def test_shuffled_rows_are_found(keys: list[str], random) -> None:
    shuffled = keys.copy()
    random.shuffle(shuffled)
    found = order(KeyIndex(Key("id"), {"id": text(*keys)}), text(*shuffled))
    assert keys == [shuffled[at] for at in (range(len(keys)) if found is None else found)]


def test_rows_in_order_need_no_order() -> None:
    assert order(KeyIndex(Key("id"), {"id": text("a", "b")}), text("a", "b")) is None


@pytest.mark.parametrize(
    ("given_keys", "expected"),
    [
        (("a", "b"), ["missing_rows"]),
        (("a", "b", "c", "d"), ["unexpected_rows"]),
        (("a", "b", "c", "c"), ["duplicate_rows"]),
        (("a", "b", "b"), ["missing_rows", "duplicate_rows"]),
        (("a", "x", "x"), ["missing_rows", "unexpected_rows", "duplicate_rows"]),
        ((), ["no_rows"]),
    ],
)
def test_order_of_severity(given_keys: tuple[str, ...], expected: list[str]) -> None:
    index = KeyIndex(Key("id"), {"id": text("a", "b", "c")})
    assert codes(index, text(*given_keys)) == expected


def test_fractions_compare_as_numbers() -> None:
    index = KeyIndex(Key("id"), {"id": np.array([0.5, 2.0, 1e300])})
    assert order(index, np.array([1e300, 0.5, 2.0])) == [1, 2, 0]
    assert order(index, text("1e300", "2", "0.50")) == [2, 1, 0]
    assert codes(index, text("half", "2", "1e300")) == ["missing_rows", "unexpected_rows"]


def test_numbers_compare_as_numbers() -> None:
    index = KeyIndex(Key("id"), {"id": np.array([7, 12, 1000])})
    assert order(index, np.array([12.0, 7.0, 1e3])) == [1, 0, 2]
    assert order(index, text("007", "12", "1e3")) == [0, 1, 2]
    assert codes(index, text("7", "12", "x")) == ["missing_rows", "unexpected_rows"]
    assert codes(index, np.array([7.5, 12, 1000])) == ["missing_rows", "unexpected_rows"]
    assert codes(index, np.array([True, False, True])) != []
    for only_python in ("1_2", "１２", "\u00a012"):
        assert codes(index, text("7", only_python, "1000")) == ["missing_rows", "unexpected_rows"]


def test_no_double_stands_for_a_large_integer() -> None:
    large = 2**53 + 1
    index = KeyIndex(Key("id"), {"id": np.array([large])})
    assert codes(index, np.array([float(large)])) == ["missing_rows", "unexpected_rows"]
    assert order(index, np.array([large])) is None


INTEGERS = {"int64": st.integers(-(2**63), 2**63 - 1), "uint64": st.integers(0, 2**64 - 1)}
NEAR = {"int64": st.integers(2**53, 2**53 + 3), "uint64": st.integers(2**63 - 2, 2**63 + 1)}


@given(st.data())
def test_large_integers_compare_exactly(data) -> None:
    dtypes = [data.draw(st.sampled_from([*INTEGERS])) for _ in range(2)]
    expected, given_keys = (
        data.draw(st.lists(INTEGERS[dtype] | NEAR[dtype], unique=True, min_size=1))
        for dtype in dtypes
    )
    index = KeyIndex(Key("id"), {"id": np.array(expected, dtypes[0])})
    absent = bool(set(expected) - set(given_keys))
    for rows in (np.array(given_keys, dtypes[1]), text(*map(str, given_keys))):
        assert ("missing_rows" in codes(index, rows)) == absent
    shuffled = data.draw(st.permutations(expected))
    found = order(index, np.array(shuffled, dtypes[0]))
    assert expected == [shuffled[at] for at in (range(len(expected)) if found is None else found)]


def test_one_wrong_cell_makes_no_other_key_wrong() -> None:
    index = KeyIndex(Key("id"), {"id": np.array([2**60, 2**60 + 1, 2**60 + 2])})
    for cell in ("abc", "", "1e18", "0.5", "1_0", str(2**60 + 3), str(2**70)):
        _, (problem, _) = index.locate({"id": text(str(2**60), cell, str(2**60 + 2))})
        assert f"1 of 3 expected rows is missing: (id={2**60 + 1});" in str(problem)


@pytest.mark.parametrize("cell", ["", "NA", "0.5", "1e3", "1e18", f"{2**60 + 1}.0", "inf"])
def test_nor_does_it_in_a_file(cell: str) -> None:
    table, keys = Table(Key("id"), WholeNumber("x")), [2**60 + at for at in range(3)]
    grading = Grading(submission=table, answers=table, metric=accuracy)
    answers = grading.read_answers("\n".join(["id,x", *(f"{key},1" for key in keys)]).encode())
    submission = f"id,x\n{keys[0]},1\n{cell},1\n {keys[2]}\t,1\n"
    for data in (submission, submission.replace("\n", "\r\n")):  # without pandas, and with it
        _, problems = grading.check(data.encode(), answers)
        assert [problem.rows for problem in problems] == [(), (2,)]
        assert f"1 of 3 expected rows is missing: (id={2**60 + 1});" in str(problems[0])
        # Nor are keys alike that only doubles make alike.
        assert grading.check(data.encode(), None)[1] == []


def test_text_keys_compare_as_written() -> None:
    index = KeyIndex(Key("id", text=True), {"id": text("007", "1e3")})
    assert codes(index, text("7", "1000")) == ["missing_rows", "unexpected_rows"]


def test_composite_keys() -> None:
    index = KeyIndex(Key("id", "class"), {"id": text("a", "a", "b"), "class": text("x", "y", "x")})
    assert order(index, text("b", "a", "a"), text("x", "y", "x")) == [2, 1, 0]
    assert codes(index, text("a", "a", "b"), text("x", "y", "y")) == [
        "missing_rows",
        "unexpected_rows",
    ]


def test_repeated_keys_pair_by_occurrence() -> None:
    index = KeyIndex(Key("id", repeats=True), {"id": text("a", "b", "a")})
    assert order(index, text("b", "a", "a")) == [1, 0, 2]
    assert codes(index, text("b", "a", "b")) == ["missing_rows", "unexpected_rows"]


def test_extra_rows_are_passed_over_but_may_not_repeat() -> None:
    index = KeyIndex(Key("id"), {"id": text("a", "b")})
    assert order(index, text("x", "b", "a", "y"), extra_rows=True) == [2, 1]
    assert codes(index, text("x", "b", "a", "x"), extra_rows=True) == ["duplicate_rows"]


def test_which_rows_are_scored_stays_secret_where_further_rows_may_stand() -> None:
    index = KeyIndex(Key("id"), {"id": text("secret", "b")})
    _, (problem,) = index.locate({"id": text("b", "x")}, extra_rows=True)
    assert problem.code == "missing_rows"
    assert "secret" not in problem.message
    assert "2" not in problem.message


def test_keys_beyond_64_bits_are_text() -> None:
    table, keys = Table(Key("id"), WholeNumber("x")), [10**30 + at for at in range(3)]
    data = ["id,x", *(f"{key},{at}" for at, key in enumerate(keys))]
    grading = Grading(submission=table, answers=table, metric=accuracy)
    answers = grading.read_answers("\n".join(data).encode())
    for rows in ((1, 2, 3), (3, 2, 1)):
        submission = "\n".join([data[0], *(data[row] for row in rows)])
        assert grading.score(submission.encode(), answers).score == 1


def test_distinct_numbers_keys_by_first_appearance() -> None:
    firsts, owner = distinct({"id": text("b", "b", "a", "b")})
    assert firsts.tolist() == [0, 2]
    assert owner.tolist() == [0, 0, 1, 0]
