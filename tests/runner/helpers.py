"""Agents that tests write themselves, and what is asked of runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mlegrade.runner.files import read_json_lines

if TYPE_CHECKING:
    from pathlib import Path

DIGITS = "optical-digits"
TINY = "tiny-labels"
ROWS = 20


def write_agent(folder: Path, code: str, **definition: Any) -> Path:
    """Write an agent whose command is a Python program; return its folder."""
    folder.mkdir(exist_ok=True)
    (folder / "main.py").write_text(code)
    facts = {"id": "probe", "command": ["python3", "{agent}/main.py"]} | definition
    tables = {name: value for name, value in facts.items() if isinstance(value, dict)}
    lines = [f"{name} = {json.dumps(value)}" for name, value in facts.items() if name not in tables]
    for name, table in tables.items():
        lines += [
            f"[{name}]",
            *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in table.items()),
        ]
    (folder / "agent.toml").write_text("\n".join(lines) + "\n")
    return folder


def write_competition(folder: Path) -> Path:
    """Write a competition of one's own: twenty rows, labels 0 and 1."""
    folder.mkdir()
    (folder / "competition.toml").write_text(
        f'id = "{TINY}"\nname = "Tiny Labels"\ncategory = "Tabular"\ncomplexity = "demo"\n'
        'metric = "accuracy"\nhigher_is_better = true\nanswers = "test.csv"\n'
        'sample_submission = "sample_submission.csv"\n'
        "[medals]\ngold = 0.9\nsilver = 0.8\nbronze = 0.7\nmedian = 0.5\nteams = 100\n"
    )
    (folder / "grader.py").write_text(
        "from mlegrade.metrics import accuracy\n"
        "from mlegrade.schema import Grading, Key, Table, WholeNumber\n"
        'TABLE = Table(Key("id"), WholeNumber("label", 0, 1))\n'
        "GRADING = Grading(submission=TABLE, answers=TABLE, metric=accuracy)\n"
    )
    (folder / "description.md").write_text("# Tiny Labels\n\n## Task\nSay 0 or 1.\n")
    (folder / "description_obfuscated.md").write_text("# A task\n\n## Task\nSay 0 or 1.\n")
    return folder


def write_data(root: Path) -> Path:
    """Write the tiny competition's data: the label of every third row is 1."""
    prepared = root / TINY / "prepared"
    (prepared / "public").mkdir(parents=True)
    (prepared / "private").mkdir()
    (prepared / "public" / "sample_submission.csv").write_text(table(lambda _: 0))
    (prepared / "private" / "test.csv").write_text(table(lambda row: int(row % 3 == 0)))
    return root


def table(label: Any) -> str:
    """Return a submission to the tiny competition."""
    return "id,label\n" + "".join(f"{row},{label(row)}\n" for row in range(ROWS))


def journal(group: Any, competition: str = TINY, seed: int = 0) -> dict[str, Any]:
    """Return the record of a run."""
    return json.loads((group.run_folder(competition, seed) / "journal.json").read_text())


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    return read_json_lines(path)
