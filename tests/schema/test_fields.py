"""The kinds of columns: what each accepts, what it refuses and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlegrade import metrics, schema
from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema import Field, Grading, Key, Table
from mlegrade.schema.describe import submission_schema, submission_section


@metrics.metric(higher_is_better=True, optimum=1.0)
def anything(y_true: object, y_pred: object) -> float:
    """Be content with every prediction."""
    del y_true, y_pred
    return 1.0


def check(field: Field, *cells: str, header: str | None = None, **table: Any) -> Any:
    """Decode cells of a field, one a row; raise the first problem."""
    grading = Grading(
        submission=Table(Key("id"), field, **table),
        answers=Table(Key("id"), field),
        metric=anything,
    )
    names = header or ",".join(field.reads)
    text = f"id,{names}\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(cells, start=1))
    values, problems = grading.check(text.encode(), None)
    if values is None:
        raise problems[0]
    return values.only


def refused(field: Field, *cells: str, header: str | None = None) -> str:
    with pytest.raises(InvalidSubmissionError) as caught:
        check(field, *cells, header=header)
    assert "id=" in caught.value.message
    return caught.value.code


NUMBER = schema.Number("x", low=0, high=10)


@pytest.mark.parametrize(
    ("field", "cells", "expected"),
    [
        (schema.Number("x"), ["1", "-2.5", "1e3"], [1.0, -2.5, 1000.0]),
        (schema.Number("x"), ["True", "False", "TRUE"], [1.0, 0.0, 1.0]),
        (schema.Number("x", missing_as=7.0), ["1", "", "NA"], [1.0, 7.0, 7.0]),
        (NUMBER, ["0", "10"], [0.0, 10.0]),
        (schema.Number("x", above=-1), ["-0.5"], [-0.5]),
        (schema.WholeNumber("x"), ["3", "3.0", "-1"], [3.0, 3.0, -1.0]),
        (schema.WholeNumber("x", 0, 9), ["0", "9"], [0.0, 9.0]),
        (schema.Boolean("x"), ["True", "false", "TRUE"], [True, False, True]),
        (schema.Boolean("x"), ["1", "0", "1.0"], [True, False, True]),
        (schema.Text("x"), ["a", "007", "é"], ["a", "007", "é"]),
        (schema.Text("x", missing_as="nan"), ["a", "", "NULL"], ["a", "nan", "nan"]),
        (schema.RankedList("x", 2), ["a b c", "", "a  b"], [["a", "b"], [], ["a", ""]]),
        (schema.WordSet("x"), ["a b a", "NA"], [{"a", "b"}, set()]),
        (schema.SpanOrWord("x", ("YES",)), ["1:2", "YES", ""], [(1, 2), "YES", None]),
    ],
)
def test_accepted(field: Field, cells: list[str], expected: list[Any]) -> None:
    assert list(check(field, *cells)) == expected


@pytest.mark.parametrize(
    ("field", "cells", "code"),
    [
        (schema.Number("x"), ["1", "two"], "not_a_number"),
        (schema.Number("x"), ["1", "True"], "not_a_number"),
        (schema.Number("x"), ["1", ""], "missing_value"),
        (schema.Number("x"), ["True", ""], "missing_value"),
        (schema.Number("x", missing_as=0.0), ["True", ""], "missing_value"),
        (schema.Number("x"), ["1" * 310, "0"], "not_finite"),
        (schema.Number("x"), ["1", "-inf"], "not_finite"),
        (NUMBER, ["11"], "out_of_range"),
        (NUMBER, ["-0.001"], "out_of_range"),
        (schema.Number("x", above=-1), ["-1"], "out_of_range"),
        (schema.WholeNumber("x"), ["1.5"], "not_whole"),
        (schema.WholeNumber("x", 0, 9), ["10"], "out_of_range"),
        (schema.Boolean("x"), ["True", "maybe"], "not_a_boolean"),
        (schema.Boolean("x"), ["1", "2"], "not_a_boolean"),
        (schema.Boolean("x"), ["True", ""], "not_a_boolean"),
        (schema.Text("x"), ["a", ""], "missing_value"),
        (schema.SpanOrWord("x", ("YES",)), ["NO"], "not_a_span"),
        (schema.RunLengths("x", 2, 3), ["1 2 3"], "odd_run_lengths"),
        (schema.RunLengths("x", 2, 3), ["0 1"], "run_below_one"),
        (schema.RunLengths("x", 2, 3), ["1 0"], "run_below_one"),
        (schema.RunLengths("x", 2, 3), ["6 2"], "run_outside_image"),
        (schema.RunLengths("x", 2, 3), ["1 1000000000000"], "run_outside_image"),
        (schema.RunLengths("x", 2, 3, empty=None), [""], "missing_value"),
        (schema.GroupList("x", ("a", "b")), ["1 2 3"], "incomplete_group"),
        (schema.GroupList("x", ("a", "b")), ["1 b"], "not_a_number"),
        (schema.GroupList("x", ("a", "b")), ["1 nan"], "not_finite"),
        (schema.GroupList("x", ("a", "b"), positive=("b",)), ["1 0"], "out_of_range"),
        (schema.GroupList("x", ("a", "b"), ascending=(("a", "b"),)), ["2 1"], "out_of_range"),
        (schema.GroupList("x", ("a",), integers={"a": (0, 3)}), ["4"], "out_of_range"),
        (schema.GroupList("x", ("a",), may_be_empty=False), [""], "missing_value"),
        (
            schema.GroupList("x", ("a",), may_be_empty=False, blank_is_empty=False),
            ["1", "  "],
            "missing_value",
        ),
    ],
)
def test_refused(field: Field, cells: list[str], code: str) -> None:
    assert refused(field, *cells) == code


def test_matrices() -> None:
    numbers = schema.Numbers(("a", "b"))
    assert check(numbers, "1,2", "3,4").tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert check(numbers, "1,2", header="b,a").tolist() == [[2.0, 1.0]]
    assert refused(numbers, "1,x") == "not_a_number"


def test_probabilities() -> None:
    classes = schema.Probabilities(("a", "b"))
    assert check(classes, "0.25,0.75").tolist() == [[0.25, 0.75]]
    assert np.allclose(check(classes, "0.25,0.750005"), [[0.25, 0.75]], atol=1e-5)
    for within in ("0.7500109", "0.7499891"):  # 1e-6 and 1e-5 add up
        assert check(classes, f"0.25,{within}").tolist() == [[0.25, float(within)]]
    assert refused(classes, "0.25,0.7500111") == "sum_not_one"
    assert refused(classes, "0.5,0.50002") == "sum_not_one"
    assert refused(classes, "0.5,0.6") == "sum_not_one"
    assert refused(classes, "1.5,-0.5") == "out_of_range"
    free = schema.Probabilities(("a", "b"), sum_to_one=False)
    assert check(free, "0.5,0.6").tolist() == [[0.5, 0.6]]


def test_one_hot() -> None:
    labels = schema.OneHot(("a", "b", "c"))
    assert check(labels, "0,1,0", "0,0,1.0").tolist() == [1, 2]
    for row in ("0,0,0", "1,1,0", "0.5,0.5,0"):
        assert refused(labels, row) == "not_one_hot"


def test_a_message_names_column_rows_key_and_expectation() -> None:
    with pytest.raises(InvalidSubmissionError) as caught:
        check(NUMBER, "1", *["99"] * 8)
    assert caught.value.message == (
        "column 'x': expected a number in [0, 10], found 99 in row 2 (id=2), and the like in "
        "rows 3, 4, 5, 6 and 3 more."
    )
    assert caught.value.rows == (2, 3, 4, 5, 6)
    assert caught.value.column == "x"


@pytest.mark.parametrize(
    ("field", "cells", "rows"),
    [
        (schema.Boolean("x"), ["True", "False", "maybe", "true"], [3]),
        (schema.Boolean("x"), ["1", "0", "maybe", "1.0", ""], [3, 5]),
        (schema.Boolean("x"), ["True", "1", "False"], [2]),
        (schema.Boolean("x"), ["1", "0", "True"], [3]),
        (schema.WholeNumber("x", 0, 1), ["True", "False", "maybe", "true"], [3]),
        (schema.WholeNumber("x", 0, 1), ["1", "0", "maybe", "True"], [3, 4]),
        (schema.Number("x", low=1), ["1", "two", "3"], [2]),
        (schema.Number("x", above=1), ["2", "two", "True", ""], [2, 3, 4]),
        (schema.Number("x", low=0, high=1), ["True", "", "False"], [2]),
        (schema.Number("x"), ["True", "", "maybe"], [2, 3]),
        (schema.Number("x"), ["1", "", "12345678901234567890"], [2]),
        (schema.Number("x", above=0, high=9), ["x", "y", "12345678901234567890"], [1, 2, 3]),
    ],
)
def test_wrong_cells_are_named_once_and_right_ones_never(
    field: Field, cells: list[str], rows: list[int]
) -> None:
    grading = Grading(
        submission=Table(Key("id"), field), answers=Table(Key("id"), field), metric=anything
    )
    text = "id,x\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(cells, start=1))
    _, problems = grading.check(text.encode(), None)
    assert sorted(row for problem in problems for row in problem.rows) == rows


def test_all_problems_of_the_cells_are_listed() -> None:
    grading = Grading(
        submission=Table(Key("id"), schema.Number("x"), schema.Text("y"), schema.Boolean("z")),
        answers=Table(Key("id"), schema.Number("x")),
        metric=anything,
    )
    _, problems = grading.check(b"id,x,y,z\n1,a,,maybe\n", None)
    assert [problem.column for problem in problems] == ["x", "y", "z"]


def test_the_declaration_describes_itself() -> None:
    table = Table(
        Key("id", "part"),
        schema.Number("x", low=0),
        schema.Probabilities(tuple("abcdefghijklmnopqrst")),
        schema.RunLengths("mask", 5, 5, empty="-1"),
        extra_columns=False,
    )
    section = submission_section(table)
    assert "| `x` | a number of at least 0 |" in section
    assert "`a` ... `t` (20 columns)" in section
    assert "`-1` is an empty mask" in section
    assert "none twice.\n" in section
    assert "`id` and `part`" in section
    assert "No further columns" in section
    data = submission_schema(table)
    assert data["key"] == ["id", "part"]
    assert [column["name"] for column in data["columns"]][:3] == ["id", "part", "x"]
    assert data["columns"][2] == {
        "name": "x",
        "kind": "number",
        "description": "a number of at least 0",
        "minimum": 0,
    }
    lax = submission_section(Table(Key("id"), schema.Number("x"), extra_rows=True))
    assert "none twice. Rows with others are ignored.\n" in lax
    repeats = submission_section(Table(Key("text", repeats=True), schema.Number("x")))
    assert "keep their order" in repeats


def test_only_columns_that_stand_together_share_a_row_of_the_description() -> None:
    numbers = [schema.Number(f"x{place}") for place in range(20)]
    together = submission_section(Table(Key("id"), *numbers, schema.Text("word")))
    assert "| `x0` ... `x19` (20 columns) | a finite number |\n| `word` |" in together
    fields = [*numbers[:10], schema.Text("word"), *numbers[10:]]
    apart = submission_section(Table(Key("id"), *fields))
    named = [line.split("`")[1] for line in apart.splitlines() if line.startswith("| `")]
    assert named == ["id", *(field.name for field in fields)]


def test_a_key_needs_a_column() -> None:
    with pytest.raises(ValueError, match="at least one column"):
        Key()


def test_a_remark_warns_of_what_the_reference_does_otherwise() -> None:
    table = Table(Key("id"), schema.Number("x"))
    grading = Grading(
        submission=table, answers=table, metric=anything, reference_pairs_by_position=True
    )
    answers = grading.read_answers(b"id,x\n1,1\n2,2\n")
    assert grading.score(b"id,x\n1,1\n2,2\n", answers).warnings == ()
    (warning,) = grading.score(b"id,x\n2,1\n1,2\n", answers).warnings
    assert "MLE-bench" in warning


def test_rows_that_do_not_count_may_change_places_among_themselves() -> None:
    table = Table(Key("id"), schema.Number("x"))
    grading = Grading(
        submission=table,
        answers=Table(Key("id"), schema.Number("x"), schema.Boolean("counts")),
        scored=lambda answers: answers["counts"],
        metric=anything,
        reference_pairs_by_position=True,
    )
    answers = grading.read_answers(b"id,x,counts\n1,1,True\n2,2,False\n3,3,True\n4,4,False\n")
    for order, warnings in (("1234", 0), ("1432", 0), ("3214", 1), ("1324", 1), ("2413", 1)):
        rows = "".join(f"{number},{number}\n" for number in order)
        assert len(grading.score(f"id,x\n{rows}".encode(), answers).warnings) == warnings, order


@pytest.mark.parametrize(
    "numbers", [(2**53, 2**53 + 1), (2**63, 2**63 + 1), (-1, 2**63 - 1), (0, 2**64 - 1)]
)
def test_exact_whole_numbers_stay_apart(numbers: tuple[int, int]) -> None:
    grading = Grading.alike(Key("id"), schema.WholeNumber("x", exact=True), metric=metrics.f1_macro)
    answers = grading.read_answers(b"id,x\n1,7\n2,8\n3,9\n")
    rows = "".join(f"{row},{cell}\n" for row, cell in enumerate((7, *numbers), start=1))
    assert grading.score(f"id,x\n{rows}".encode(), answers).score == 1 / 5
    rows = "".join(f"{row},{cell}.0\n" for row, cell in enumerate((7, 8, 9), start=1))
    assert grading.score(f"id,x\n{rows}".encode(), answers).score == 1
