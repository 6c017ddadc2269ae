"""Files that are read without a parser: the cells are those of the csv module and of pandas."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlegrade.errors import InvalidSubmissionError
from mlegrade.metrics import mean_absolute_error
from mlegrade.schema import Grading, Key, Number, _parser, _plain, _structure, reader
from mlegrade.schema._parser import _EXACT, parse
from mlegrade.schema.cells import Cells, missing
from mlegrade.schema.reader import MISSING_WORDS, CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping

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


# Numbers of every size and form, and what looks like one; not the least integer of 64 bits, which
# pandas takes for a missing cell beside missing cells.
NUMERALS = (
    st.integers().filter(lambda number: number != -(2**63)).map(str)
    | st.integers(-(10**25), 10**25).map(str)
    | st.floats(allow_nan=False).map(repr)
    | st.sampled_from([
        "18446744073709551615", "18446744073709551616", "9223372036854775808", "1" * 309,
        "-9223372036854775809", "-" + "1" * 400, "12345678901234567890123.", "+1", "1.", ".5",
        "1e400", "1E5", "007", " 7", "7 ", "", "NA", "1_0", "\x1c1", "\u0661", "0x1", "1e", "x",
        "True", "False", "inf", "-Infinity", "+nan",
    ])
)  # fmt: skip


@example(["1" * 309])
@example(["0", "-9223372036854775809"])
@example(["", "9223372036854775808"])
@given(st.lists(NUMERALS, min_size=1, max_size=5))
def test_a_number_is_the_same_however_it_is_read(cells: list[str]) -> None:
    """Small files, large ones, and those in which another column is no number, say the same."""

    def decoded(columns: Mapping[str, NDArray[Any]]) -> object:
        table = Cells({"v": columns["v"]}, None, str)
        values = Number("v").decode(table, None)
        wrong = {(problem.code, problem.rows) for problem in table.problems}
        return wrong or values.tolist()

    lines = [f"{cell},seven\n".encode() for cell in cells]
    data, header = b"v,t\n" + b"".join(lines), ["v", "t"]
    found = []
    for kind in (CellKind.TEXT, CellKind.NUMBER):  # as which "seven" makes pandas infer all types
        parsed = parse(data, header, {0: CellKind.NUMBER, 1: kind}, {})
        found.append(decoded(parsed.columns))
    split = reader._read_split(data, header, {0: CellKind.NUMBER, 1: CellKind.TEXT}, {})
    if split is not None:
        found.append(decoded(split.columns))
    assert found == [found[0]] * len(found)
    inferred = pd.read_csv(io.BytesIO(data), **_EXACT)["v"]
    if inferred.dtype.kind in "iuf" and np.isfinite(inferred).all():
        assert found[0] == inferred.astype(np.float64).tolist()


def test_whole_numbers_beyond_64_bits_are_doubles() -> None:
    """pandas makes text of a column of whole numbers of which one does not fit."""
    text = "id,x\na,1\nb,{}\n"
    for cell in ("18446744073709551616", "-9223372036854775809", "12345678901234567890123"):
        data = text.format(cell).encode()
        assert pd.read_csv(io.BytesIO(data))["x"].dtype.kind not in "iuf"
        grading = Grading.alike(Key("id"), Number("x"), metric=mean_absolute_error)
        assert grading.score(data, grading.read_answers(data)).score == 0.0
        values, _ = grading.check(data, None)
        assert values is not None
        assert values.only.tolist() == [1.0, float(cell)]


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
    _structure.check_text(data)
    for broken, line in ((data[:-2], 3), (data + b"\xe9", 4)):
        with pytest.raises(InvalidSubmissionError, match=f"line {line} ") as caught:
            _structure.check_text(broken)
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
