"""Files that are read without a parser: the cells are those of the csv module and of pandas."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema import _parser, _plain, _structure, reader
from mlegrade.schema._parser import parse
from mlegrade.schema.cells import missing
from mlegrade.schema.reader import MISSING_WORDS, CellKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXTS = st.text(st.sampled_from('ab1,"\n é\u0301😀'), max_size=6) | st.sampled_from(["NA", "", "7"])
QUOTING = st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])


@st.composite
def files(draw: st.DrawFn) -> tuple[list[list[str]], bytes]:
    """Draw a table and the file that holds it."""
    width = draw(st.integers(2, 4))
    header = [f"c{place}" for place in range(width)]
    row = st.lists(TEXTS, min_size=width, max_size=width)
    rows = [header, *draw(st.lists(row, max_size=6))]
    out = io.StringIO()
    csv.writer(out, quoting=draw(QUOTING), lineterminator="\n").writerows(rows)
    text = out.getvalue()
    return rows, (text if draw(st.booleans()) else text.removesuffix("\n")).encode()


@pytest.mark.parametrize("piece", [1, 2, 7, 1 << 17])
@given(file=files())
def test_cells_are_those_that_were_written(piece: int, file: tuple[list[list[str]], bytes]) -> None:
    rows, data = file
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_plain, "_PIECE", piece)
        cells = _plain.split_cells(data, len(rows[0]), dict.fromkeys(range(len(rows[0])), ()))
    assert cells is not None
    assert cells.n_rows == len(rows) - 1
    for place in range(len(rows[0])):
        assert cells.column(place) == [row[place] for row in rows[1:]]


@given(files(), st.data())
def test_broken_files_are_read_as_before_or_left_to_pandas(
    file: tuple[list[list[str]], bytes], data: st.DataObject
) -> None:
    _, content = file
    at = data.draw(st.integers(0, len(content)))
    mark = data.draw(st.sampled_from([b'"', b",", b"\n", b'""', b"\r", b"x"]))
    try:
        checked, header = reader.read_header_of(content[:at] + mark + content[at:])
    except InvalidSubmissionError:
        return  # in the middle of a letter, or in the header
    kinds = dict.fromkeys(range(len(header)), CellKind.TEXT)
    split = reader._read_split(checked, header, kinds, {})
    if split is not None:
        parsed = parse(checked, header, kinds, {})
        assert split.n_rows == parsed.n_rows
        for name in header:
            found, expected = split.columns[name], parsed.columns[name]
            assert np.array_equal(missing(found), missing(expected))
            assert found[~missing(found)].tolist() == expected[~missing(expected)].tolist()


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,"x\n',
        'a,b\n1,x"y"\n',
        'a,b\n1,"x"y\n',
        'a,b\n1, "x"\n',
        'a,b\n1,"x","y"\n',
        'a,b\n1,"x"\n\n2,y\n',
        'a,b\n"1"\n2,y\n',
        'a,b\r\n1,"x"\r\n',
        'a,b\n1,"x"\n2\n',
        'a,b\n1,"x"\n2,y,3,4\n5\n6,7\n',
        'a\n"x"\n',
    ],
)
def test_what_is_left_to_pandas(text: str) -> None:
    header, _, _ = text.partition("\n")
    assert _plain.split_cells(text.encode(), header.count(",") + 1, {0: ()}) is None


def test_numbers_in_quotes_are_numbers() -> None:
    data, header = reader.read_header_of(b'a,b,c\n"1","2.5","x, y"\n2,"-1e3",""\n')
    kinds = {"a": CellKind.INTEGER, "b": CellKind.NUMBER, "c": CellKind.TEXT}
    table = reader.read_csv(data, header, kinds)
    assert table.columns["a"].tolist() == [1, 2]
    assert table.columns["b"].tolist() == [2.5, -1000.0]
    assert table.columns["c"][0] == "x, y"
    assert np.isnan(table.columns["c"][1])


@pytest.mark.parametrize("kind", [CellKind.INTEGER, CellKind.NUMBER])
@given(cells=st.lists(st.text("12,-.", max_size=4), min_size=1, max_size=5))
def test_commas_within_cells_make_no_numbers(kind: CellKind, cells: list[str]) -> None:
    """What is split by Python and joined again means what it does to pandas."""
    text = "a,b\n" + "".join(f'"{cell}",x\n' for cell in cells)
    kinds = {0: kind, 1: CellKind.TEXT}
    split = reader._read_split(text.encode(), ["a", "b"], kinds, {})
    if split is not None:
        parsed = parse(text.encode(), ["a", "b"], dict(kinds), {})
        assert np.array_equal(split.columns["a"], parsed.columns["a"])


def test_a_cell_larger_than_many_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plain, "_PIECE", 64)
    long = 'a,"\n' * 10_000
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["k", "v"], ["1", long], ["2", "b"]])
    cells = _plain.split_cells(out.getvalue().encode(), 2, {1: ()})
    assert cells is not None
    assert cells.column(1) == [long, "b"]


@pytest.mark.parametrize("chunk", [4, 5, 6, 7])
def test_letters_may_lie_across_chunks(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_structure, "_SMALL_CHUNK", chunk)
    data = "a,b\né😀é,x\nà,😀😀\n".encode()
    assert _structure.check_bytes(data) == data
    for broken, line in ((data[:-2], 3), (data + b"\xe9", 4)):
        with pytest.raises(InvalidSubmissionError, match=f"line {line} ") as caught:
            _structure.check_bytes(broken)
        assert caught.value.code == "not_utf8"


CELLS = ["0", "1", "2.5", "-3", "007", "", "nan", "NA", "True", "false", "inf", "-1e400", "1e-5"]
CELLS += ["x", " 4", "+5", "9223372036854775808", "-9223372036854775809", "1_0", "0x1", "5."]
WIDE = st.sampled_from(["1", "0.5", "1", "0.5", "", *CELLS])
KINDS = {"n": CellKind.NUMBER, "i": CellKind.INTEGER, "t": CellKind.TEXT, "v": CellKind.VERBATIM}


def meanings(column: NDArray[Any], kind: CellKind) -> list[object]:
    """Return what a column's cells are, whether they are read as numbers or as text."""
    if kind not in {CellKind.NUMBER, CellKind.INTEGER}:
        return list(np.where(missing(column), "missing", column))
    found: list[object] = []
    for cell in column.tolist():
        try:
            number = float("nan" if isinstance(cell, bool) or "_" in str(cell) else cell)
        except ValueError:
            number = float("nan")
        # Beside integers beyond 64 bits, pandas leaves the words of missing cells what they are.
        text = "nan" if str(cell) in MISSING_WORDS else str(cell)
        found.append(text if np.isnan(number) else number)
    return found


@given(rows=st.lists(st.tuples(WIDE, WIDE, WIDE, WIDE), min_size=1, max_size=40), data=st.data())
def test_a_cell_means_the_same_however_pandas_is_asked(
    rows: list[tuple[str, ...]], data: st.DataObject
) -> None:
    """Left to find out, or told what to find."""
    names = data.draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, unique=True))
    lines = ["k," + ",".join(names)]
    lines += [f"a{at}," + ",".join(row[: len(names)]) for at, row in enumerate(rows)]
    content, header = reader.read_header_of(("\n".join(lines) + "\n").encode())
    wanted = {place: KINDS[name] for place, name in enumerate(names, start=1)}
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_parser, "_LEAST_LINES", 3)
        for piece in (1 << 20, 1):
            patch.setattr(_parser, "_LEAST_PIECE", piece)
            patch.setattr(_parser, "_LARGEST_PIECE", piece)
            table = parse(content, header, dict(wanted), {})
            found.append({name: meanings(table.columns[name], KINDS[name]) for name in names})
    assert found[0] == found[1]
