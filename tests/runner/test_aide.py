"""AIDE, as its package comes, against an endpoint that says what its script says."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mlegrade.errors import SetupError
from mlegrade.runner import Limits, get_agent, grade_group, run
from mlegrade.runner.relay import parse_forward
from runner.endpoint import SOLUTIONS, scripted_endpoint
from runner.helpers import DIGITS, HOUR, journal
from runner.packages import install
from runner.rootfs import import_image

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.runner import Agent

FOLDER = get_agent("aide").folder
KEY = "sk-scripted-0123456789"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def packages() -> Path:
    """Install what AIDE's Containerfile installs; return the folder."""
    text = (FOLDER / "Containerfile").read_text()
    (package,) = {word for word in text.split() if word.startswith("aideml==")}
    listed = ["--requirement", str(FOLDER / "requirements.txt")]
    steps = (listed, ["--no-deps", package])
    return install("aide", sys.executable, *steps, imports="aide.agent, aide.utils.config")


def aide(url: str, **environment: str) -> Agent:
    """Return the agent with the script's endpoint."""
    agent = get_agent("aide")
    models = {"AIDE_MODEL": "scripted", "AIDE_FEEDBACK_MODEL": "scripted"}
    more = {"STEP_LIMIT": str(len(SOLUTIONS)), "OPENAI_BASE_URL": url, **models, **environment}
    return replace(agent, environment={**agent.environment, **more})


@pytest.mark.parametrize("engine", ["local", "podman"])
def test_aide_searches_and_submits(
    tmp_path: Path,
    data_dir: Path,
    packages: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    engine: str,
) -> None:
    """It fails, mends, improves, gets worse, and hands in the best of what it had."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    options = {"out": tmp_path, "data_dir": data_dir, "engine": engine}
    with scripted_endpoint() as endpoint:
        if engine == "local":
            programs = tmp_path / "bin"
            programs.mkdir()
            (programs / "python3").symlink_to(os.path.realpath(sys.executable))
            monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
            url = f"http://127.0.0.1:{endpoint.port}/v1"
            agent = aide(url, PYTHONPATH=str(packages))
        else:
            request.getfixturevalue("podman")
            options["image"] = import_image("podman", packages)
            # There is no network: one port leads to the endpoint, and nowhere else.
            options["forward"] = {4000: f"127.0.0.1:{endpoint.port}"}
            agent = aide("http://localhost:4000/v1")
        group = run(agent, [DIGITS], limits=Limits(time=HOUR, memory=2 << 30), **options)
    folder = group.run_folder(DIGITS, 0)
    log = (folder / "run.log").read_text()
    ((state, report),) = grade_group(group)
    assert state.state == "finished", log
    assert report.medal.value == "silver", log
    # A solution and a review each; the task's text and the reviews' results went along.
    assert len(endpoint.requests) == 2 * len(SOLUTIONS)
    assert {authorization for _, authorization, _ in endpoint.requests} == {f"Bearer {KEY}"}
    assert "Handwritten Digits" in json.dumps(endpoint.requests[0][2]["messages"])
    assert "step 1: buggy=True" in log
    assert "step 4: buggy=False" in log
    (record,) = (folder / "logs").glob("*/journal.json")
    assert len(json.loads(record.read_text())["nodes"]) == len(SOLUTIONS)
    assert "T[:, None] - X)" in (folder / "code" / "best_solution.py").read_text()
    texts = [path.read_bytes() for path in group.folder.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in text for text in texts)


def test_aide_asks_for_its_key(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SetupError, match="OPENAI_API_KEY in the environment"):
        run("aide", [DIGITS], out=tmp_path, data_dir=data_dir, engine="local")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4000=localhost:8080", (4000, "localhost:8080")),
        ("1=[::1]:65535", (1, "::1:65535")),
        ("80=api.example.org:443", (80, "api.example.org:443")),
    ],
)
def test_forwardings(text: str, found: tuple[int, str]) -> None:
    assert parse_forward(text) == found


@pytest.mark.parametrize(
    "text", ["", "4000", "4000=host", "0=h:1", "1=h:70000", "x=h:1", "1=a b:2"]
)
def test_what_is_no_forwarding(text: str) -> None:
    with pytest.raises(ValueError, match="is no forwarding"):
        parse_forward(text)


def test_a_forwarding_leads_to_one_address(tmp_path: Path, data_dir: Path, podman: str) -> None:
    """Nothing else is reached, and what does not answer is an error inside, not here."""
    from runner.helpers import write_agent

    code = """
import http.client, socket
def ask(port):
    connection = http.client.HTTPConnection("localhost", port, timeout=300)
    try:
        connection.request("POST", "/v1/chat/completions", b'{"model": "x"}')
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
print(ask(4000), ask(4001), ask(4002))
with socket.socket() as probe:
    print(probe.connect_ex(("192.0.2.1", 80)) != 0)
"""
    agent = write_agent(tmp_path / "agent", code)
    with socket_that_is_closed() as closed, scripted_endpoint() as endpoint:
        forward = {4000: f"127.0.0.1:{endpoint.port}", 4001: f"127.0.0.1:{closed}"}
        group = run(
            agent,
            [DIGITS],
            out=tmp_path,
            data_dir=data_dir,
            image=podman,
            forward=forward,
        )
    log = (group.run_folder(DIGITS, 0) / "run.log").read_text()
    assert log == "200 RemoteDisconnected ConnectionRefusedError\nTrue\n"
    assert journal(group, DIGITS)["forward"] == {
        str(port): address for port, address in forward.items()
    }


def socket_that_is_closed():
    """Give a port that nobody listens on."""
    from contextlib import contextmanager
    from socket import socket

    @contextmanager
    def bound():
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            yield probe.getsockname()[1]

    return bound()


def test_forwarding_has_its_rules(tmp_path: Path, data_dir: Path, podman: str) -> None:
    where = {"out": tmp_path, "data_dir": data_dir}
    with pytest.raises(SetupError, match="5000 is the validation server's"):
        run("dummy", [DIGITS], image=podman, forward={5000: "a:1"}, **where)
    with pytest.raises(SetupError, match="has no networks"):
        run("dummy", [DIGITS], engine="local", forward={4000: "a:1"}, **where)
