"""Cell formats: fast decoders agree with obvious ones."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlegrade import formats
from mlegrade.formats import integers, permutations
from mlegrade.metrics.masks import Runs

texts = st.lists(st.text(st.sampled_from("0129 +-.x\t\n\u00a0\u0663"), max_size=12), max_size=8)


def obvious_integers(cell: str) -> list[int] | None:
    tokens = cell.split()
    plain = all(t.lstrip("+-").isascii() and t.lstrip("+-").isdigit() for t in tokens)
    signs = all(len(t) - len(t.lstrip("+-")) <= 1 for t in tokens)
    return [int(token) for token in tokens] if plain and signs else None


def decoded_integers(cells: list[str]) -> tuple[list[list[int]], list[int]]:
    """Return the integers of each cell, and the places of cells that hold something else."""
    found: list[list[int]] = []
    places: list[int] = []
    for lists, bad in integers.integer_batches(cells):
        places += (len(found) + bad).tolist()
        found += [lists[place].tolist() for place in range(len(lists))]
    return found, places


@given(texts)
def test_integers_are_those_of_a_plain_loop(cells: list[str]) -> None:
    expected = [obvious_integers(cell) for cell in cells]
    bad = [place for place, e in enumerate(expected) if e is None]
    assert decoded_integers(cells) == ([e or [] for e in expected], bad)


@pytest.mark.parametrize("batch", [1, 7, 1 << 22])
def test_batches_do_not_show(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integers, "_BATCH", batch)
    cells = ["1 2 3", "", "x", "+4", "55 6", "7" * 19, "8"]
    assert decoded_integers(cells) == ([[1, 2, 3], [], [], [4], [55, 6], [], [8]], [2, 5])


def test_noughts_in_front_do_not_count() -> None:
    noughts = "0" * 5000
    cells = [f"{noughts}1 3", f"-{noughts}2 +{noughts}", f"{noughts}{'1' * 19}", "+", f"{noughts}x"]
    assert decoded_integers(cells) == ([[1, 3], [-2, 0], [], [], []], [2, 3, 4])


@pytest.mark.parametrize("last", [2**31 - 2, 2**31 - 1, 2**31, 10**17])
def test_runs_end_where_they_say(last: int) -> None:
    runs, faults = formats.decode_run_lengths([f"1 {last}", "3 1"])
    assert not faults
    assert runs.ends.tolist() == [last, 3]


masks = st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=5)


@given(masks)
def test_run_lengths_return_to_the_same_masks(rows: list[list[bool]]) -> None:
    runs = Runs.from_masks([np.array(row).reshape(2, 3) for row in rows], order="F")
    decoded, faults = formats.decode_run_lengths(formats.encode_run_lengths(runs), 6)
    assert not faults
    for place, row in enumerate(rows):
        assert np.array_equal(
            decoded.to_mask(place, (2, 3), order="F"), np.array(row).reshape(2, 3)
        )


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1 3.5", "not_an_integer"),
        ("salt", "not_an_integer"),
        ("1,3", "not_an_integer"),
        ("1 99999999999999999999", "not_an_integer"),
        ("5", "odd_run_lengths"),
        ("1 3 10", "odd_run_lengths"),
        ("0 5", "run_below_one"),
        ("5 0", "run_below_one"),
        ("5 -2", "run_below_one"),
        ("10 5 1 3", "runs_not_ascending"),
        ("1 5 3 4", "runs_not_ascending"),
        ("4 2 4 2", "runs_not_ascending"),
        ("98 4", "run_outside_image"),
        ("1 1000000000000", "run_outside_image"),
        ("1 999999999999999999", "run_outside_image"),
    ],
)
def test_broken_run_lengths(cell: str, code: str) -> None:
    _, faults = formats.decode_run_lengths(["1 2", cell], [100, 100])
    assert [(fault.code, fault.where.tolist()) for fault in faults] == [(code, [1])]


CELLS = ["1 2", "", "4 2 9 1", "3 0", "9 2 1 1", "50 2 99 9", "2 1", ""]


@pytest.mark.parametrize("batch", [1, 6, 1 << 22])
def test_batches_of_run_lengths_do_not_show(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integers, "_BATCH", batch)
    runs, faults = formats.decode_run_lengths(CELLS, np.full(len(CELLS), 100))
    assert {fault.code: fault.where.tolist() for fault in faults} == {
        "run_below_one": [3],
        "runs_not_ascending": [4],
        "run_outside_image": [5],
    }
    assert runs.areas()[[0, 1, 2, 6, 7]].tolist() == [2, 0, 3, 1, 0]
    _, faults = formats.decode_run_lengths([*CELLS, "1 2 3", "x"], 100)
    assert [(fault.code, fault.where.tolist()) for fault in faults] == [
        ("not_an_integer", [len(CELLS) + 1]),
        ("odd_run_lengths", [len(CELLS)]),
    ]


@pytest.mark.parametrize("batch", [1, 1 << 22])
def test_runs_beyond_32_bits(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integers, "_BATCH", batch)
    runs, faults = formats.decode_run_lengths(["1 2", "2147483647 1", f"{2**31} 1 {2**40} 5"])
    assert not faults
    assert runs.starts.tolist() == [0, 2**31 - 2, 2**31 - 1, 2**40 - 1]
    assert runs.ends.tolist() == [2, 2**31 - 1, 2**31, 2**40 + 4]
    assert formats.encode_run_lengths(runs)[1] == "2147483647 1"


def test_touching_runs_and_the_last_pixel_are_fine() -> None:
    runs, faults = formats.decode_run_lengths(["1 3 4 2 100 1"], 100)
    assert not faults
    assert runs.areas().tolist() == [6]


def test_groups() -> None:
    groups, faults = formats.decode_groups(
        ["0.5 1 car -1 2e3 bus", "", "1 1 car"], size=3, label=2, separator=" "
    )
    assert not faults
    assert groups.owner.tolist() == [0, 0, 2]
    assert groups.numbers.tolist() == [[0.5, 1.0], [-1.0, 2000.0], [1.0, 1.0]]
    assert [groups.labels.names[code] for code in groups.labels.codes] == ["car", "bus", "car"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1 2", "incomplete_group"),
        ("1  2 car", "incomplete_group"),
        ("1 x car", "not_a_number"),
        ("1 nan car", "not_finite"),
        ("1 1e999 car", "not_finite"),
        (" 1 car", "not_a_number"),
        ("1_1 2 car", "not_a_number"),
        ("１ 2 car", "not_a_number"),
        ("1 2\t car", "not_a_number"),
    ],
)
def test_broken_groups(cell: str, code: str) -> None:
    _, faults = formats.decode_groups(["1 2 a", cell], size=3, label=2, separator=" ")
    assert [(fault.code, fault.where.tolist()) for fault in faults] == [(code, [1])]


@given(
    st.lists(
        st.sampled_from(["706016001", "0706016001", " 12", "012\n", "\r\n\v7", "+5"])
        | st.sampled_from(["706016001", " inf", "1.5", "7 8", "7\n8", "w", None])
    )
)
def test_text_after_type_inference_is_that_of_pandas(cells: list[str | None]) -> None:
    array = np.array(cells, dtype=object)
    missing = np.array([cell is None for cell in cells], bool)
    quoted = ["" if cell is None else f'"{cell}"' for cell in cells]
    written = "k,x\n" + "".join(f"{place},{cell}\n" for place, cell in enumerate(quoted))
    expected = pd.read_csv(io.StringIO(written, newline=""), skip_blank_lines=False)["x"]
    found = formats.as_read_by_pandas(array, missing)
    assert found[~missing].tolist() == [str(value) for value in expected[~missing]]


@given(st.lists(st.text(st.sampled_from("ab "), max_size=6)), st.none() | st.integers(0, 3))
def test_words_are_those_of_a_plain_loop(cells: list[str], at_most: int | None) -> None:
    empty = np.array([cell == "" for cell in cells], bool)
    lists = formats.split_at_blanks(cells, empty, at_most=at_most)
    expected = [cell.split(" ")[:at_most] if cell else [] for cell in cells]
    assert list(lists) == lists[:] == [lists[place] for place in range(len(lists))] == expected
    sets = formats.WordSets(lists)
    assert list(sets) == sets[:] == [sets[place] for place in range(len(sets))]
    assert sets[:] == list(map(frozenset, expected))


def test_spans() -> None:
    cells = ["1:2", " -1 : 7 ", "YES", " NO ", "", "  "]
    spans, faults = formats.decode_spans(cells, ("YES", "NO"))
    assert spans == [(1, 2), (-1, 7), "YES", "NO", None, None]
    assert not faults


def test_long_numbers_are_spans() -> None:
    spans, faults = formats.decode_spans([f"{'0' * 9000}3:{'9' * 300}", f"1:{'1' * 9000}"], ())
    assert spans[0] == (3, 10**300 - 1)
    assert spans[1] > (1, 10**300)
    assert not faults


@pytest.mark.parametrize(
    "cell", ["yes", "17", "1:2:3", "1.5:2", "12:", ":3", "a 1:2", "1:b", "1_0:2", "１:2"]
)
def test_broken_spans(cell: str) -> None:
    _, (fault,) = formats.decode_spans(["", cell], ("YES", "NO"))
    assert (fault.code, fault.where.tolist()) == ("not_a_span", [1])


@given(st.lists(st.integers(0, 30), unique=True, min_size=1), st.randoms())
def test_permutations(items: list[int], random) -> None:
    listed = [f"c{item}" for item in items]
    random.shuffle(listed)
    given_items = [f"c{item}" for item in items]
    places, faults = formats.decode_permutations(
        [" ".join(listed)], formats.Items([" ".join(given_items)])
    )
    assert not faults
    assert [given_items[place] for place in places[0]] == listed


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw the items of some rows, and cells that list them, or nearly so."""
    width = draw(st.none() | st.integers(1, 9))  # of all words, or each its own
    sizes = {"min_size": width or 1, "max_size": width or 9}
    word = st.text("abA1\x7f" + draw(st.sampled_from(["", "é", "\u00a0", "\x1f", "\x01"])), **sizes)
    gap = st.sampled_from([" "] * 20 + ["  ", "\t", "\n"])
    given_cells, listed_cells = [], []
    for _ in range(draw(st.integers(1, 4))):
        items = draw(st.lists(word, min_size=1, max_size=6, unique=True))
        listed = draw(st.permutations(items))
        if draw(st.integers(0, 3)) == 0:
            listed[draw(st.integers(0, len(listed) - 1))] = draw(word)
        given_cells.append(" ".join(items))
        listed_cells.append("".join(w + draw(gap) for w in listed[:-1]) + listed[-1])
    return given_cells, listed_cells


@pytest.mark.parametrize("batch", [1, 20, 1 << 18])
@given(cells=orders())
def test_orders_are_those_of_a_plain_loop(batch: int, cells: tuple[list[str], list[str]]) -> None:
    given_cells, listed_cells = cells
    pairs = [(true.split(), cell.split()) for true, cell in zip(*cells, strict=True)]
    if any(len(set(true)) < len(true) for true, _ in pairs):
        return  # blanks of other scripts take words apart
    bad = [place for place, (true, cell) in enumerate(pairs) if sorted(true) != sorted(cell)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permutations, "_BATCH", batch)
        places, faults = formats.decode_permutations(listed_cells, formats.Items(given_cells))
    assert [fault.where.tolist() for fault in faults] == ([bad] if bad else [])
    if not bad:
        found = [[true[at] for at in places[row]] for row, (true, _) in enumerate(pairs)]
        assert found == [cell for _, cell in pairs]


ROW = st.lists(st.text("abA1", min_size=1, max_size=8), min_size=1, max_size=5)


@given(rows=st.lists(ROW, min_size=1, max_size=3))
@example(rows=[["aa", "b", "ccc"]])  # as long as words of the first one's width
@example(rows=[["aa", "b"], ["ccc"]])
def test_words_are_taken_apart_where_they_end(rows: list[list[str]]) -> None:
    words = permutations._Words.of([" ".join(row) for row in rows])
    assert words is not None
    texts = [code.tobytes().rstrip(b"\0").decode() for code in words.codes]
    ends = np.cumsum(words.counts)
    for row, begin, end in zip(rows, ends - words.counts, ends, strict=True):
        found = zip(words.places[begin:end].tolist(), texts[begin:end], strict=True)
        assert sorted(found) == list(enumerate(row))


@pytest.mark.parametrize("cell", ["a b", "a b c d", "a b b", "a b x", ""])
def test_broken_permutations(cell: str) -> None:
    _, (fault,) = formats.decode_permutations(["c b a", cell], formats.Items(["a b c", "a b c"]))
    assert (fault.code, fault.where.tolist()) == ("not_a_permutation", [1])
