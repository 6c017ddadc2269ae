"""Synthetic data directories: the rest of the command line works in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import mlegrade
from cli.spooky import SPOOKY, parsed

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call


def test_what_is_written_can_be_graded(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (written,) = parsed(call("synth", "spooky", "--rows", "30", "--out", str(out), "--json"))
    assert written["competition_id"] == SPOOKY
    submissions = out / SPOOKY / "submissions"
    graded = call("grade", str(submissions / "perfect.csv"), "spooky", "--data-dir", str(out))
    assert "gold medal" in graded.stdout
    checked = call("validate", str(submissions / "baseline.csv"), "spooky", "--data-dir", str(out))
    assert checked.exit_code == 0
    broken = sorted((submissions / "broken").iterdir())
    assert len(broken) > 10
    for path in broken:
        assert call("grade", str(path), "spooky", "--data-dir", str(out)).exit_code == 1
    assert "not for comparing" in (out / SPOOKY / "prepared/public/SYNTHETIC.txt").read_text()
    assert "next: mlegrade grade" in call("synth", "spooky", "--out", str(out)).stdout


def test_real_data_is_never_replaced(call: Call, data_dir: Path) -> None:
    result = call("synth", "spooky", "--out", str(data_dir))
    assert result.exit_code == 3
    assert "not synthetic" in result.stderr


def test_a_place_that_takes_no_folder_is_refused_before_anything_is_made(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    made = "mlegrade.testing._data_dir.synthesize"
    monkeypatch.setattr(made, lambda *_: pytest.fail("it makes data"))
    assert call("synth", "spooky", "--out", tmp_path / "file").exit_code == 2
    assert call("synth", "spooky", "--out", tmp_path / "file" / "below").exit_code == 3


@pytest.mark.parametrize("name", mlegrade.competitions())
def test_every_competition_works_without_a_download(name: str, tmp_path: Path) -> None:
    from mlegrade.testing import write_data_dir

    written = write_data_dir(name, tmp_path, rows=20)
    report = mlegrade.grade(written.submissions / "perfect.csv", name, data_dir=tmp_path)
    assert report.valid_submission
    baseline = written.submissions / "baseline.csv"
    assert mlegrade.validate(baseline, name, data_dir=tmp_path).ok


def test_synthetic_data_is_told_from_others(call: Call, tmp_path: Path) -> None:
    made, adopted = tmp_path / "made", tmp_path / "adopted"
    assert call("synth", "spooky", "--out", made).exit_code == 0
    submission = made / SPOOKY / "submissions/perfect.csv"
    report = parsed(call("grade", submission, "spooky", "--data-dir", made, "--json"))
    assert report["data_variant"] == "synthetic"
    told = "graded on synthetic data: score and medal say nothing about the competition."
    shown = call("grade", submission, "spooky", "--data-dir", made).stdout
    assert told in " ".join(shown.split())
    for words in (("--adopt", made, "--data-dir", adopted), ("--data-dir", made)):
        result = call("prepare", "spooky", "--verify", "off", *words)
        assert result.exit_code == 3
        assert "holds synthetic data" in " ".join((result.stdout + result.stderr).split())
    assert not (adopted / SPOOKY / "prepared").exists()
