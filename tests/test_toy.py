"""A competition of another package, found by its entry point."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TOY = Path(__file__).parent / "toy"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the package out as an installer does: its code, and its metadata beside it."""
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(TOY / "src", site, dirs_exist_ok=True)
    project = tomllib.loads((TOY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = site / f"mlegrade_toy-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    (metadata / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
            for group, entries in project["entry-points"].items()
        )
    )
    return site


def mlegrade(site: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mlegrade.cli", *arguments],
        env={**os.environ, "PYTHONPATH": str(site)},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_knows_it(installed: Path, tmp_path: Path) -> None:
    assert "coin-toss" in mlegrade(installed, "list").stdout
    assert "Write one row for every `id`" in mlegrade(installed, "describe", "coin").stdout
    assert json.loads(mlegrade(installed, "info", "coin", "--json").stdout)["schema"]["key"]
    answers = tmp_path / "test.csv"
    answers.write_text("id,heads\n1,1\n2,0\n3,0\n4,1\n")
    submission = "id,heads\n4,1\n3,0\n2,0\n1,0\n"
    graded = mlegrade(
        installed, "grade", "-", "COIN-TOSS", "--answers", str(answers), "--json", given=submission
    )
    report = json.loads(graded.stdout)
    assert report["score"] == 0.75
    assert report["medal"] == "bronze"
    assert report["rank"] is report["percentile"] is None
    assert (
        "heads" in mlegrade(installed, "validate", "-", "coin-toss", given="id,heads\n1,2\n").stdout
    )


def test_without_the_package_nobody_knows_it(tmp_path: Path) -> None:
    assert mlegrade(tmp_path, "info", "coin-toss").returncode == 2


def test_a_package_that_cannot_be_imported_is_named(installed: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(installed, site)
    shutil.rmtree(site / "mlegrade_toy")
    listed = mlegrade(site, "list")
    assert listed.returncode == 3
    assert listed.stdout == ""
    assert listed.stderr == (
        "error: the package mlegrade-toy offers mlegrade_toy.coin_toss as a competition, which "
        "cannot be imported (ModuleNotFoundError: No module named 'mlegrade_toy'). Mend the "
        "package, or uninstall it.\n"
    )
