"""The example for verifiers, run by that package, with models that say what their script says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mlegrade import summary
from prepared import answers_file, as_csv, damaged, data_dir, with_errors
from runner.endpoint import Endpoint, scripted_endpoint
from runner.packages import install

VERIFIERS = "verifiers==0.4.0"
HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
SUBMISSION = "submission/submission.csv"
WRONG = {"gold": 0, "silver": 16, "bronze": 30, "nothing": 400}
"""How many digits are wrong in submissions that earn a medal, or none."""

Outcomes: TypeAlias = dict[str, dict[str, Any]]

pytestmark = pytest.mark.slow


class Scripted(Endpoint):
    """Gives each model's commands, one a turn."""

    scripts: dict[str, list[str]]

    def message(self, body: dict[str, Any]) -> dict[str, Any]:
        said = [*self.scripts[body["model"]], "done"]
        return {"content": said[len(body["messages"]) // 2]}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Install verifiers; return the environment of processes that have it, and the example."""
    packages = install("verifiers", sys.executable, [VERIFIERS])
    home = tmp_path_factory.mktemp("home")
    return {**os.environ, "PYTHONPATH": f"{packages}:{EXAMPLES}", "HOME": str(home)}


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Any:
    """Evaluate all scripts at once, since what takes time is to start; return what came of it."""
    folder = tmp_path_factory.mktemp("verifiers")
    for name, count in WRONG.items():
        (folder / f"{name}.csv").write_bytes(as_csv(with_errors(count)))
    medals = {name: [f"cp {folder}/{name}.csv {SUBMISSION}"] for name in WRONG}
    bad = {
        "invalid": [f"echo id,label > {SUBMISSION}"],
        "missing": ["find . -type f"],
        "removed": ["rm -r submission"],
        "huge": [f"truncate -s 2G {SUBMISSION}"],
        "link": [f"ln -s {answers_file()} {SUBMISSION}"],
        "pipe": [f"mkfifo {SUBMISSION}"],
        "no sandbox": ['rm -r "$PWD"'],
    }
    good = f"cp {folder}/gold.csv {SUBMISSION}"
    whole, broken = str(data_dir()), str(damaged(folder / "damaged"))
    request = [
        {"taskset": {"task": {"data_dir": whole, "kind": "medal"}}, "models": {**medals, **bad}},
        {
            "taskset": {"task": {"data_dir": whole, "kind": "percentile"}, "time_limit": 30},
            "models": {"late": [good, "sleep 300"]},
        },
        {"taskset": {"task": {"data_dir": broken}}, "models": {"damaged": [good]}},
    ]
    file = folder / "request.json"
    with scripted_endpoint(Scripted) as endpoint:
        endpoint.scripts = {name: said for one in request for name, said in one["models"].items()}
        address = f"http://127.0.0.1:{endpoint.port}/v1"
        file.write_text(json.dumps({"address": address, "evaluations": request}))
        command = [sys.executable, str(HERE / "verifiers_scripted.py"), str(file)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = {body["model"] for _, _, body in endpoint.requests}
    return {"outcomes": json.loads(file.with_suffix(".result").read_text()), "asked": asked}


@pytest.fixture
def outcomes(answer: Any) -> Outcomes:
    """Return what came of each model."""
    return answer["outcomes"]


def test_a_medal_is_the_reward(outcomes: Outcomes) -> None:
    medals = [outcomes[name] for name in WRONG]
    assert all(one["ok"] and not one["errors"] for one in medals)
    assert [one["rewards"]["reward"] for one in medals] == [1.0, 2 / 3, 1 / 3, 0.0]
    assert [one["metrics"]["any_medal"] for one in medals] == [1.0, 1.0, 1.0, 0.0]
    percentiles = [one["metrics"]["percentile"] for one in medals]
    assert percentiles == sorted(percentiles, reverse=True)
    assert percentiles == [one["report"]["percentile"] for one in medals]


def test_an_invalid_or_missing_submission_has_the_reward_0(outcomes: Outcomes) -> None:
    codes = {
        "invalid": "missing_column",
        "missing": "not_found",
        "removed": "not_found",
        "huge": "too_large",
        "link": "not_found",
        "pipe": "not_found",
    }
    for name, code in codes.items():
        one = outcomes[name]
        assert one["ok"], name
        assert one["rewards"] == {"reward": 0.0}
        assert set(one["metrics"]) == {"any_medal", "valid_submission", "percentile"}
        assert not any(one["metrics"].values())
        assert one["report"]["error"]["code"] == code
        assert one["report"]["submission_exists"] is (code != "not_found")


@pytest.mark.parametrize(
    ("name", "message"),
    [("damaged", "task setup: AnswersError: the answers are damaged"), ("no sandbox", "finalize")],
)
def test_a_fault_is_an_error_and_no_reward(outcomes: Outcomes, name: str, message: str) -> None:
    one = outcomes[name]
    assert not one["ok"]
    assert message in one["errors"][0]
    assert (one["rewards"], one["metrics"], one["report"]) == ({}, {}, None)


def test_damaged_answers_are_found_before_a_model_is_asked(answer: Any) -> None:
    assert "damaged" not in answer["asked"]
    assert {*WRONG, "late"} <= answer["asked"]


def test_a_sandbox_has_the_public_data_and_nothing_else(outcomes: Outcomes) -> None:
    task, files = outcomes["missing"]["seen"]
    names = ("train.csv", "test.csv", "sample_submission.csv")
    assert sorted(files.split()) == sorted(f"./data/{name}" for name in names)
    assert "# Optical Recognition of Handwritten Digits" in task
    assert f"`./{SUBMISSION}`" in task


def test_what_is_there_when_time_is_up_counts(outcomes: Outcomes) -> None:
    late = outcomes["late"]
    assert late["ok"]
    assert late["stop"] == "agent_timeout"
    assert "You have 30 seconds." in late["seen"][0]
    assert late["rewards"]["reward"] == late["metrics"]["percentile"] > 0.9


def test_the_reports_of_traces_are_summarised(outcomes: Outcomes, tmp_path: Path) -> None:
    reports = [one["report"] for one in outcomes.values() if one["report"]]
    file = tmp_path / "reports.jsonl"
    file.write_text("".join(json.dumps(report) + "\n" for report in reports))
    runs = summary.load(file).runs
    assert len({run.seed for run in runs}) == len(reports) == len(outcomes) - 2
