"""An image without a finding says so; a cell that says nothing is refused."""

from __future__ import annotations

import pytest

from mlegrade.grading import Grader

HEADER = "image_id,class_id,class_name,rad_id,x_min,y_min,x_max,y_max\n"
ANSWERS = f"{HEADER}a,0,Aortic enlargement,R1,0,0,10,10\nb,14,No finding,R1,0,0,1,1\n"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("14 1 0 0 1 1", None),
        (" 14  1 0 0 1 1 ", None),
        ("", "missing_value"),
        (" ", "missing_value"),
        ("      ", "missing_value"),
        ("14", "incomplete_group"),
    ],
)
def test_blanks_are_no_finding(cell: str, code: str | None) -> None:
    chests = Grader("vinbigdata", answers=ANSWERS.encode())
    report = chests(f"image_id,PredictionString\na,0 1 0 0 10 10\nb,{cell}\n".encode())
    assert (report.error["code"] if report.error else None) == code


@pytest.mark.parametrize("corners", ["0 0 1e300 1e300", "-1.5e308 0 1.5e308 1"])
def test_boxes_beyond_all_numbers_are_left_out_without_a_warning(corners: str) -> None:
    chests = Grader("vinbigdata", answers=ANSWERS.encode())
    form = "image_id,PredictionString\na,{}0 0.9 0 0 10 10\nb,14 1 0 0 1 1\n"
    scores = [chests(form.format(box).encode()).raw_score for box in ("", f"0 1 {corners} ")]
    assert scores[0] == scores[1] is not None
