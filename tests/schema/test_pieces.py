"""Files that are read in pieces: nothing depends on where one ends, and little is kept twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mlegrade.schema import _parser, _plain
from mlegrade.schema.keys import Key, KeyIndex
from mlegrade.schema.reader import CellKind, read_csv, read_header_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_ROWS = 200
KEYS = np.array([f"key {row}" for row in range(N_ROWS)], object)
WAYS = ["plain", "quoted", "pandas"]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plain, "_PIECE", 256)
    for name, size in {"_LEAST_PIECE": 256, "_LARGEST_PIECE": 256, "_LEAST_LINES": 1}.items():
        monkeypatch.setattr(_parser, name, size)


def read(keys: list[str], way: str) -> dict[str, NDArray[Any]]:
    mark = '"' if way == "quoted" else ""
    # A carriage return is enough for pandas to be asked.
    end = "\r\n" if way == "pandas" else "\n"
    lines = ["k,n,t"] + [f"{mark}{key}{mark},{row},t{row % 3}" for row, key in enumerate(keys)]
    data, header = read_header_of((end.join(lines) + end).encode())
    kinds = {"k": CellKind.VERBATIM, "n": CellKind.NUMBER, "t": CellKind.TEXT}
    return dict(read_csv(data, header, kinds, {"k": KEYS}).columns)


@pytest.mark.parametrize("way", WAYS)
def test_expected_text_is_not_kept_twice(way: str) -> None:
    columns = read(KEYS.tolist(), way)
    assert all(found is key for found, key in zip(columns["k"], KEYS, strict=True))
    assert columns["n"].tolist() == list(range(N_ROWS))
    assert columns["t"].tolist() == [f"t{row % 3}" for row in range(N_ROWS)]


@pytest.mark.parametrize("largest", [256, 1 << 20])  # told what to find, and left to find out
@pytest.mark.parametrize("last", ["7", "0.5", ""])
def test_numbers_are_read_alike(largest: int, last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parser, "_LARGEST_PIECE", largest)
    rows = [*range(N_ROWS), last]
    data, header = read_header_of(("n,m\r\n" + "".join(f"{n},{n}\r\n" for n in rows)).encode())
    table = read_csv(data, header, {"n": CellKind.NUMBER, "m": CellKind.INTEGER})
    expected = [*range(N_ROWS), float(last or "nan")]
    for name in ("n", "m"):
        assert np.array_equal(table.columns[name], expected, equal_nan=True)
    assert (table.columns["m"].dtype.kind == "i") == (last == "7")


@pytest.mark.parametrize("n_true", [1, 2, 16, 40, N_ROWS - 1])
@pytest.mark.parametrize("ending", ["\r\n", ""])
@pytest.mark.parametrize("word", ["True", "false", '"tRue"'])
def test_true_after_numbers_is_text(n_true: int, ending: str, word: str) -> None:
    cells = ["0.5"] * (N_ROWS - n_true) + [word] * n_true
    lines = ["k,n", *(f"{key},{cell}" for key, cell in zip(KEYS, cells, strict=True))]
    data, header = read_header_of(("\r\n".join(lines) + ending).encode())
    table = read_csv(data, header, {"k": CellKind.VERBATIM, "n": CellKind.NUMBER})
    assert table.columns["n"].dtype == object


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("change", ["first", "middle", "last", "one less", "one more", "none"])
def test_unexpected_text_is_read_as_it_stands(way: str, change: str) -> None:
    keys = KEYS.tolist()
    if change == "one more":
        keys.append("more")
    elif change == "one less":
        keys.pop()
    elif change == "none":
        keys = []
    else:
        keys[{"first": 0, "middle": N_ROWS // 2, "last": -1}[change]] = "another"
    columns = read(keys, way)
    assert columns["k"].tolist() == keys
    assert columns["n"].tolist() == list(range(len(keys)))


@pytest.mark.parametrize("way", ["plain", "quoted"])
def test_text_that_repeats_itself_is_kept_once_or_a_few_times(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_plain, "_MANY", 2)
    texts = read(KEYS.tolist(), way)["t"]
    assert len({id(text) for text in texts}) < N_ROWS / 2


@pytest.mark.parametrize("width", [1, 2])
def test_keys_with_the_same_hash_are_told_apart(width: int) -> None:
    class Same(str):
        __slots__ = ()

        def __hash__(self) -> int:
            return 7

    def index(*texts: str) -> KeyIndex:
        columns = [f"c{place}" for place in range(width)]
        return KeyIndex(Key(*columns), {name: np.array(texts, object) for name in columns})

    assert not index(Same("a"), Same("b")).repeated
    assert index(Same("a"), Same("b"), Same("a")).repeated
