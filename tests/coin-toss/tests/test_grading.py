"""Submissions are graded as the declaration says."""

from pathlib import Path

import mlegrade
from mlegrade.metrics import metric_info
from mlegrade.testing import write_data_dir


def test_right_and_broken_submissions(tmp_path: Path) -> None:
    submissions = write_data_dir("coin-toss", tmp_path).submissions
    grader = mlegrade.Grader("coin-toss", data_dir=tmp_path)
    best = metric_info(grader.competition.grading.metric).optimum
    assert abs(grader.score(submissions / "perfect.csv") - best) < 1e-9
    for path in (submissions / "broken").iterdir():
        assert not grader(path).valid_submission
