"""Grey levels from 0 to 255 are valid, but a mistake that is worth a word."""

from __future__ import annotations

import pytest

from mlegrade.grading import Grader

ANSWERS = b"id,value\n1_1_1,1\n1_1_2,0.5\n1_2_1,0\n1_2_2,0.25\n"
PIXELS = ("1_1_1", "1_1_2", "1_2_1", "1_2_2")


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ((255, 128, 0, 64), True),
        ((1, 0.5, 0, 0.25), False),
        ((1.1, 0.5, -0.1, 0.25), False),
        ((300, 0, 0, 0), False),
    ],
)
def test_grey_levels_of_bytes(values: tuple[float, ...], *, warned: bool) -> None:
    grader = Grader("denoising", answers=ANSWERS)
    lines = [f"{pixel},{value}" for pixel, value in zip(PIXELS, values, strict=True)]
    report = grader("\n".join(["id,value", *lines]).encode())
    assert report.valid_submission
    assert any("grey levels" in warning for warning in report.warnings) == warned


def test_ids_are_text_though_python_could_read_them_as_numbers() -> None:
    grader = Grader("denoising", answers=ANSWERS)
    bad = b"id,value\n11_1,1\n1_1_2,0.5\n1_2_1,0\n1_2_2,0.25\n"
    assert grader(bad).error["code"] == "missing_rows"
