"""Genuine Kaggle data, where it lies beside the checkout, comes out with the known checksums."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlegrade import grade
from mlegrade.prepare import prepare

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("MLEGRADE_REAL_DATA", ROOT.parent / "shared" / "data"))

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="no Kaggle data here; $MLEGRADE_REAL_DATA names a folder of it"
)


@pytest.mark.parametrize(
    "competition",
    [
        "spooky-author-identification",
        "spaceship-titanic",
        "detecting-insults-in-social-commentary",
    ],
)
def test_every_file_has_its_checksum(competition: str, tmp_path: Path) -> None:
    done = prepare(competition, source=DATA / competition / "raw", data_dir=tmp_path)
    assert done.verified > 0
    again = prepare(competition, data_dir=tmp_path)
    assert again.already_there
    assert again.verified == done.verified


def test_a_real_entry_gets_its_real_score_and_medal(tmp_path: Path) -> None:
    name = "detecting-insults-in-social-commentary"
    prepare(name, source=DATA / name / "raw", data_dir=tmp_path)
    submissions = DATA / name / "submissions"
    report = grade(submissions / "cbrew_submission1.csv", "detecting-insults", data_dir=tmp_path)
    assert report.raw_score == pytest.approx(0.9139228223158623, rel=1e-12)
    assert report.score == 0.91392
    assert report.gold_medal
    for other in submissions.glob("kaggle_test_*.csv"):  # made for another test set
        assert not grade(other, name, data_dir=tmp_path).valid_submission
