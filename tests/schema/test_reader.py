"""The reader: what a cell means, and which files are refused before a cell is read."""

from __future__ import annotations

import csv
import io
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas._libs.parsers import STR_NA_VALUES

from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema import _structure
from mlegrade.schema._structure import (
    check_cells_per_line,
    count_separators,
    read_first_row,
    read_header,
)
from mlegrade.schema.reader import MISSING_WORDS, CellKind, RawTable, read_csv, read_header_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBER, INTEGER, TEXT, VERBATIM = CellKind


def read(data: bytes | str, **kinds: CellKind) -> RawTable:
    content, header = read_header_of(data.encode() if isinstance(data, str) else data)
    return read_csv(content, header, kinds)


def code_of(data: bytes | str, **kinds: CellKind) -> str:
    with pytest.raises(InvalidSubmissionError) as caught:
        read(data, **(kinds or {"id": VERBATIM, "x": NUMBER}))
    return caught.value.code


# What the file may look like


@pytest.mark.parametrize(
    "data",
    [
        "id,x\na,1\nb,2\n",
        "id,x\r\na,1\r\nb,2\r\n",
        "id,x\ra,1\rb,2\r",
        "id,x\na,1\nb,2",
        "\ufeffid,x\na,1\nb,2\n",
        "\n\nid,x\n\na,1\n   \nb,2\n\n",
        '"id","x"\n"a","1"\n"b","2"\n',
    ],
    ids=["lf", "crlf", "cr", "no_last_newline", "bom", "blank_lines", "quoted"],
)
def test_dialects_read_alike(data: str) -> None:
    table = read(data, id=VERBATIM, x=NUMBER)
    assert table.columns["id"].tolist() == ["a", "b"]
    assert table.columns["x"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "lines",
    [
        ["id,x", "a,1", " b,2", ""],
        ["id,x", "", ",1", "b,2"],
        ["id,x", " ", ',"1"', 'b,"2"', ""],
        ["id,x", "", ",1", 'b,"2\r"', ""],
        ["id,x", 'a,"1\r\r\n,"', "", ",2"],
    ],
)
@pytest.mark.parametrize("chunk", [1, 3, 1 << 16])
def test_lines_that_carriage_returns_end_read_like_any(
    lines: list[str], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_structure, "_SMALL_CHUNK", chunk)
    columns = [read(end.join(lines), id=TEXT, x=TEXT).columns for end in ("\n", "\r")]
    for name in ("id", "x"):
        assert pd.Series(columns[0][name]).equals(pd.Series(columns[1][name]))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b" \r\n\n", "empty_file"),
        (b"id,x\na,\x001\n", "nul_byte"),
        ("id,x\na,1\n".encode("utf-16"), "nul_byte"),
        (b"id,x\na,\xff1\n", "not_utf8"),
        (b"id,x\r\na,\xff1\r\n", "not_utf8"),
        (b'id,x\n"a",\xff1\n', "not_utf8"),
        (b"id,\xffx\na,1\n", "not_utf8"),
        (b"id,x,id\na,1,\xffb\n", "not_utf8"),
        (b"id,x\na,1,2\nb,\xff2\n", "not_utf8"),
        (b"id,x,id\na,1,b\n", "repeated_column"),
        (b"id,x\na,1,\n", "malformed"),
        (b'"' + b"i" * 200_000 + b'",x\na,1\n', "malformed"),
        (b"id,x\na,1,2\nb,2\n", "malformed"),
        (b"id,x\na,1\nb,2,3\n", "malformed"),
        (b'id,x\na,1\n"b,2\nc,3\n', "malformed"),
        (b'id,x\n"a"b",1\n"c,2\n', "malformed"),
        (b"id,x," + b",".join(b"c%d" % i for i in range(20000)) + b"\n", "too_many_columns"),
    ],
)
def test_malformed_file_is_refused(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_message_names_the_line() -> None:
    with pytest.raises(InvalidSubmissionError, match="line 4 has 3 cells"):
        read('id,x\n"a\nb",1\nc,2,3\n', id=VERBATIM, x=NUMBER)


@pytest.mark.parametrize(
    ("text", "line"),
    [('"b,1\n', 2), ('b,1\n"c,3\nd,4\n', 3), ('"b\nc",1\nd,"4', 4), ('b,1\n"', 3)],
)
def test_message_names_the_line_of_an_open_quote(text: str, line: int) -> None:
    message = f"a quote that opens in the record of line {line} is never closed."
    with pytest.raises(InvalidSubmissionError, match=message):
        read(f"id,x\n{text}", id=VERBATIM, x=NUMBER)


@given(text=st.text(st.sampled_from('a,"\n\r'), max_size=16))
def test_header_and_first_row_are_the_records_of_the_csv_module(text: str) -> None:
    records = [record for record in csv.reader(io.StringIO(text, newline="")) if record]
    assert read_first_row(text.encode()) == (records[1] if len(records) > 1 else [])
    if records and len(set(records[0])) == len(records[0]) and all(records[0]):
        assert read_header(text.encode()) == records[0]


@pytest.mark.parametrize("end", ["\n", "\r", " \r\n"])
def test_blank_lines_are_passed_over_at_once(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    n_lines = 0

    def counted(lines: Iterable[str]) -> Iterator[str]:
        nonlocal n_lines
        for line in lines:
            n_lines += 1
            yield line

    reader = csv.reader
    monkeypatch.setattr(csv, "reader", lambda lines: reader(counted(lines)))
    many = end * 10_000
    assert read_first_row(f"{many}id,x{many}a,1".encode()) == ["a", "1"]
    assert n_lines < 10


def test_surplus_cells_take_little_room() -> None:
    data = b"id,x\n" + b"," * 1_000_000
    tracemalloc.start()
    try:
        assert code_of(data) == "malformed"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30 * len(data)


@pytest.mark.parametrize("row", ["a,{long},", 'a,{long},5" tall', '"a""{long}",1,5" tall'])
def test_cells_that_the_csv_module_refuses_may_stand_beside_odd_quotes(row: str) -> None:
    table = read(f'id,x,y\nb,1,6" wide\n{row.format(long="7 " * 100_000)}\n', id=VERBATIM, x=TEXT)
    assert len(table.columns["x"]) == 2


def test_columns_without_a_name_are_none_that_stand_there_twice() -> None:
    data, header = read_header_of(b",id,x,,\n0,a,1,,\n")
    assert header == list(pd.read_csv(io.BytesIO(data)).columns)
    assert read_csv(data, header, {"x": NUMBER}).columns["x"].tolist() == [1]
    with pytest.raises(InvalidSubmissionError, match="'Unnamed: 1' more than once"):
        read_header_of(b"Unnamed: 1,,x\n")


def test_surplus_empty_cell_beside_a_short_row_is_found() -> None:
    # The commas add up; only a look at every line finds this.
    assert code_of("id,x\na,1,\nb\n") == "malformed"


def test_short_row_has_missing_cells() -> None:
    table = read("id,x,y\na,1,2\nb\n", id=VERBATIM, x=NUMBER, y=TEXT)
    assert np.isnan(table.columns["x"][1])
    assert pd.isna(table.columns["y"][1])


cells = st.text(st.sampled_from('ab,"\n\r 1.'), max_size=6)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=6))
def test_the_fast_check_of_lines_agrees_with_the_csv_module(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["h1", "h2", "h3"], *rows])
    try:
        check_cells_per_line(out.getvalue().encode(), 3)
        refused = False
    except InvalidSubmissionError:
        refused = True
    assert refused == any(len(row) > 3 for row in rows)


@pytest.mark.parametrize("chunk", [1, 3, 1 << 16])
@given(text=st.text(st.sampled_from('a,"\n'), max_size=16))
def test_any_text_is_refused_where_the_csv_module_finds_too_many_cells(
    text: str, chunk: int
) -> None:
    # Where a quote is still open, the last line ends up inside of a cell, and loses its own quote.
    *records, last = csv.reader([*io.StringIO(text), 'en"d'])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_structure, "_SMALL_CHUNK", chunk)
        patch.setattr(_structure, "_CHUNK", chunk)
        try:
            check_cells_per_line(text.encode(), 2)
            refused = False
        except InvalidSubmissionError:
            refused = True
    assert refused == (last != ['en"d'] or any(len(record) > 2 for record in records))


@pytest.mark.parametrize("chunk", [1, 7, 1 << 16])
@given(rows=st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=6))
def test_the_separators_are_those_that_the_csv_module_writes(
    rows: list[list[str]], chunk: int
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_structure, "_SMALL_CHUNK", chunk)
        found = count_separators(out.getvalue().encode())
    assert found == sum(len(row) - 1 for row in rows)


@given(st.text(st.sampled_from('ab,"\n'), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        table = read("id,x\n" + text, id=VERBATIM, x=NUMBER)
    except InvalidSubmissionError:
        return
    expected = [row for row in csv.reader(io.StringIO(text)) if row]
    assert table.columns["id"].tolist() == [row[0] for row in expected]


# What a cell means


@pytest.mark.parametrize("word", MISSING_WORDS)
def test_missing_words(word: str) -> None:
    table = read(f"id,x,t\n{word},{word},{word}\nb,1,c\n", id=VERBATIM, x=NUMBER, t=TEXT)
    assert table.columns["id"][0] == word
    assert np.isnan(table.columns["x"][0])
    assert pd.isna(table.columns["t"][0])


@pytest.mark.parametrize("word", MISSING_WORDS)
def test_missing_words_are_missing_beside_a_column_with_text(word: str) -> None:
    table = read(f"id,x,y\na,{word},seven\nb,1,{word}\n", id=VERBATIM, x=NUMBER, y=NUMBER)
    assert pd.isna(table.columns["x"][0])
    assert table.columns["y"][0] == "seven"
    assert pd.isna(table.columns["y"][1])


def test_missing_words_are_those_of_pandas() -> None:
    text = "x\n" + "\n".join(f'"{word}"' for word in MISSING_WORDS) + "\n"
    assert pd.read_csv(io.StringIO(text))["x"].isna().all()
    assert set(MISSING_WORDS) == STR_NA_VALUES


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_doubles_are_read_exactly(values: list[float]) -> None:
    table = read("id,x\n" + "".join(f"a,{value!r}\n" for value in values), x=NUMBER)
    assert table.columns["x"].tolist() == values


@pytest.mark.parametrize("word", ["True", "False", "true", "FALSE"])
@pytest.mark.parametrize("empty", ["", "NA"])
def test_truth_values_behind_a_missing_cell_are_no_numbers(empty: str, word: str) -> None:
    values = read(f"id,x\na,{empty}\nb,{word}\n", id=VERBATIM, x=NUMBER).columns["x"]
    assert np.isnan(values[0])
    assert values[1] is (word.lower() == "true")


def test_text_keeps_what_looks_like_a_number() -> None:
    table = read("id,t\n007,1e3\n1_0, 5\n", id=VERBATIM, t=TEXT)
    assert table.columns["id"].tolist() == ["007", "1_0"]
    assert table.columns["t"].tolist() == ["1e3", " 5"]


def test_integer_columns() -> None:
    assert read("k,x\n007,1\n12,1\n", k=INTEGER).columns["k"].dtype == np.int64
    assert read("k,x\n7.0,1\n1e3,1\n", k=INTEGER).columns["k"].tolist() == [7.0, 1000.0]
    assert read("k,x\n7,1\nseven,1\n", k=INTEGER).columns["k"].dtype == object
    assert read("k,x\nseven,1\n7,1\n", k=INTEGER).columns["k"].tolist() == ["seven", "7"]


def test_column_of_booleans_is_boolean() -> None:
    assert read("id,x\na,True\nb,FALSE\n", x=NUMBER).columns["x"].dtype == np.bool_
    assert read("id,x\na,True\nb,0.5\n", x=NUMBER).columns["x"].tolist() == ["True", "0.5"]
    assert read("id,x\na,True\nb,\n", x=NUMBER).columns["x"].dtype == object


def test_capitals_of_true_and_false_make_no_difference() -> None:
    assert read("id,x\na,tRue\nb,fALSE\n", x=NUMBER).columns["x"].dtype == np.bool_
    for cells in ("tRue", ""), ("", "fALSE"):
        table = read("id,x\na,{}\nb,{}\n".format(*cells), x=NUMBER)
        assert table.columns["x"].dtype == object


def test_columns_not_asked_for_are_not_read() -> None:
    table = read("id,x,junk\na,1,#\n", x=NUMBER, absent=TEXT)
    assert list(table.columns) == ["x"]
    assert table.header == ["id", "x", "junk"]


@pytest.mark.parametrize("chunk", [1, 3, 1 << 16])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("front", [0, 2])
def test_far_too_many_rows_are_refused_unread(
    chunk: int, end: str, front: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_structure, "_SMALL_CHUNK", chunk)
    monkeypatch.setattr(_structure, "_MORE_ROWS", 3)
    text = end * front + end.join(["id,x", *("a,1" for _ in range(5)), "", ""])
    _structure.refuse_rows_beyond(text.encode(), 2)
    with pytest.raises(InvalidSubmissionError, match="has 5 rows, but 1 are expected"):
        _structure.refuse_rows_beyond(text.encode(), 1)
    with pytest.raises(InvalidSubmissionError, match="line 1 is not UTF-8 text"):
        _structure.refuse_rows_beyond(b"\xff" + text.encode(), 1)
    _structure.refuse_rows_beyond(text.encode() + b'"a\na\na\n"', 1)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("byte", [b"\0", b"\xff"])
def test_the_line_of_a_byte_that_is_no_text(end: bytes, byte: bytes) -> None:
    data = end.join([b"id,x", b"a,1", b"b," + byte, b"c,1"])
    with pytest.raises(InvalidSubmissionError, match=r"^line 3 "):
        _structure.check_text(_structure.check_bytes(data))
