"""The demonstration, and the command that shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from mlegrade import Medal, grade
from mlegrade.cli import cli
from mlegrade.demo import run_demo

if TYPE_CHECKING:
    from pathlib import Path


def test_the_demo_goes_all_the_way(tmp_path: Path) -> None:
    demo = run_demo(tmp_path)
    assert demo.prepared.verified == 4
    assert demo.validation.ok
    assert demo.report.medal is Medal.SILVER
    assert demo.report.rank is not None
    assert [report.error["code"] for report in demo.broken.values() if report.error] == [
        "missing_rows", "missing_column", "not_a_number",
    ]  # fmt: skip
    again = grade(demo.report.submission_path or "", "optical-digits", data_dir=tmp_path)
    assert again == demo.report


def test_the_command_shows_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["demo", "--data-dir", str(tmp_path)])
    assert result.exit_code == 0
    for text in ("silver medal", "place 9 of 49", "missing_rows", "next: mlegrade grade"):
        assert text in result.stdout
    shown = json.loads(CliRunner().invoke(cli, ["demo", "--json"]).stdout)
    assert shown["report"]["silver_medal"] is True
    assert shown["validation"]["ok"] is True
