"""Genuine Kaggle data, where it lies beside the checkout, comes out with the known checksums."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from mlegrade import grade
from mlegrade.competitions import get
from mlegrade.errors import ChecksumError
from mlegrade.prepare import prepare

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("MLEGRADE_REAL_DATA", ROOT.parent / "shared" / "data"))

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="no Kaggle data here; $MLEGRADE_REAL_DATA names a folder of it"
)


# Where images are wanted that are not there: their folder, and the column that names them.
IMAGES = {
    "aerial-cactus-identification": ("train", "{id}"),
    "aptos2019-blindness-detection": ("train_images", "{id_code}.png"),
    "dog-breed-identification": ("train", "{id}.jpg"),
    "leaf-classification": ("images", "{id}.jpg"),
    "petfinder-pawpularity-score": ("train", "{Id}.jpg"),
    "plant-pathology-2020-fgvc7": ("images", "{image_id}.jpg"),
    "rsna-miccai-brain-tumor-radiogenomic-classification": ("train", "{BraTS21ID}/T2w/Image-1.dcm"),
}
WHOLE = [
    "detecting-insults-in-social-commentary",
    "nomad2018-predict-transparent-conductors",
    "random-acts-of-pizza",
    "spaceship-titanic",
    "spooky-author-identification",
]


def raw_folder(competition: str, folder: Path) -> Path:
    """Return the raw data; with empty files in place of images."""
    raw = DATA / competition / "raw"
    if competition not in IMAGES:
        return raw
    shutil.copytree(raw, folder)
    images, form = IMAGES[competition]
    (table,) = raw.glob("*.csv")
    (folder / images).mkdir()
    for row in pd.read_csv(table, dtype=str).to_dict("records"):
        path = folder / images / form.format(**row)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


@pytest.mark.parametrize("competition", [*WHOLE, *IMAGES])
def test_every_file_has_its_checksum(competition: str, tmp_path: Path) -> None:
    done = prepare(competition, source=raw_folder(competition, tmp_path / "r"), data_dir=tmp_path)
    sums = get(competition).checksums
    assert done.verified == len(sums.public) + len(sums.private)
    again = prepare(competition, data_dir=tmp_path)
    assert again.already_there
    assert again.verified == done.verified


@pytest.mark.parametrize("competition", [*WHOLE, *IMAGES])
def test_answers_alone_have_their_checksums(competition: str, tmp_path: Path) -> None:
    raw = DATA / competition / "raw"
    done = prepare(competition, source=raw, data_dir=tmp_path, answers_only=True)
    assert done.verified >= len(get(competition).checksums.private)


def test_fixed_data_has_checksums_of_its_own(tmp_path: Path) -> None:
    name = "random-acts-of-pizza"
    done = prepare(name, source=DATA / name / "raw", data_dir=tmp_path, fixes=True)
    assert (done.verified, done.how) == (4, "bytes")
    (done.folder / "public" / "test.json").write_text("[]")
    with pytest.raises(ChecksumError, match=r"public/test\.json"):
        prepare(name, data_dir=tmp_path, fixes=True)


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
