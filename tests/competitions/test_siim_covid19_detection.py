"""The specification has numbers read like Python's `float`."""

from __future__ import annotations

import pytest

from mlegrade.grading import Grader


@pytest.mark.parametrize("confidence", ["1", "1_0", "１"])
def test_numbers_are_those_of_python(confidence: str) -> None:
    scans = Grader("siim-covid19", answers=b"id,PredictionString\na_study,typical 1 0 0 1 1\n")
    text = f"id,PredictionString\na_study,typical {confidence} 0 0 1 1\n"
    assert scans(text.encode()).score == 1.0
