"""Every fluke of the answers has a whale."""

from __future__ import annotations

import pytest

from mlegrade.errors import AnswersError
from mlegrade.grading import Grader


def test_a_whale_that_is_missing_is_damage() -> None:
    with pytest.raises(AnswersError, match="damaged: column 'Id'"):
        Grader("whale-categorization", answers=b"Image,Id\na.jpg,w_1\nb.jpg,\n")
