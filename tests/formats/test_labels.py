"""Cells of labels: fast decoders agree with obvious ones."""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade import formats
from mlegrade.formats import label_sets

CELLS = st.lists(st.text(st.sampled_from("ab1 \t\u00a0\u200b\n"), max_size=8), max_size=10)
FIRSTS = st.lists(st.text(st.sampled_from("01 9+-.x\t\u00a0\u0663"), max_size=6), max_size=8)


@pytest.mark.parametrize("piece", [1, 5, 1 << 20])
@given(cells=CELLS)
def test_label_sets_are_those_of_a_plain_loop(piece: int, cells: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label_sets, "_PIECE", piece)
        patch.setattr(label_sets, "_CELLS_AT_ONCE", piece)
        sets = formats.decode_label_sets(cells)
    found: list[set[object]] = [set() for _ in cells]
    for row, code in zip(sets.rows, sets.codes, strict=True):
        found[row].add(sets.labels[code])
    assert found == [set(cell.split()) for cell in cells]
    assert len(sets.rows) == sum(map(len, found))
    assert len(sets) == len(cells)


def test_a_label_may_hold_but_not_be_the_mark_of_an_end() -> None:
    assert list(formats.decode_label_sets(["a\0b c"]).labels) == ["a\0b", "c"]
    with pytest.raises(ValueError, match="NUL"):
        formats.decode_label_sets(["a \0 b"])


def obvious_integer(cell: str) -> int | None:
    word = (cell.split(maxsplit=1) or [""])[0]
    if not re.fullmatch("[+-]?[0-9]+", word):
        return None
    return int(word) if -(2**63) <= int(word) < 2**64 else None


@given(FIRSTS)
def test_first_integers_are_those_of_a_plain_loop(cells: list[str]) -> None:
    values, faults = formats.decode_first_integers(cells)
    expected = [obvious_integer(cell) for cell in cells]
    assert values.tolist() == [value or 0 for value in expected]
    bad = [place for place, value in enumerate(expected) if value is None]
    assert [place for fault in faults for place in fault.where.tolist()] == bad


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("71 22 5", 71.0),
        ("  +6\tx", 6.0),
        ("005", 5.0),
        ("-1", -1.0),
        (f"{2**64 - 1}", 2.0**64),
        (f"{2**64}", None),
        ("9" * 5000, None),
        (f"{'0' * 5000}7", 7.0),
        ("1_0", None),
        ("１", None),
        ("12.0", None),
        ("12,5", None),
        ("inf", None),
        ("True", None),
        (" ", None),
        ("", None),
    ],
)
def test_first_integers(cell: str, value: float | None) -> None:
    values, faults = formats.decode_first_integers(["3", cell])
    assert values.tolist() == [3.0, value or 0.0]
    assert [fault.where.tolist() for fault in faults] == ([[1]] if value is None else [])


NUMERALS = [
    "1", "-2", "0.5", " 3", "3\n", "\r\n0.5", "\f7\v", "8\x1c", "1e5", "inf", " inf", "-INF",
    "Infinity", "7.", ".5", "x", "1 2", "1\n2", "1_0",
]  # fmt: skip


@given(st.lists(st.sampled_from(NUMERALS), min_size=1, max_size=4))
def test_numbers_are_those_of_pandas(cells: list[str]) -> None:
    written = "x\n" + "\n".join(f'"{cell}"' for cell in cells)
    inferred = pd.read_csv(io.StringIO(written, newline=""))["x"]
    assert formats.all_numbers(np.array(cells, object)) == (inferred.dtype.kind in "if")


@pytest.mark.parametrize("digit", ["5", "0", " "])
def test_a_million_digits_before_a_letter_take_no_time(digit: str) -> None:
    cells = np.array(["1", digit * 1_000_000 + "x"], object)
    assert not formats.all_numbers(cells)
    assert formats.as_read_by_pandas(cells, np.zeros(2, bool)).tolist() == cells.tolist()
    _, faults = formats.split_numerals(cells.tolist())
    assert [fault.where.tolist() for fault in faults] == [[1]]


def test_no_cells_are_no_numbers() -> None:
    assert not formats.all_numbers(np.array([], object))


def read_exactly(cells: list[str]) -> pd.Series:
    # Doubles are the nearest ones here; pandas before 3.1 has to be asked for them.
    asked = {} if pd.__version__ >= "3.1" else {"float_precision": "round_trip"}
    return pd.read_csv(io.StringIO("x\n" + "\n".join(cells)), **asked)["x"]


@given(st.lists(st.sampled_from(["1", "07", "12", "inf", "0", "-3", "1.0", "9" * 19])))
def test_bare_integers_keep_their_text_only_if_pandas_prints_it(cells: list[str]) -> None:
    found = formats.as_read_by_pandas(np.array(cells, object), np.zeros(len(cells), bool))
    expected = read_exactly(cells)
    assert found.tolist() == [str(value) for value in expected]


@pytest.mark.parametrize(
    ("lowest", "highest", "is_integer"),
    [
        (-(2**63), 2**63 - 1, True),
        (-(2**63) - 1, 0, False),
        (-1, 2**63, False),
        (0, 2**63, True),
        (0, 2**64 - 1, True),
        (0, 2**64, False),
    ],
)
def test_integers_lose_their_zeros_where_64_bits_hold_them(
    lowest: int, highest: int, *, is_integer: bool
) -> None:
    cells = ["007", str(lowest), str(highest)]
    found = formats.as_read_by_pandas(np.array(cells, object), np.zeros(3, bool))
    assert found.tolist() == ["7" if is_integer else "007", *cells[1:]]
