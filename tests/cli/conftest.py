"""Prepared data that the tests write themselves, and a way to call the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from cli.spooky import ANSWERS, BROKEN, GOOD, MIDDLING, POOR, SAMPLE, SPOOKY
from mlegrade.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory with one prepared competition."""
    prepared = tmp_path / "data" / SPOOKY / "prepared"
    (prepared / "public").mkdir(parents=True)
    (prepared / "private").mkdir()
    (prepared / "public" / "sample_submission.csv").write_text(SAMPLE)
    (prepared / "private" / "test.csv").write_text(ANSWERS)
    return tmp_path / "data"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Submissions by name."""
    texts = {"good": GOOD, "middling": MIDDLING, "poor": POOR, "broken": BROKEN}
    paths = {name: tmp_path / f"{name}.csv" for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name])
    return paths


@pytest.fixture
def call(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command line in this process, with the data directory in the environment."""
    monkeypatch.setenv("MLEGRADE_DATA_DIR", str(data_dir))

    def run(*arguments: object, **options: Any) -> Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments], **options)

    return run
