"""Comments that are not scored need a row and nothing else; columns go by name."""

from __future__ import annotations

import pytest

from mlegrade.errors import AnswersError, InvalidSubmissionError
from mlegrade.grading import Grader, validate

KINDS = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")
HEADER = ",".join(("id", *KINDS))
ANSWERS = f"{HEADER}\na1,1,1,1,1,1,1\na2,0,0,0,0,0,0\n00e3,-1,-1,-1,-1,-1,-1\na4,0,0,0,0,0,0\n"
GOOD = (
    f"{HEADER}\na1,.9,.9,.9,.9,.9,.9\na2,.1,.2,.3,.4,.5,.6\n00e3,0,0,0,0,0,0\na4,.1,.1,.1,1,.1,.1\n"
)
UNSCORED = "00e3,0,0,0,0,0,0"


@pytest.fixture(scope="module")
def jigsaw() -> Grader:
    return Grader("jigsaw-toxic", answers=ANSWERS.encode())


@pytest.mark.parametrize("cells", ["a,b,c,d,e,f", ",,,,,", "inf,-inf,nan,1e999,-1,True", "0,0"])
def test_cells_of_unscored_rows_may_hold_anything(jigsaw: Grader, cells: str) -> None:
    report = jigsaw(GOOD.replace(UNSCORED, f"00e3,{cells}").encode())
    assert report.raw_score == pytest.approx((5 + 0.5) / 6)
    assert report.warnings == ()


@pytest.mark.parametrize("cells", ["", "True", "0.5", "x"])
def test_truth_values_count_whatever_unscored_rows_hold(jigsaw: Grader, cells: str) -> None:
    lines = ("True,False,True,False,True,False", "False,True,False,True,False,True")
    rows = f"a1,{lines[0]}\na2,{lines[1]}\n00e3{f',{cells}' * 6}\na4,{lines[1]}\n"
    assert jigsaw.score(f"{HEADER}\n{rows}".encode()) == 0.5


def test_a_row_that_is_scored_in_part_is_a_damage() -> None:
    mixed = ANSWERS.replace("a1,1,1,1,1,1,1", "a1,1,-1,1,1,1,1")
    with pytest.raises(AnswersError, match="neither 0 nor 1"):
        Grader("jigsaw-toxic", answers=mixed.encode()).score(GOOD.encode())


@pytest.mark.parametrize("cell", ["a", "", "inf"])
def test_cells_of_scored_rows_may_not(jigsaw: Grader, cell: str) -> None:
    with pytest.raises(InvalidSubmissionError, match=r"row 4 \(id='a4'\)"):
        jigsaw.score(GOOD.replace("a4,.1", f"a4,{cell}").encode())


def test_unscored_rows_belong_by_id_as_written(jigsaw: Grader) -> None:
    with pytest.raises(InvalidSubmissionError, match="00e3"):
        jigsaw.score(GOOD.replace("00e3", "0").encode())


def test_kinds_in_another_order_are_taken_by_name_with_a_warning(jigsaw: Grader) -> None:
    rows = [line.split(",") for line in GOOD.splitlines()]
    swapped = "\n".join(",".join([*cells[:-2], cells[-1], cells[-2]]) for cells in rows)
    report = jigsaw(swapped.encode())
    assert report.raw_score == jigsaw(GOOD.encode()).raw_score
    assert "by position" in "".join(report.warnings)
    id_last = "\n".join(",".join([*cells[1:], cells[0]]) for cells in rows)
    assert jigsaw(id_last.encode()).warnings == ()


def test_without_answers_no_cell_is_judged() -> None:
    sample = GOOD.encode()
    assert validate(GOOD.replace(".9", "x").encode(), "jigsaw-toxic", sample_submission=sample).ok
    absent = GOOD.replace(UNSCORED + "\n", "").encode()
    assert not validate(absent, "jigsaw-toxic", sample_submission=sample).ok
