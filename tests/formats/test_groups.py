"""Groups of tokens and numerals: the quick ways agree with plain loops."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlegrade import formats
from mlegrade.formats import _group_form, groups
from mlegrade.formats.decimals import PADDING, parse_decimals

TOKENS = st.sampled_from(
    ["0", "7", "-0", "+5.", "-.5", "12.75", "123456789", "1e3", "99999999.99999999", "0.00000001",
     "1.", "inf", "nan", "1_0", "x", "car", "bus", "emergency_vehicle", ".", "-", "1.2.3", "é", "٣"]
)  # fmt: skip
PLAIN = re.compile(
    r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf|infinity|nan)", re.ASCII | re.IGNORECASE
)
GAPS = st.sampled_from([" ", " ", " ", "  ", "\t", "\n", "\x1c", "\u00a0"])
SHORT = re.compile(r"[+-]?([0-9]{1,8}|[0-9]{1,4}\.[0-9]{0,4}|\.[0-9]{1,8})")
DIGITS = st.text("0123456789", max_size=9)
NUMBERS = st.tuples(st.sampled_from(["", "-", "+"]), DIGITS, st.sampled_from(["", "."]), DIGITS)


@st.composite
def cells(draw: st.DrawFn) -> str:
    """Draw a cell: mostly whole groups of good tokens."""
    good = ["1 2 car", "0.5 -3 bus", "1204.75 7 a", "1 1e3 é"]
    if draw(st.booleans()):
        return " ".join(draw(st.lists(st.sampled_from(good), max_size=4)))
    tokens = draw(st.lists(TOKENS, max_size=7))
    return "".join(token + draw(GAPS) for token in tokens).removesuffix(" ")


def plain(token: str) -> float:
    if not PLAIN.fullmatch(token):
        raise ValueError(token)
    return float(token)


def naive(texts: list[str], form: dict[str, Any]) -> tuple[list[Any], dict[str, list[int]]]:
    """Decode cell by cell, and note what is wrong by kind."""
    found, wrong = [], {}
    for place, text in enumerate(texts):
        is_empty = not text or (form["blank_is_empty"] and text.isspace())
        tokens = [] if is_empty else text.split(form["separator"])
        rows = [tokens[at : at + 3] for at in range(0, len(tokens), 3)]
        if len(tokens) % 3:
            wrong.setdefault("incomplete_group", []).append(place)
            continue
        read = float if form["like_python"] else plain
        try:
            numbers = [[read(token) for token in row[:2]] for row in rows]
        except ValueError:
            wrong.setdefault("not_a_number", []).append(place)
            continue
        if not all(row[2] for row in rows):
            wrong.setdefault("empty_label", []).append(place)
        if not all(math.isfinite(number) for row in numbers for number in row):
            wrong.setdefault("not_finite", []).append(place)
        found += [(place, row, name) for row, (*_, name) in zip(numbers, rows, strict=True)]
    return found, wrong


@pytest.mark.parametrize("batch", [1, 12, 1 << 17])
@pytest.mark.parametrize("few", [0.1, 1.0])
@given(
    texts=st.lists(cells(), max_size=6),
    separator=st.sampled_from([None, " "]),
    options=st.fixed_dictionaries({"blank_is_empty": st.booleans(), "like_python": st.booleans()}),
)
def test_groups_are_those_of_a_plain_loop(
    batch: int, few: float, texts: list[str], separator: str | None, options: dict[str, bool]
) -> None:
    form: dict[str, Any] = {"separator": separator, **options}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "_BATCH", batch)
        patch.setattr(_group_form, "_FEW", few)
        decoded, faults = formats.decode_groups(texts, size=3, label=2, **form)
    found, wrong = naive(texts, form)
    assert {fault.code: fault.where.tolist() for fault in faults} == wrong
    if not wrong:
        names = [decoded.labels.names[code] for code in decoded.labels.codes]
        rows = zip(decoded.owner.tolist(), decoded.numbers.tolist(), names, strict=True)
        assert list(rows) == found
        assert decoded.n_cells == len(texts)


@given(st.lists(st.lists(st.tuples(st.floats(-1e9, 1e9), st.integers(-99, 99)), max_size=3)))
def test_groups_without_labels_return(rows: list[list[tuple[float, int]]]) -> None:
    texts = [formats.encode_groups(row) for row in rows]
    decoded, faults = formats.decode_groups(texts, size=2)
    assert not faults
    assert decoded.numbers.tolist() == [list(group) for row in rows for group in row]
    assert decoded.labels.codes.tolist() == [0] * len(decoded.numbers)


def test_no_cells() -> None:
    decoded, faults = formats.decode_groups([], size=5, label=0)
    assert not faults
    assert decoded.numbers.shape == (0, 4)
    assert len(decoded.labels) == 0


@given(st.lists(NUMBERS.map("".join) | TOKENS.filter(str.isascii), min_size=1))
def test_short_decimals_are_the_nearest_doubles(tokens: list[str]) -> None:
    text = " ".join([token or "x" for token in tokens])
    ends = np.cumsum([len(token or "x") + 1 for token in tokens]) - 1
    starts = ends - [len(token or "x") for token in tokens]
    buffer = np.frombuffer((text + " " * PADDING).encode(), np.uint8)
    values, is_read = parse_decimals(buffer, starts, ends)
    for token, value, good in zip(tokens, values.tolist(), is_read.tolist(), strict=True):
        if good:
            assert value == float(token)
            assert math.copysign(1.0, value) == math.copysign(1.0, float(token))
        if SHORT.fullmatch(token):
            assert good


@given(st.lists(st.text(st.sampled_from("0129 +-.x_\t\u00a0\u0663"), max_size=9), max_size=8))
@example(["+-0"])  # one sign only
def test_numerals(texts: list[str]) -> None:
    lists, faults = formats.split_numerals(texts)
    wrong = {fault.code: fault.where.tolist() for fault in faults}
    for place, text in enumerate(texts):
        tokens = text.split()
        plain = [token.removeprefix("+") if token[0] == "+" else token for token in tokens]
        digits = [token.removeprefix("-") for token in plain]
        signs = all(token[:2] not in ("+-", "+") for token in tokens)
        good = signs and all(token.isascii() and token.isdigit() for token in digits)
        assert (place in wrong.get("empty_list", [])) == (not tokens)
        assert (place in wrong.get("not_an_integer", [])) == (bool(tokens) and not good)
        if tokens and good:
            assert lists[place] == [str(int(token)) for token in tokens]


def test_numerals_of_any_size() -> None:
    lists, faults = formats.split_numerals(["9" * 5000, "0" * 9 + "7 -007 -0"])
    assert not faults
    assert lists == [["9" * 5000], ["7", "-7", "0"]]
