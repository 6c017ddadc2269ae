"""What a declaration can say beyond columns: rows that count, columns in order, given values."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mlegrade import metrics, schema
from mlegrade.errors import (
    AnswersError,
    InvalidSubmissionError,
    UndefinedMetricError,
    UndefinedTruthError,
)
from mlegrade.schema import Given, Grading, Key, Number, Numbers, Table
from mlegrade.schema.describe import submission_schema, submission_section

BROKEN = {"incomplete_group", "empty_label", "not_a_number"}


def rows(header: str, *lines: str) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def score(grading: Grading, answers: bytes, submission: bytes) -> float:
    return grading.score(submission, grading.read_answers(answers)).score


def code(grading: Grading, answers: bytes, submission: bytes) -> str:
    with pytest.raises(InvalidSubmissionError) as caught:
        score(grading, answers, submission)
    _, problems = grading.check(submission, grading.read_answers(answers))
    assert caught.value.code == "undefined_score" or problems[0].code == caught.value.code
    return caught.value.code


class TestRowsThatCount:
    """A column of the answers says which rows count; text is refused everywhere."""

    GRADING = Grading(
        submission=Table(Key("id"), Number("x", no_text=True)),
        answers=Table(Key("id"), Number("x"), Number("out")),
        scored=lambda answers: answers["out"] == 0,
        metric=metrics.mean_absolute_error,
    )
    ANSWERS = rows("id,x,out", "1,5,0", "2,7,1", "3,9,0")

    @pytest.mark.parametrize("cell", ["7", "", "inf", "1e999", "-1e308", "NA"])
    def test_numbers_of_any_size_elsewhere(self, cell: str) -> None:
        for lines in (("1,6", f"2,{cell}", "3,9"), ("3,9", "1,6", f"2,{cell}")):
            assert score(self.GRADING, self.ANSWERS, rows("id,x", *lines)) == 0.5

    @pytest.mark.parametrize("row", ["1", "2"])
    @pytest.mark.parametrize("cell", ["seven", "True", "0x1"])
    def test_text_nowhere(self, row: str, cell: str) -> None:
        cells = {"1": "6", "2": "7", "3": "9", row: cell}
        submission = rows("id,x", *map(",".join, cells.items()))
        assert code(self.GRADING, self.ANSWERS, submission) == "not_a_number"
        _, problems = self.GRADING.check(submission, None)
        assert problems[0].code == "not_a_number"

    @pytest.mark.parametrize(
        ("cell", "expected"), [("", "missing_value"), ("inf", "not_finite"), ("-inf", "not_finite")]
    )
    def test_rows_that_count(self, cell: str, expected: str) -> None:
        submission = rows("id,x", "1,6", "2,7", f"3,{cell}")
        assert code(self.GRADING, self.ANSWERS, submission) == expected

    def test_every_row_is_needed(self) -> None:
        assert code(self.GRADING, self.ANSWERS, rows("id,x", "1,6", "3,9")) == "missing_rows"


class TestColumns:
    ORDERED = Grading(
        submission=Table(Key("id"), Numbers(("a", "b")), extra_columns=False, ordered=True),
        answers=Table(Key("id"), Numbers(("a", "b"))),
        metric=metrics.mean_absolute_error,
    )
    UNREAD = Grading(
        submission=Table(Key("id"), Number("a"), unread=("b",)),
        answers=Table(Key("id"), Number("a")),
        metric=metrics.mean_absolute_error,
    )
    ANSWERS = rows("id,b,a", "1,5,6")

    def test_order_of_columns(self) -> None:
        assert score(self.ORDERED, self.ANSWERS, rows("id,a,b", "1,6,5")) == 0.0
        for header, cells in (("id,b,a", "1,5,6"), ("a,b,id", "6,5,1"), ("a,id,b", "6,1,5")):
            with pytest.raises(InvalidSubmissionError, match="order of the sample") as caught:
                score(self.ORDERED, self.ANSWERS, rows(header, cells))
            assert caught.value.code == "column_order"
            assert caught.value.column in header
        assert code(self.ORDERED, self.ANSWERS, rows("id,b", "1,5")) == "missing_column"
        assert code(self.ORDERED, self.ANSWERS, rows("id,a,b,c", "1,6,5,0")) == "unexpected_column"

    def test_columns_that_have_to_be_there(self) -> None:
        for cell in ("", "text", "inf", '"a,b"'):
            assert score(self.UNREAD, self.ANSWERS, rows("b,id,a", f"{cell},1,6")) == 0.0
        assert code(self.UNREAD, self.ANSWERS, rows("id,a", "1,6")) == "missing_column"

    def test_descriptions(self) -> None:
        section = submission_section(self.ORDERED.submission)
        assert "columns stand in the order of this table" in section
        assert "so may columns" in submission_section(self.UNREAD.submission)
        assert submission_schema(self.ORDERED.submission)["columns_in_order"]
        described = submission_schema(self.UNREAD.submission)["columns"]
        assert [column["name"] for column in described] == ["id", "a", "b"]
        assert "not looked at" in described[-1]["description"]


class TestGivenValues:
    """Rows of a trip belong together by their order; the time stamps confirm it."""

    GRADING = Grading(
        submission=Table(Key("trip", repeats=True), Given("time"), Number("x")),
        answers=Table(Key("trip", repeats=True), Number("x")),
        metric=metrics.mean_absolute_error,
        arguments=lambda answers, submission: (answers["x"], submission["x"]),
    )
    ANSWERS = rows("trip,time,x", "a,10,1", "a,20,2", "b,10,3")

    @pytest.mark.parametrize(
        "lines",
        [
            ("a,10,1", "a,20,2", "b,10,3"),
            ("b,10,3", "a,10,1", "a,20,2"),
            ("a,10,1", "b,1e1,3", "a,20.0,2"),
        ],
    )
    def test_trips_may_move(self, lines: Any) -> None:
        assert score(self.GRADING, self.ANSWERS, rows("trip,time,x", *lines)) == 0.0

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            (("a,20,2", "a,10,1", "b,10,3"), "not_as_given"),
            (("a,10,1", "a,10,2", "b,10,3"), "not_as_given"),
            (("a,10,1", "a,20.5,2", "b,10,3"), "not_as_given"),
            (("a,10,1", "a,,2", "b,10,3"), "missing_value"),
            (("a,10,1", "a,x,2", "b,10,3"), "not_a_number"),
            (("a,10,1", "b,20,2", "b,10,3"), "missing_rows"),
        ],
    )
    def test_rows_inside_a_trip_may_not(self, lines: Any, expected: str) -> None:
        submission = rows("trip,time,x", *lines)
        assert code(self.GRADING, self.ANSWERS, submission) == expected

    def test_a_sample_submission_is_enough_to_know(self) -> None:
        sample = self.GRADING.read_sample(self.ANSWERS)
        good, bad = (rows("trip,time,x", f"a,{t},0", "a,20,0", "b,10,0") for t in (10, 11))
        assert self.GRADING.check(good, sample)[1] == []
        assert self.GRADING.check(bad, sample)[1][0].code == "not_as_given"
        assert self.GRADING.check(bad, None)[1] == []

    def test_description(self) -> None:
        assert "as in the sample submission" in submission_section(self.GRADING.submission)


class TestNumbers:
    VARIED = Grading(
        submission=Table(Key("id"), Numbers(("a", "b"), Number("", varies=True))),
        answers=Table(Key("id"), Numbers(("a", "b"))),
        metric=metrics.pearson_correlation,
    )
    ANSWERS = rows("id,a,b", "1,5,6", "2,0,1", "3,1,1")

    def test_constant_columns_are_named(self) -> None:
        assert score(self.VARIED, self.ANSWERS, self.ANSWERS) == pytest.approx(1.0)
        with pytest.raises(InvalidSubmissionError, match=r"column 'b'.*not all the same") as caught:
            score(self.VARIED, self.ANSWERS, rows("id,a,b", "1,5,2", "2,0,2", "3,1,2"))
        assert (caught.value.code, caught.value.column) == ("constant", "b")
        assert "not the same in every row" in submission_section(self.VARIED.submission)

    def test_answers_that_allow_no_score_are_not_the_submitters_fault(self) -> None:
        with pytest.raises(AnswersError, match="no score"):
            score(self.VARIED, rows("id,a,b", "1,5,6", "2,5,1", "3,5,1"), self.ANSWERS)

    def test_truth_values_are_numbers_unless_they_must_not_be(self) -> None:
        angles = Number("", truth_values=False)
        strict = Grading.alike(Key("id"), Numbers(("a", "b"), angles), metric=self.VARIED.metric)
        lax = Grading.alike(Key("id"), Numbers(("a", "b")), metric=self.VARIED.metric)
        submission = rows("id,a,b", "1,True,6", "2,False,1", "3,False,1")
        assert score(lax, self.ANSWERS, submission) > 0
        assert code(strict, self.ANSWERS, submission) == "not_a_number"
        alone = Grading.alike(Key("id"), Number("a", truth_values=False), metric=lax.metric)
        assert code(alone, self.ANSWERS, submission) == "not_a_number"

    @pytest.mark.parametrize(
        ("error", "expected"), [(0.5, 0.0), (1.5, 2.0), (2.5, 2.0), (2.4999, 2.0), (3.6, 4.0)]
    )
    def test_scores_are_rounded_to_the_even_digit(self, error: float, expected: float) -> None:
        whole = Grading.alike(
            Key("id"), Number("x"), metric=metrics.mean_absolute_error, decimals=0
        )
        found = score(whole, rows("id,x", "1,0"), rows("id,x", f"1,{error}"))
        assert found == expected
        assert type(found) is float


@metrics.metric(higher_is_better=True, optimum=math.inf)
def picky(y_true: Any, y_pred: Any) -> float:
    """Refuse some truths and some predictions, and return the first of the others."""
    if y_true[0] < 0:
        raise UndefinedTruthError("the truth is negative.")
    if y_pred[0] < 0:
        raise UndefinedMetricError("the prediction is negative.")
    return float(y_pred[0] * 1e200 if y_pred[0] < 1e200 else -y_pred[0] * 1e200)


class TestScoresThatAreNone:
    GRADING = Grading.alike(Key("id"), Number("x"), metric=picky)

    def answers(self, value: object) -> schema.Answers:
        return self.GRADING.read_answers(rows("id,x", f"1,{value}"))

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (-1, "no score is defined: the prediction is negative."),
            (
                1e300,
                "the picky of this submission is -inf; the predictions are too large to be scored.",
            ),
        ],
    )
    def test_a_score_that_is_not_defined_is_a_fault_of_the_submission(
        self, value: float, message: str
    ) -> None:
        with pytest.raises(InvalidSubmissionError) as caught:
            self.GRADING.score(rows("id,x", f"1,{value}"), self.answers(1))
        assert (caught.value.code, caught.value.message) == ("undefined_score", message)

    def test_an_optimum_may_be_infinite(self) -> None:
        assert self.GRADING.score(rows("id,x", "1,1e150"), self.answers(1)).score == math.inf

    def test_a_truth_that_allows_no_score_is_a_fault_of_the_answers(self) -> None:
        with pytest.raises(AnswersError, match="the answers allow no score: the truth is negative"):
            self.GRADING.score(rows("id,x", "1,1"), self.answers(-1))

    def test_a_sample_submission_is_no_truth(self) -> None:
        sample = self.GRADING.read_sample(rows("id,x", "1,1"))
        with pytest.raises(AnswersError, match="no truth to score against"):
            self.GRADING.score(rows("id,x", "1,1"), sample)
        with pytest.raises(AnswersError, match="sample submission cannot be read: the file"):
            self.GRADING.read_sample(b"")
        with pytest.raises(AnswersError, match="the sample submission has no column 'id'"):
            self.GRADING.read_sample(rows("x", "1"))
        with pytest.raises(AnswersError, match="the sample submission has no rows"):
            self.GRADING.read_sample(rows("id,x"))

    def test_a_sample_submission_that_repeats_a_key_is_no_fault_of_the_submission(self) -> None:
        sample = self.GRADING.read_sample(rows("id,x", "1,1", "1,1", "2,1"))
        for lines in (("2,1", "1,1", "1,1"), ("2,1", "1,1")):
            with pytest.raises(AnswersError, match="sample submission names a key more than once"):
                self.GRADING.check(rows("id,x", *lines), sample)


class TestRecords:
    GRADING = Grading(
        submission=Table(Key("id"), Number("x")),
        answers=Table(Key("id"), schema.AsIs("x")),
        records=lambda record: ((str(n), float(record["x"])) for n in record["ids"]),
        metric=metrics.mean_absolute_error,
    )

    def test_a_record_may_make_several_rows(self) -> None:
        answers = rows('{"ids": [1, 2], "x": 4}', "", '{"ids": [3], "x": 1}')
        assert score(self.GRADING, answers, rows("id,x", "3,1", "1,4", "2,1")) == 1.0

    @pytest.mark.parametrize("record", ["{", '{"x": 1}', "[3]", "7", "null", "[" * 99_999])
    def test_a_line_that_is_no_record_is_named(self, record: str) -> None:
        answers = rows('{"ids": [1, 2], "x": 4}', "", record, '{"ids": [3], "x": 1}')
        with pytest.raises(AnswersError, match="line 3 of the answers is no record"):
            self.GRADING.read_answers(answers)


class TestLists:
    def test_numerals(self) -> None:
        grading = Grading.alike(Key("id"), schema.NumeralList("x"), metric=metrics.word_error_rate)
        answers = rows("id,x", "1,1 2 3", "2,4")
        assert score(grading, answers, rows("id,x", "1, 01  +2 3 ", "2,5")) == 0.25
        for cell, expected in (("", "empty_list"), ("  ", "empty_list"), ("1.0", "not_an_integer")):
            assert code(grading, answers, rows("id,x", f"1,{cell}", "2,4")) == expected
        assert "at least one" in submission_section(grading.submission)

    def test_blanks_may_be_nothing_or_a_mistake(self) -> None:
        def groups(*, blank_is_empty: bool) -> schema.GroupList:
            return schema.GroupList(
                "x", ("name", "y"), label="name", separator=" ", blank_is_empty=blank_is_empty
            )

        @metrics.metric(higher_is_better=True, optimum=1.0)
        def agree(y_true: Any, y_pred: Any) -> float:
            return float(len(y_true.owner) == len(y_pred.owner))

        for blank_is_empty in (True, False):
            field = groups(blank_is_empty=blank_is_empty)
            grading = Grading.alike(Key("id"), field, metric=agree)
            answers = rows("id,x", "1,a 1", "2,")
            assert score(grading, answers, rows("id,x", "1,b 2", "2,")) == 1.0
            for cell in ("   ", " "):
                submission = rows("id,x", "1,b 2", f"2,{cell}")
                if blank_is_empty:
                    assert score(grading, answers, submission) == 1.0
                else:
                    assert code(grading, answers, submission) in BROKEN
            for cell in ("b  2", " 2", "b 2 ", " b 2"):
                assert code(grading, answers, rows("id,x", f"1,{cell}", "2,")) in BROKEN

    def test_the_sign_of_an_empty_mask_is_named(self) -> None:
        grading = Grading.alike(
            Key("id"), schema.RunLengths("x", 4, 4, empty="-"), metric=metrics.global_dice
        )
        answers = rows("id,x", "1,1 2", "2,-")
        assert score(grading, answers, answers) == 1.0
        with pytest.raises(InvalidSubmissionError, match="'-' for an empty mask"):
            score(grading, answers, rows("id,x", "1,1 2", "2,"))
