"""OpenHands, as its packages come, against an endpoint that says what its script says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mlegrade.runner import Limits, get_agent, grade_group, run
from runner.endpoint import Endpoint, scripted_endpoint
from runner.helpers import DIGITS, HOUR, journal
from runner.packages import install
from runner.rootfs import import_image_of

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-scripted-0123456789"
NEEDED = (3, 12)
IMPORTED = "openhands.sdk, openhands.tools.file_editor, openhands.tools.terminal"
TRAIN = """python3 "$AGENT_DIR/train.py" && sh "$VALIDATE_SCRIPT" """
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("terminal", {"command": 'head -c 300 "$DATA_DIR/train.csv"; ls /root', "summary": "look"}),
    ("terminal", {"command": "test -O / || touch /home/data/x.csv", "summary": "try"}),
    ("terminal", {"command": TRAIN, "summary": "train"}),
    ("finish", {"message": "It is written.", "summary": "done"}),
)


class Scripted(Endpoint):
    """Calls one tool after the other."""

    def message(self, body: dict[str, Any]) -> dict[str, Any]:
        del body
        number = len(self.requests) - 1
        name, arguments = STEPS[min(number, len(STEPS) - 1)]
        function = {"name": name, "arguments": json.dumps(arguments)}
        call = {"id": f"call-{number}", "type": "function", "function": function}
        return {"content": "", "tool_calls": [call]}


@pytest.fixture(scope="module")
def python() -> str:
    """Return an interpreter that is new enough for OpenHands."""
    if sys.version_info >= NEEDED:
        return os.path.realpath(sys.executable)
    for name in ("python3.12", "python3.13"):
        if found := shutil.which(name):
            code = "import os, sys; print(os.path.realpath(sys.executable))"
            done = subprocess.run([found, "-c", code], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return done.stdout.strip()
    pytest.skip("OpenHands needs Python 3.12 or newer, and there is none.")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["local", "podman"])
def test_openhands_works_and_finishes(
    tmp_path: Path,
    data_dir: Path,
    python: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    engine: str,
) -> None:
    """It looks around, tries what it must not, trains a model, validates, and says so."""
    monkeypatch.setenv("LLM_API_KEY", KEY)
    shipped = get_agent("openhands")
    text = (shipped.folder / "Containerfile").read_text()
    named = [word for word in text.split() if word.startswith("openhands-")]
    packages = install("openhands", python, named, imports=IMPORTED)
    folder = shutil.copytree(shipped.folder, tmp_path / "agent")
    model = get_agent("baseline").folder / "main.py"
    shutil.copyfile(model, folder / "train.py")  # what the scripted model is told to run
    agent = get_agent(folder)
    options: dict[str, Any] = {"out": tmp_path, "data_dir": data_dir, "engine": engine}
    with scripted_endpoint(Scripted) as endpoint:
        if engine == "local":
            programs = tmp_path / "bin"
            programs.mkdir()
            (programs / "python3").symlink_to(python)
            monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
            url = f"http://127.0.0.1:{endpoint.port}/v1"
            # OpenHands leaves folders behind among temporary files.
            more = {"PYTHONPATH": str(packages), "TMPDIR": str(tmp_path)}
        else:
            request.getfixturevalue("podman")
            options["image"] = import_image_of(python, "podman", packages)
            options["forward"] = {4000: f"127.0.0.1:{endpoint.port}"}
            url, more = "http://localhost:4000/v1", {}
        script = {"LLM_MODEL": "openai/scripted", "LLM_BASE_URL": url, **more}
        agent = replace(agent, environment={**agent.environment, **script})
        group = run(agent, [DIGITS], limits=Limits(time=HOUR, memory=2 << 30), **options)
    log = (group.run_folder(DIGITS, 0) / "run.log").read_text()
    ((state, report),) = grade_group(group)
    assert state.state == "finished", log
    assert report.medal.value == "silver", log
    asked = [json.dumps(body["messages"]) for _, _, body in endpoint.requests]
    assert len(asked) == len(STEPS), log
    assert "Handwritten Digits" in asked[0]
    assert "pixel_0_0" in asked[1]
    assert "The submission is valid." in asked[3]
    assert journal(group, DIGITS)["validations"] == 2  # the model's own call, and the agent's
    if engine == "podman":
        assert "Read-only file system" in asked[2]
    texts = [path.read_bytes() for path in group.folder.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in text for text in texts)
