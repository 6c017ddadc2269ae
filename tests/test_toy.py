"""A competition of another package, found by its entry point."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOY = Path(__file__).parent / "coin-toss"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the package in a folder of its own."""
    site = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-cache"]
    command += ["--no-deps", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([*command, "--target", site, TOY], check=True)
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
    hidden = mlegrade(installed, "describe", "coin", "--obfuscated")
    assert hidden.returncode == 3
    assert "coin-toss has no description_obfuscated.md" in hidden.stderr
    assert json.loads(mlegrade(installed, "info", "coin", "--json").stdout)["schema"]["key"]
    answers = tmp_path / "test.csv"
    answers.write_text("id,heads\n1,1\n2,0\n3,0\n4,1\n")
    submission = "id,heads\n4,1\n3,0\n2,0\n1,0\n"
    graded = mlegrade(
        installed, "grade", "-", "COIN-TOSS", "--answers", str(answers), "--json", given=submission
    )
    report = json.loads(graded.stdout)
    assert report["score"] == 0.75
    assert report["medal"] is None
    assert report["rank"] is report["percentile"] is None
    assert (
        "heads" in mlegrade(installed, "validate", "-", "coin-toss", given="id,heads\n1,2\n").stdout
    )


def test_it_is_looked_for_once(installed: Path) -> None:
    code = """
import importlib.metadata
from mlegrade.competitions import get
first = get("coin")
importlib.metadata.entry_points = None
assert get("Coin-Toss") is get("coin-toss") is first
"""
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(installed)}, check=True
    )


def test_it_has_medals_where_it_names_their_lines(installed: Path, tmp_path: Path) -> None:
    site = shutil.copytree(installed, tmp_path / "site")
    facts = site / "mlegrade_coin_toss/competition.toml"
    text = facts.read_text()
    facts.write_text(re.sub(r"^# (?=\[|\w+ =)", "", text, flags=re.MULTILINE))
    assert facts.read_text().count("#") == 1
    answers = tmp_path / "test.csv"
    answers.write_text("id,heads\n1,1\n2,0\n3,0\n4,1\n")
    words = ("grade", "-", "coin-toss", "--answers", str(answers), "--json")
    submission = "id,heads\n4,1\n3,0\n2,0\n1,0\n"
    assert json.loads(mlegrade(site, *words, given=submission).stdout)["medal"] == "bronze"


def test_its_own_tests_pass(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(TOY / "tests", tmp_path / "tests")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=True,
    )


def test_without_the_package_nobody_knows_it(tmp_path: Path) -> None:
    assert mlegrade(tmp_path, "info", "coin-toss").returncode == 2


def test_a_package_that_cannot_be_imported_is_named(installed: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(installed, site)
    shutil.rmtree(site / "mlegrade_coin_toss")
    listed = mlegrade(site, "list")
    assert listed.returncode == 3
    assert listed.stdout == ""
    assert listed.stderr == (
        "error: the package mlegrade-coin-toss offers mlegrade_coin_toss as a competition, which "
        "cannot be imported (ModuleNotFoundError: No module named 'mlegrade_coin_toss'). Mend the "
        "package, or uninstall it.\n"
    )
