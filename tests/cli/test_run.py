"""The command run, as far as it looks at what was asked for; ``tests/runner`` has the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mlegrade.runner import shipped_agents

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call


@pytest.mark.parametrize("name", ["basline", "Baseline", "no/such/folder", ""])
def test_an_unknown_agent_is_wrong_usage(call: Call, tmp_path: Path, name: str) -> None:
    result = call("run", "--agent", name, "spooky", "--out", tmp_path / "runs", "--json")
    assert result.exit_code == 2
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "UsageError"
    assert error["message"].startswith(f"there is no agent {name!r}: name one of ")
    assert all(shipped in error["message"] for shipped in shipped_agents())
    assert error["message"].endswith("Did you mean baseline?") == name.lower().startswith("bas")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("name", ["slurm://here", "dask", "dask://", "dask://host", "dask://a:b"])
def test_an_unknown_executor_is_wrong_usage(call: Call, tmp_path: Path, name: str) -> None:
    command = ["run", "--agent", "dummy", "spooky", "--out", tmp_path / "runs"]
    result = call(*command, "--executor", name)
    assert result.exit_code == 2
    assert f"{name!r} is no executor: write dask://HOST:PORT" in result.stderr
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--group", "../up"], "cannot name a group"),
        (["--network", "bridge"], "has no networks"),
        (["--forward", "80=localhost:80"], "has no networks"),
    ],
)
def test_what_cannot_be_is_wrong_usage(
    call: Call, tmp_path: Path, options: list[str], said: str
) -> None:
    command = ["run", "--agent", "dummy", "spooky", "--out", tmp_path / "runs"]
    result = call(*command, "--engine", "local", *options)
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_was_asked_for_is_looked_at_before_any_cluster(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlegrade.runner.executors.connect", lambda *_: pytest.fail("it connects"))
    cluster = ["--executor", "dask://localhost:1", "--out", tmp_path / "runs"]
    assert call("run", "--agent", "nobody", "spooky", *cluster).exit_code == 2
    assert call("run", "--agent", "dummy", "no-such", *cluster).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--time-limit", "0s"),
        ("--disk", "0g"),
        ("--memory", "0m"),
        ("--cpus", "nan"),
        ("--cpus", "inf"),
        ("--seeds", "9" * 20),
    ],
)
def test_limits_that_are_none_are_wrong_usage(
    call: Call, tmp_path: Path, words: tuple[str, str]
) -> None:
    result = call("run", "--agent", "dummy", "spooky", "--out", tmp_path / "runs", *words)
    assert result.exit_code == 2
    assert not (tmp_path / "runs").exists()
