"""What a submitter is told, word for word: what is wrong, where, and what was expected."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from mlegrade import metrics, schema
from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema import Grading, Key, Number, Table
from mlegrade.schema.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.schema import Field
    from mlegrade.schema.sources import Source

PLAIN = Number("x")
KEYS = range(1, 9)


def csv(header: str, *lines: str) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def told(table: Table, submission: bytes, sample: bytes) -> list[str]:
    grading = Grading(submission=table, answers=table, metric=metrics.mean_absolute_error)
    _, problems = grading.check(submission, grading.read_sample(sample))
    return [problem.message for problem in problems]


def only(table: Table, submission: bytes, sample: bytes) -> str:
    (message,) = told(table, submission, sample)
    return message


MISSING = "; write one row for every row of the sample submission."
UNEXPECTED = "; keys have to be those of the sample submission."
FIVE = "row 1 (id=20), row 2 (id=21), row 3 (id=22), row 4 (id=23), row 5 (id=24)"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([], f"the file has a header but no rows{MISSING}"),
        ([*KEYS][:-1], f"1 of 8 expected rows is missing: (id=8){MISSING}"),
        (
            [*KEYS][5:],
            "5 of 8 expected rows are missing: (id=1), (id=2), (id=3), (id=4), (id=5)" + MISSING,
        ),
        (
            [1, 8],
            "6 of 8 expected rows are missing: (id=2), (id=3), (id=4), (id=5), (id=6), ..."
            + MISSING,
        ),
        ([*KEYS, 9], f"1 row has a key (id) that is not expected: row 9 (id=9){UNEXPECTED}"),
        (
            [*range(20, 25), *KEYS],
            f"5 rows have a key (id) that is not expected: {FIVE}{UNEXPECTED}",
        ),
        (
            [*range(20, 26), *KEYS],
            f"6 rows have a key (id) that is not expected: {FIVE}, ...{UNEXPECTED}",
        ),
        (
            [*KEYS, 2],
            (
                "rows 2, 9 share their key (id) with another row; the first of them has id=2. "
                "Write every key once."
            ),
        ),
        (
            [*KEYS, 1, 2, 3],
            (
                "rows 1, 2, 3, 9, 10 and 1 more share their key (id) with another row; the first "
                "of them has id=1. Write every key once."
            ),
        ),
    ],
)
def test_rows(keys: list[int], message: str) -> None:
    sample = csv("id,x", *(f"{key},0" for key in KEYS))
    submission = csv("id,x", *(f"{key},0" for key in keys))
    assert only(Table(Key("id"), PLAIN), submission, sample) == message


def test_a_key_of_two_columns() -> None:
    sample = csv("a,b,x", "1,q,0", "2,r,0")
    assert told(Table(Key("a", "b"), PLAIN), csv("a,b,x", "1,q,0", "2,z,0"), sample) == [
        f"1 of 2 expected rows is missing: (a=2, b='r'){MISSING} Row 2 has a=2, b='z' instead.",
        f"1 row has a key (a and b) that is not expected: row 2 (a=2, b='z'){UNEXPECTED}",
    ]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            ["7.jpg", "8.jpg"],
            (
                f"2 of 2 expected rows are missing: (id=7), (id=8){MISSING} Row 1 has id='7.jpg' "
                "instead."
            ),
        ),
        (
            ["7", ""],
            f"1 of 2 expected rows is missing: (id=8){MISSING} Row 2 has id=no value instead.",
        ),
        (["7", "7"], f"1 of 2 expected rows is missing: (id=8){MISSING}"),
    ],
)
def test_what_a_row_has_instead_of_its_key(keys: list[str], message: str) -> None:
    submission = csv("id,x", *(f"{key},0" for key in keys))
    assert told(Table(Key("id"), PLAIN), submission, csv("id,x", "7,0", "8,0"))[0] == message


def test_a_key_that_stands_too_often() -> None:
    table, sample = Table(Key("id", repeats=True), PLAIN), csv("id,x", "7,0", "7,0")
    assert only(table, csv("id,x", "7,0", "7,0", "7,0", "8,0"), sample) == (
        "2 rows have a key (id) that is not expected, or not that often: row 3 (id=7), row 4 "
        f"(id=8){UNEXPECTED}"
    )


MANY = tuple(Number(f"x{place}") for place in range(8))
STRICT = Table(Key("id"), PLAIN, extra_columns=False)
IN_ORDER = "; write the columns in the order of the sample submission."


@pytest.mark.parametrize(
    ("table", "header", "message"),
    [
        (
            Table(Key("id"), PLAIN),
            "id",
            "there is no column 'x'; the header has to name id, x.",
        ),
        (
            Table(Key("id"), PLAIN),
            "id,X,",
            (
                "there is no column 'x'; the header has to name id, x. It names 'X', 'Unnamed: 2' "
                "instead."
            ),
        ),
        (
            Table(Key("id"), *MANY[:7]),
            "id,x0,x1,x2,x3,x4,x5",
            "there is no column 'x6'; the header has to name id, x0, x1, x2, x3, x4, x5, x6.",
        ),
        (
            Table(Key("id"), *MANY),
            "id,x0,x1,x2,x3,x4,x5,x6",
            "there is no column 'x7'; the header has to name id, x0, x1, x2, x3, x4, x5, x6, ....",
        ),
        (
            STRICT,
            "id,x,y",
            "the column 'y' is not allowed; the header has to name id, x and nothing else.",
        ),
        (
            STRICT,
            ",id,x",
            (
                "the column 'Unnamed: 0' is not allowed; the header has to name id, x and nothing "
                "else. Write the file with index=False."
            ),
        ),
        (
            Table(Key("id"), PLAIN, ordered=True),
            "x,id",
            f"column 1 is 'x', but has to be 'id'{IN_ORDER}",
        ),
        (
            Table(Key("id"), *MANY[:3], ordered=True),
            "id,x0,x2,y,x1",
            f"column 3 is 'x2', but has to be 'x1'{IN_ORDER}",
        ),
    ],
)
def test_header(table: Table, header: str, message: str) -> None:
    sample = csv(",".join(table.columns), ",".join("0" for _ in table.columns))
    assert only(table, csv(header, ",".join("0" for _ in header.split(","))), sample) == message


X = "column 'x': expected "
WHERE = " in row 2 (id=2)."
GOOD = {
    Number: "0.5",
    schema.WholeNumber: "1",
    schema.FirstInteger: "1",
    schema.NumeralList: "1",
    schema.Boolean: "True",
    schema.Text: "a",
    schema.RankedList: "a",
    schema.RunLengths: "1 2",
}


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        (PLAIN, "seven", f"{X}a number, found 'seven'{WHERE}"),
        (PLAIN, "z" * 80, f"{X}a number, found '{'z' * 80}'{WHERE}"),
        (PLAIN, "z" * 1081, f"{X}a number, found '{'z' * 80}'... (1,081 characters){WHERE}"),
        (PLAIN, "", f"{X}a finite number, found no value{WHERE}"),
        (PLAIN, "None", f"{X}a finite number, found no value{WHERE}"),
        (PLAIN, "-inf", f"{X}a finite number below 1.79e308 in size, found -inf{WHERE}"),
        (
            schema.WholeNumber("x", 1),
            "9" * 309,
            f"{X}a whole number of at least 1 below 1.79e308 in size, found inf{WHERE}",
        ),
        (Number("x", low=0, high=0.5), "inf", f"{X}a number in [0, 0.5], found inf{WHERE}"),
        (Number("x", low=0, high=0.5), "1", f"{X}a number in [0, 0.5], found 1{WHERE}"),
        (Number("x", low=0), "-1", f"{X}a number of at least 0, found -1{WHERE}"),
        (Number("x", above=0), "0", f"{X}a number above 0, found 0{WHERE}"),
        (Number("x", high=9), "9.5", f"{X}a number of at most 9, found 9.5{WHERE}"),
        (Number("x", above=0, high=9), "10", f"{X}a number in (0, 9], found 10{WHERE}"),
        (schema.WholeNumber("x", 1), "0", f"{X}a whole number of at least 1, found 0{WHERE}"),
        (schema.WholeNumber("x", above=0), "0", f"{X}a whole number above 0, found 0{WHERE}"),
        (schema.WholeNumber("x", high=2), "3", f"{X}a whole number of at most 2, found 3{WHERE}"),
        (schema.WholeNumber("x"), "1.5", f"{X}a whole number, found 1.5{WHERE}"),
        (schema.WholeNumber("x", exact=True), "", f"{X}a whole number, found no value{WHERE}"),
        (schema.WholeNumber("x", 0, 9), "10", f"{X}a whole number from 0 to 9, found 10{WHERE}"),
        (schema.WholeNumber("x", 0, 9), "1e16", f"{X}a whole number from 0 to 9, found 1e+16"),
        (schema.Boolean("x"), "maybe", f"{X}True or False, found 'maybe'{WHERE}"),
        (schema.Text("x"), "", f"{X}a value in every row, found no value{WHERE}"),
        (schema.LabelSet("x", digits=True), "0 a", f"{X}numbers separated by blanks, found '0 a'"),
        (
            schema.FirstInteger("x"),
            "a 1",
            f"{X}a whole number of 64 bits, alone or before others that blanks separate from it",
        ),
        (schema.RunLengths("x", 2, 2), "1", f"{X}pairs of start and length, found '1'{WHERE}"),
        (
            schema.RunLengths("x", 2, 2),
            "a",
            f"{X}whole numbers of at most 18 digits, separated by blanks, found 'a'",
        ),
        (schema.RunLengths("x", 2, 2), "0 1", f"{X}starts and lengths of at least 1, found '0 1'"),
        (schema.RunLengths("x", 2, 2), "4 2", f"{X}runs inside the image, found '4 2'{WHERE}"),
        (
            schema.RunLengths("x", 2, 2),
            "1 2 2 1",
            f"{X}runs in ascending order that name no pixel twice, found '1 2 2 1'{WHERE}",
        ),
        (
            schema.RunLengths("x", 2, 2, empty="-1"),
            "",
            f"{X}run lengths, or '-1' for an empty mask, found no value{WHERE}",
        ),
        (
            schema.RankedList("x", says="whales", may_be_empty=False),
            "",
            f"{X}at least one of the whales, found no value{WHERE}",
        ),
        (schema.NumeralList("x"), "1 a", f"{X}whole numbers separated by blanks, found '1 a'"),
        (schema.NumeralList("x"), "", f"{X}at least one whole number, found no value{WHERE}"),
        (
            schema.SpanOrWord("x", ("YES", "NO")),
            "1-2",
            f"{X}start:end with two whole numbers, YES or NO, or nothing, found '1-2'{WHERE}",
        ),
        (schema.GroupList("x", ("a", "b")), "1", f"{X}a multiple of 2 tokens, found '1'{WHERE}"),
        (schema.GroupList("x", ("a",)), "b", f"{X}numbers where numbers belong, found 'b'{WHERE}"),
        (
            schema.GroupList("x", ("a",)),
            "inf",
            f"{X}finite numbers below 1.79e308 in size, found 'inf'{WHERE}",
        ),
        (
            schema.GroupList("x", ("a",), positive=("a",)),
            "0",
            f"{X}a a above 0, found '0'{WHERE}",
        ),
        (
            schema.GroupList("x", ("a",), integers={"a": (0, 2)}),
            "3",
            f"{X}a whole number from 0 to 2 as a, found '3'{WHERE}",
        ),
        (
            schema.GroupList("x", ("a", "b"), ascending=(("a", "b"),)),
            "3 2",
            f"{X}a <= b, found '3 2'{WHERE}",
        ),
        (
            schema.GroupList("x", ("a", "b"), label="a", separator=" "),
            " 1",
            f"{X}a label in every group, and single blanks, found ' 1'{WHERE}",
        ),
        (
            schema.GroupList("x", ("a", "b"), label="a", separator=" "),
            "a 1 ",
            f"{X}a multiple of 2 tokens, and single blanks, found 'a 1 '{WHERE}",
        ),
        (
            schema.GroupList("x", ("a", "b"), label="a", separator=" "),
            "a 1  b 2 ",
            f"{X}numbers where numbers belong, and single blanks, found 'a 1  b 2 '{WHERE}",
        ),
    ],
)
def test_cells(field: Field, cell: str, message: str) -> None:
    found = only(
        Table(Key("id"), field),
        csv("id,x", f"1,{GOOD.get(type(field), '')}", f"2,{cell}"),
        csv("id,x", "1,", "2,"),
    )
    assert found.startswith(message)
    assert found.endswith(WHERE)


SUM = "columns 'p' ... 'q': expected a sum of 1 in every row"


MASK = schema.RunLengths("x", 40, 40)
PLACES = schema.GroupList(
    "x", ("name", "a", "b"), label="name", separator=" ", positive=("a",), ascending=(("a", "b"),)
)
LOOSE = schema.GroupList("x", ("a", "b"), integers={"a": (0, 9)})


@pytest.mark.parametrize(
    ("field", "groups", "wrong", "shown_from"),
    [
        (MASK, "{0}1 2", "0 2", 1),
        (MASK, "{0}1 2", "{0}1 0", 1),
        (MASK, "{0}1 2", "1 2", 0),  # with the run before it
        (MASK, "{0}1 2", "{0}1 2000", 1),
        (MASK, "{0}1 2", "{0}1.5 2", 1),
        (PLACES, "pole 1 2", "pole 0 2", 1),
        (PLACES, "pole 1 2", "pole 3 2", 1),
        (PLACES, "pole 1 2", "pole inf inf", 1),
        (PLACES, "pole 1 2", "pole 1 x", 1),
        (PLACES, "pole 1 2", " 1 2", 1),
        (LOOSE, "1 2", "1.5 2", 1),
        (LOOSE, "1 2", "1 1e999", 1),
    ],
)
@pytest.mark.parametrize("place", [2, 90, 140])
def test_a_long_cell_is_shown_where_it_is_wrong(
    field: Field, groups: str, wrong: str, shown_from: int, place: int
) -> None:
    listed = [groups.format(number) for number in range(10, 151)]
    listed[place] = wrong.format(place + 10)
    cell = " ".join(listed)
    start = len(" ".join([*listed[: place - 1 + shown_from], ""]))
    shown = cell[start : start + 80]
    more = "..." if start + 80 < len(cell) else ""
    told_first = told(Table(Key("id"), field), csv("id,x", f"7,{cell}"), csv("id,x", "7,1 1"))[0]
    assert f"found {shown!r}{more} (from character {start + 1:,} of {len(cell):,}) in" in told_first


@pytest.mark.parametrize(
    ("wrong", "shown"), [("zz", "zz"), ("i7", "i7"), ("", None)], ids=["unknown", "twice", "absent"]
)
def test_a_long_order_is_shown_where_it_is_wrong(wrong: str, shown: str | None) -> None:
    items = [f"i{number}" for number in range(100)]
    proposed = " ".join([*items[:50], *([wrong] if wrong else []), *items[51:]])
    table, sample = Table(Key("id"), schema.Permutation("x")), csv("id,x", f"7,{' '.join(items)}")
    message = only(table, csv("id,x", f"7,{proposed}"), sample)
    assert f"found {shown!r}"[:-1] in message if shown else f"found {proposed[:80]!r}" in message


@pytest.mark.parametrize(
    ("field", "header", "cells", "message"),
    [
        (
            schema.Probabilities(("p", "q")),
            "p,q",
            ".5,.625",
            f"{SUM} (within 1.1e-05), found 1.125{WHERE}",
        ),
        (
            schema.Probabilities(("p", "q"), decimals=2),
            "p,q",
            ".5,.625",
            f"{SUM} (rounded to 2 decimals), found 1.125{WHERE}",
        ),
        (
            schema.Probabilities(("p", "q"), further_columns=True),
            "p,q,r,s",
            ".5,.5,,.25",
            "all columns: expected a sum of 1 in every row, 'r', 's' included, found 1.25" + WHERE,
        ),
        (
            schema.OneHot(("p", "q")),
            "p,q",
            "1,1",
            f"column 'p': expected exactly one 1 among the classes, found 1{WHERE}",
        ),
    ],
)
def test_several_columns(field: Field, header: str, cells: str, message: str) -> None:
    others = ",".join(["1", "0", "0", "0"][: header.count(",") + 1])
    submission = csv(f"id,{header}", f"1,{others}", f"2,{cells}")
    sample = csv("id,p,q", "1,0,1", "2,0,1")
    assert only(Table(Key("id"), field), submission, sample) == message


@pytest.mark.parametrize(
    ("field", "cells", "message"),
    [
        (Number("x", varies=True), "55", f"{X}values that are not all the same, found 5"),
        (schema.ClassName("x"), "12", f"{X}names of classes, not numbers, found '1'"),
        (schema.Given("x"), "21", "the value of the sample submission, whose order of rows has"),
    ],
)
def test_whole_columns(field: Field, cells: str, message: str) -> None:
    lines = [f"{key},{cell}" for key, cell in enumerate(cells, start=1)]
    found = only(Table(Key("id"), field), csv("id,x", *lines), csv("id,x", "1,1", "2,2"))
    assert message in found
    assert found.endswith(" in row 1 (id=1), and the like in row 2.")


def test_sources(tmp_path: Path) -> None:
    def refused(source: Source, most: int = 9) -> str:
        with pytest.raises(InvalidSubmissionError) as caught:
            read_source(source, max_bytes=most)
        return caught.value.message

    nothing, folder, link, file = (
        tmp_path / name for name in ("nothing", "folder", "link", "file")
    )
    folder.mkdir()
    file.write_bytes(b"id,x\n1,2\n")
    link.symlink_to(file)
    assert refused(nothing) == refused(str(nothing)) == f"there is no file {nothing}."
    assert refused(file / "inside") == f"there is no file {file}/inside."
    assert refused(folder) == f"{folder} is a directory; give a CSV file."
    assert refused(link) == f"{link} is a symbolic link; give the file itself."
    long = tmp_path / ("n" * 300)
    assert refused(long) == f"there is no file {str(long)[:300]}...."
    no_name = refused("a\0b")  # in the words of this Python
    assert no_name.startswith("a\0b cannot be opened: ")
    assert "embedded null " in no_name
    assert no_name.endswith(". Give a regular, readable file.")
    most = "; a submission to this competition may have 1,199 at most."
    assert refused(b"1" * 1200, 1199) == f"the file has 1,200 bytes{most}"
    # How much more there would be is not read.
    for stream in (io.BytesIO(b"1" * 9999), io.StringIO("1" * 9999)):
        assert refused(stream, 1199) == f"the file has more than 1,199 bytes{most}"
    assert read_source(file, max_bytes=9) == read_source(link, max_bytes=9, follow_links=True)
    assert refused(file, 8).startswith("the file has 9 bytes; ")
