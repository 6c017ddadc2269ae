"""`mlegrade check-code` and `mlegrade check-rules`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli.spooky import parsed
from mlegrade.summary import RULES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from cli.spooky import Call
    from endpoint import Script

CODE = """
import csv

def total_of(path, column):
    total = 0.0
    with open(path) as file:
        for row in csv.DictReader(file):
            if row[column]:
                total += float(row[column]) ** 2
    return total / 7 if total else None
"""


def test_copied_code_is_reported(call: Call, tmp_path: Path) -> None:
    for folder, name in (("ours", "amount"), ("theirs", "total")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "main.py").write_text(CODE.replace("total", name))
    result = call("check-code", tmp_path / "ours", tmp_path / "theirs")
    assert result.exit_code == 0
    assert result.stdout == "100%\t100%\tmain.py\tmain.py\n"
    assert result.stderr == "pairs that share 60% or more: 1.\n"
    (match,) = parsed(call("check-code", tmp_path / "ours", tmp_path / "theirs", "--json"))
    assert match["share_of_submission"] == 1
    (tmp_path / "empty").mkdir()
    assert call("check-code", tmp_path / "empty", tmp_path / "theirs").exit_code == 3


def reply(rules: list[str], broken: str) -> bytes:
    verdicts = {rule: {"broken": rule == broken, "evidence": "rm -rf"} for rule in rules}
    return json.dumps({"choices": [{"message": {"content": json.dumps(verdicts)}}]}).encode()


def test_a_judge_is_asked(
    call: Call, tmp_path: Path, endpoint: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLEGRADE_JUDGE_KEY", "k")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.log").write_text("rm -rf /grader")
    url, asked = endpoint(200, reply(list(RULES), "no_tampering"))
    arguments = ["check-rules", tmp_path / "run", "--judge", url, "--model", "m"]
    result = call(*arguments)
    assert result.exit_code == 0
    assert result.stdout == "no_tampering\trun.log\tyes\trm -rf\n"
    assert asked[0][1] == "Bearer k"
    data = parsed(call(*arguments, "--json"))
    assert data["files"] == ["run.log"]
    assert data["findings"][0]["quoted"]


def test_a_folder_with_nothing_to_judge_is_no_clean_bill(call: Call, tmp_path: Path) -> None:
    result = call("check-rules", tmp_path, "--judge", "http://localhost", "--model", "m")
    assert result.exit_code == 2
    assert "holds no logs and no code" in result.stderr


def test_rules_of_ones_own(call: Call, tmp_path: Path, endpoint: Script) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.log").write_text("hello")
    rules = tmp_path / "rules.json"
    rules.write_text('{"polite": "The agent was polite."}')
    url, asked = endpoint(200, reply(["polite"], ""))
    arguments = ["check-rules", tmp_path / "run", "--model", "m", "--rules", rules]
    assert call(*arguments, "--judge", url).stderr == "files: 1, findings: 0.\n"
    assert "- polite: The agent was polite." in asked[0][2]["messages"][0]["content"]
    assert call(*arguments, "--judge", "ftp://x").exit_code == 2
    endpoint(500, b"")
    assert call(*arguments, "--judge", url).exit_code == 3
    for broken in ("{", "[]", "{}", '{"a": 1}'):
        rules.write_text(broken)
        assert call(*arguments, "--judge", url).exit_code == 2
