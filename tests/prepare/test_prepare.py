"""Preparing the built-in competition: staged, verified, put in place, safe to run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from mlegrade import data, grade
from mlegrade.errors import ChecksumError, NotPreparedError, SetupError
from mlegrade.prepare import prepare
from prepared import DIGITS

if TYPE_CHECKING:
    from pathlib import Path


def test_the_built_in_competition_needs_no_download(tmp_path: Path) -> None:
    done = prepare(DIGITS, data_dir=tmp_path)
    assert not done.already_there
    assert done.verified == 4
    assert data.is_prepared(DIGITS, "test.csv", tmp_path)
    assert sorted(path.name for path in done.folder.iterdir()) == [
        "mlegrade.json",
        "private",
        "public",
    ]
    train, test, answers = (
        pd.read_csv(done.folder / name)
        for name in ("public/train.csv", "public/test.csv", "private/test.csv")
    )
    assert not set(train["id"]) & set(test["id"])
    assert "digit" not in test
    assert test["id"].tolist() == answers["id"].tolist()
    sample = done.folder / "public" / "sample_submission.csv"
    assert grade(sample, DIGITS, data_dir=tmp_path).valid_submission
    assert grade(answers, DIGITS, data_dir=tmp_path).score == 1.0


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    folder = prepare(DIGITS, data_dir=tmp_path).folder
    inode = (folder / "private" / "test.csv").stat().st_ino
    assert prepare(DIGITS, data_dir=tmp_path).already_there
    assert (folder / "private" / "test.csv").stat().st_ino == inode
    assert not prepare(DIGITS, data_dir=tmp_path, force=True).already_there


def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    folder = prepare(DIGITS, data_dir=tmp_path).folder
    (folder / "public" / "train.csv").write_text("id,digit\n")
    with pytest.raises(ChecksumError, match=r"public/train\.csv.*expected MD5.*pandas"):
        prepare(DIGITS, data_dir=tmp_path)
    assert prepare(DIGITS, data_dir=tmp_path, verify="off").verified == 0
    assert prepare(DIGITS, data_dir=tmp_path, force=True).verified == 4
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]


def test_a_failure_leaves_nothing_half_made(tmp_path: Path) -> None:
    raw = tmp_path / "spooky-author-identification" / "raw"
    raw.mkdir(parents=True)
    (raw / "another.csv").write_text("id\n1\n")
    with pytest.raises(NotPreparedError, match=r"train\.csv.*kaggle\.com.*--from"):
        prepare("spooky-author", data_dir=tmp_path)
    root = tmp_path / "spooky-author-identification"
    assert [path.name for path in root.rglob("*")] == ["raw", "another.csv"]


def test_files_in_the_way_are_not_touched(tmp_path: Path) -> None:
    public = tmp_path / DIGITS / "prepared" / "public"
    public.mkdir(parents=True)
    (public / "notes.txt").write_text("mine")
    with pytest.raises(SetupError, match="--force"):
        prepare(DIGITS, data_dir=tmp_path)
    assert (public / "notes.txt").read_text() == "mine"
