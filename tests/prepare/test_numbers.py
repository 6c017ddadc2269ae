"""Numbers as pandas 2 reads them: compared with pandas 2 itself, where that is installed."""

from __future__ import annotations

import io
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.prepare import _numbers, read_csv_as_pandas_2

OLD = _numbers._PANDAS < (3, 1)

DIGITS = st.text("0123456789", max_size=22)
TEXTS = st.builds(
    lambda sign, whole, decimals, exponent: f"{sign}{whole or 0}.{decimals}{exponent}",
    st.sampled_from(["", "-"]),
    DIGITS,
    DIGITS,
    st.sampled_from(["", "", "e5", "E-7", "e+2", "e-300", "e280"]),
)
KNOWN = ["37.904611315634504", "-86.48107806249548", "0.1", "0.30000000000000004", "41.32"]


@given(st.lists(TEXTS, min_size=1, max_size=30))
def test_numbers_are_those_of_pandas_2(texts: list[str]) -> None:
    ours = [_numbers.to_float(text) for text in texts]
    if OLD:
        theirs = pd.read_csv(io.StringIO("a\n" + "\n".join(texts)), dtype={"a": float})["a"]
        np.testing.assert_array_equal(ours, theirs)
    for text, number in zip(texts, ours, strict=True):
        exact = float(text)
        # Near, and the same where there are few digits.
        assert math.isclose(number, exact, rel_tol=1e-13, abs_tol=1e-300)


@given(st.lists(st.integers(-(10**15) + 1, 10**15 - 1), min_size=1), st.integers(0, 15))
def test_numbers_of_few_digits_are_exact(numbers: list[int], places: int) -> None:
    texts = [f"{number / 10**places:.{places}f}" for number in numbers]
    short = [text for text in texts if sum(map(str.isdigit, text)) <= 15]
    assert [_numbers.to_float(text) for text in short] == [float(text) for text in short]


@pytest.mark.parametrize("kind", ["path", "file"])
def test_a_table_is_read_in_that_way(kind: str, tmp_path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        f"{name},{text},{at}" for at, (name, text) in enumerate(zip("abcde", KNOWN, strict=True))
    ]
    path.write_text("\n".join(["name,number,place", *rows, "f,,5"]) + "\n")
    if kind == "path":
        table = read_csv_as_pandas_2(path)
    else:
        with path.open("rb") as file:
            table = read_csv_as_pandas_2(file)
    assert table["number"].tolist()[:-1] == [_numbers.to_float(text) for text in KNOWN]
    assert math.isnan(table["number"].iloc[-1])
    assert table["place"].tolist() == list(range(6))
    whole = read_csv_as_pandas_2(path, usecols=["name", "place"])
    assert list(whole) == ["name", "place"]
