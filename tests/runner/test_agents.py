"""Definitions of agents: what they may say, and those that come along."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mlegrade.errors import SetupError
from mlegrade.runner import get_agent, run, shipped_agents
from runner.helpers import DIGITS, write_agent

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ["aide", "baseline", "dummy", "mlagentbench", "openhands"]


def test_the_agents_that_come_along() -> None:
    assert shipped_agents() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_each_is_complete(name: str) -> None:
    agent = get_agent(name)
    assert agent.id == name
    assert bool(agent.image) != bool(agent.containerfile)
    assert (agent.folder / agent.command[1].replace("{agent}/", "")).is_file()
    assert tomllib.loads((agent.folder / "agent.toml").read_text())["about"]
    if agent.containerfile:
        text = (agent.folder / agent.containerfile).read_text()
        (source,) = re.findall(r"^FROM (\S+)$", text, re.MULTILINE)
        assert source.startswith("docker.io/library/python:3.")
        for copied in re.findall(r"^COPY (\S+) ", text, re.MULTILINE):
            assert (agent.folder / copied).is_file()
        # What is installed from a registry under its own name has its version.
        for package in re.findall(r"\b(aideml|openhands-\w+)\b(?!=)", text):
            assert f"{package}==" in text


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ({"id": "Big Name"}, "'id' has to be a name"),
        ({"command": []}, "'command' has to be a list"),
        ({"command": "python3"}, "'command' has to be of type list"),
        ({"command": ["a", 1]}, "'command' has to be a list"),
        ({"image": "a", "containerfile": "b"}, "not both"),
        ({"colour": "red"}, "there is no key 'colour'"),
        ({"environment": {"SEED": "1"}}, "SEED is set by the runner"),
        ({"environment": {"A B": "1"}}, "has to be a variable's name"),
        ({"environment": {"A": 1}}, "with a text"),
        ({"secrets": {"KEY": 5}}, "with a text"),
        ({"writable": "yes"}, "'writable' has to be of type bool"),
    ],
)
def test_a_definition_that_is_not_right(
    tmp_path: Path, definition: dict[str, Any], said: str
) -> None:
    folder = write_agent(tmp_path / "agent", "", **definition)
    with pytest.raises(SetupError, match=re.escape(str(folder))) as caught:
        get_agent(folder)
    assert said in str(caught.value)


def test_a_definition_that_cannot_be_read(tmp_path: Path) -> None:
    folder = write_agent(tmp_path / "agent", "")
    for broken in (b"id = ", b"\xff\xfe", b"command = ['x']"):
        (folder / "agent.toml").write_bytes(broken)
        with pytest.raises(SetupError, match=r"agent\.toml"):
            get_agent(folder)


STAND_IN = """
import argparse, json, os, sys, time
parser = argparse.ArgumentParser()
for name in ("task", "log-dir", "work-dir", "max-steps", "agent-max-steps", "max-time", "python",
             "llm-name", "edit-script-llm-name", "fast-llm-name"):
    parser.add_argument("--" + name)
args = parser.parse_args()
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "benchmarks", args.task)
work = os.path.join(args.work_dir, args.task)
os.makedirs(work)
names = sorted(os.listdir(os.path.join(here, "env")))
with open(os.path.join(here, "env", "sample_submission.csv")) as source:
    with open(os.path.join(work, "submission.csv"), "w") as target:
        target.write(source.read())
print(json.dumps({"names": names, "args": vars(args), "key": open("openai_api_key.txt").read(),
    "problem": open(os.path.join(here, "scripts", "research_problem.txt")).read(),
    "read_only": open(os.path.join(here, "scripts", "read_only_files.txt")).read()}))
sys.exit(4)
"""


def test_mlagentbench_gets_a_task(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its repository cannot be had here: a stand-in with its command line shows what it is told."""
    package = tmp_path / "repository" / "MLAgentBench"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "runner.py").write_text(STAND_IN)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-scripted-0123456789")
    agent = get_agent("mlagentbench")
    more = {"MLAGENTBENCH": str(package.parent), "STEP_LIMIT": "30"}
    agent = replace(agent, environment={**agent.environment, **more})
    group = run(agent, [DIGITS], out=tmp_path, data_dir=data_dir, engine="local")
    folder = group.run_folder(DIGITS, 0)
    record = json.loads((folder / "journal.json").read_text())
    assert record["exit_code"] == 4
    told = json.loads((folder / "run.log").read_text())
    assert told["names"] == ["sample_submission.csv", "test.csv", "train.csv"]
    assert told["key"] == ":<OPENAI_API_KEY>"
    assert "Handwritten Digits" in told["problem"]
    assert "*/train.csv" in told["read_only"].splitlines()
    assert (told["args"]["max_steps"], told["args"]["max_time"]) == ("30", "86400")
    assert (folder / "submission" / "submission.csv").is_file()
    texts = [path.read_bytes() for path in group.folder.rglob("*") if path.is_file()]
    assert not any(b"sk-scripted" in text for text in texts)
