"""Labels that are none of the six are passed over, but not in silence."""

from __future__ import annotations

import pytest

from mlegrade.grading import Grader

ANSWERS = b"image,labels\na.jpg,scab rust\nb.jpg,healthy\n"


@pytest.fixture(scope="module")
def leaves() -> Grader:
    return Grader("plant-pathology-2021", answers=ANSWERS)


def test_other_labels_get_a_warning(leaves: Grader) -> None:
    report = leaves(b"image,labels\na.jpg,scab rust Scab\nb.jpg,healthy\n")
    assert report.score == 1.0
    (warning,) = report.warnings
    assert "'Scab'" in warning
    assert "frog_eye_leaf_spot" in warning


def test_labels_without_an_image_get_none(leaves: Grader) -> None:
    report = leaves(b"image,labels\na.jpg,rust scab complex\nb.jpg,healthy\n")
    assert report.score == 1.0
    assert not report.warnings
