"""Fields of labels: what each accepts, what it refuses and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from mlegrade.errors import InvalidSubmissionError
from mlegrade.metrics import LabelSets, metric
from mlegrade.schema import ClassName, Field, FirstInteger, Grading, Key, LabelSet, RankedList
from mlegrade.schema.describe import submission_schema


@metric(higher_is_better=True, optimum=1.0)
def anything(y_true: object, y_pred: object) -> float:
    """Be content with every prediction."""
    del y_true, y_pred
    return 1.0


def check(field: Field, *cells: str) -> Any:
    """Decode cells of a field, one a row; raise the first problem."""
    text = "id,x\n" + "".join(f'{at},"{cell}"\n' for at, cell in enumerate(cells, start=1))
    values, problems = Grading.alike(Key("id"), field, metric=anything).check(text.encode(), None)
    if values is None:
        raise problems[0]
    return values.only


def refused(field: Field, *cells: str) -> InvalidSubmissionError:
    with pytest.raises(InvalidSubmissionError) as caught:
        check(field, *cells)
    assert caught.value.column == "x"
    return caught.value


def sets_of(sets: LabelSets) -> list[set[Any]]:
    found: list[set[Any]] = [set() for _ in range(len(sets))]
    for row, code in zip(sets.rows, sets.codes, strict=True):
        found[row].add(sets.labels[code])
    return found


def test_class_names_are_kept_as_written() -> None:
    assert check(ClassName("x"), "Maize", " Maize", "3", "True").tolist() == [
        "Maize",
        " Maize",
        "3",
        "True",
    ]
    assert check(ClassName("x", missing_as=""), "", "null", "rust").tolist() == ["", "", "rust"]
    assert check(ClassName("x", missing_as=""), "", "NA").tolist() == ["", ""]


@pytest.mark.parametrize("cells", [("1", "2"), ("0.5", "1e3"), ("1", "inf"), ("", "2"), ("-1",)])
@pytest.mark.parametrize("field", [ClassName("x", missing_as=""), LabelSet("x", names=True)])
def test_a_column_of_numbers_holds_no_names(field: Field, cells: tuple[str, ...]) -> None:
    problem = refused(field, *cells)
    assert problem.code == "not_a_name"
    assert "not numbers" in problem.message


def test_a_class_has_to_have_a_name() -> None:
    assert refused(ClassName("x"), "rust", "").code == "missing_value"


def test_label_sets() -> None:
    sets = check(LabelSet("x"), "b a", "", "a\ta  c a", " ", "null", "7 007")
    assert sets_of(sets) == [{"a", "b"}, set(), {"a", "c"}, set(), set(), {"7", "007"}]
    assert sets_of(check(LabelSet("x"), "1", "2")) == [{"1"}, {"2"}]
    assert sets_of(check(LabelSet("x", names=True), "1 2", "3")) == [{"1", "2"}, {"3"}]


def test_labels_of_digits() -> None:
    field = LabelSet("x", digits=True)
    assert sets_of(check(field, "7 007", "", "12 12")) == [{"7", "007"}, set(), {"12"}]
    for cell in ("12.0", "-5", "1,2", "country::egypt", "٣", "1 x"):
        problem = refused(field, "3", cell, "4")
        assert (problem.code, problem.rows) == ("not_digits", (2,))


def test_first_integers() -> None:
    assert check(FirstInteger("x"), "71 22", " 5", "-1 x").tolist() == [71.0, 5.0, -1.0]
    assert refused(FirstInteger("x"), "71 22", "").code == "missing_value"
    for cell in ("12.0", "12,5", "Maize", " ", "True"):
        problem = refused(FirstInteger("x"), "3", cell)
        assert (problem.code, problem.rows) == ("not_an_integer", (2,))


def test_ranked_lists_that_may_not_be_empty() -> None:
    assert list(check(RankedList("x", 2), "a b c", "")) == [["a", "b"], []]
    problem = refused(RankedList("x", 2, may_be_empty=False, says="ids"), "a", "")
    assert (problem.code, problem.rows) == ("missing_value", (2,))
    assert "at least one of the ids" in problem.message
    assert list(check(RankedList("x", 2, may_be_empty=False), "a", " ")) == [["a"], ["", ""]]


@pytest.mark.parametrize(
    ("field", "kind", "says"),
    [
        (ClassName("x"), "text", "the name of a class; not empty"),
        (LabelSet("x", says="tags"), "label_set", "tags, separated by blanks"),
        (FirstInteger("x", says="ids"), "integer_list", "only the first counts"),
        (RankedList("x", 5, may_be_empty=False), "ranked_list", "best first; not empty"),
    ],
)
def test_descriptions(field: Field, kind: str, says: str) -> None:
    grading = Grading.alike(Key("id"), field, metric=anything)
    column = submission_schema(grading.submission)["columns"][1]
    assert column["kind"] == kind
    assert says in column["description"]
