"""The server of the Model Context Protocol, called by a real client."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

import mcp
import pytest
import uvicorn
from click.testing import CliRunner

from cli.spooky import ANSWERS, BROKEN, GOOD, SAMPLE, SPOOKY
from mlegrade.cli import cli
from mlegrade.competitions import ids
from mlegrade.errors import UnknownCompetitionError
from mlegrade.integrations.mcp import _Tools, server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HARMLESS = {
    "list_competitions",
    "describe_competition",
    "submission_format",
    "validate_submission",
}

Answer = tuple[bool, Any]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    prepared = tmp_path / "data" / SPOOKY / "prepared"
    for name in ("public", "private"):
        (prepared / name).mkdir(parents=True)
    (prepared / "public" / "sample_submission.csv").write_text(SAMPLE)
    (prepared / "private" / "test.csv").write_text(ANSWERS)
    return tmp_path / "data"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "good.csv").write_text(GOOD)
    (folder / "broken.csv").write_text(BROKEN)
    return folder


@pytest.fixture
def call(root: Path, data_dir: Path) -> Callable[..., Answer]:
    """Return a function that calls a tool; it returns whether that failed, and the answer."""

    def run(tool: str, arguments: dict[str, object] | None = None, **options: Any) -> Answer:
        made = server(options.pop("competitions", ()), root=root, data_dir=data_dir, **options)

        async def ask() -> Answer:
            async with mcp.Client(made) as client:
                result = await client.call_tool(tool, arguments or {})
                text = result.content[0].text
                told = result.structured_content
                return bool(result.is_error), text if told is None else told

        return asyncio.run(ask())

    return run


def test_another_transport(root: Path, data_dir: Path) -> None:
    app = server([SPOOKY], root=root, data_dir=data_dir).streamable_http_app()
    web = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=web.run, args=([listening],), daemon=True)
        thread.start()

        async def ask(*names: str) -> list[Answer]:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
            async with mcp.Client(address) as client:
                called = [
                    client.call_tool("validate_submission", {"competition": SPOOKY, "path": name})
                    for name in names
                ]
                results = await asyncio.gather(*called)
                return [(bool(one.is_error), one.structured_content) for one in results]

        good, broken, outside = asyncio.run(ask("good.csv", "broken.csv", "../data"))
        web.should_exit = True
        thread.join()
    assert (good[0], good[1]["ok"]) == (False, True)
    assert (broken[0], broken[1]["ok"]) == (False, False)
    assert outside == (True, None)


def test_a_program_of_its_own_speaks_through_standard_streams(root: Path, data_dir: Path) -> None:
    """As clients use it: what --json prints is what they start."""
    command = ["mcp", "spooky", "--root", root, "--data-dir", data_dir, "--json"]
    told = CliRunner().invoke(cli, list(map(str, command)))
    entry = json.loads(told.stdout)["mcpServers"]["mlegrade"]

    async def ask() -> tuple[set[str], Any, Any]:
        started = mcp.StdioServerParameters(**entry)
        async with mcp.Client(started) as client:
            tools = await client.list_tools()
            arguments = {"competition": "spooky", "path": "good.csv"}
            good = await client.call_tool("validate_submission", arguments)
            listed = await client.call_tool("list_competitions", {})
            return {tool.name for tool in tools.tools}, good, listed

    names, good, listed = asyncio.run(ask())
    assert names == HARMLESS
    assert good.structured_content["ok"]
    assert good.structured_content["rows_checked"]
    assert [row["id"] for row in listed.structured_content["result"]] == [SPOOKY]


def test_what_is_wrong_is_told(call: Callable[..., Answer]) -> None:
    failed, told = call("validate_submission", {"competition": "spooky", "path": "broken.csv"})
    assert not failed
    assert not told["ok"]
    assert [problem["code"] for problem in told["problems"]] == ["missing_rows"]


def test_tasks_are_told(call: Callable[..., Answer]) -> None:
    _, told = call("list_competitions")
    assert {row["id"] for row in told["result"]} == set(ids())
    _, told = call("describe_competition", {"competition": "spooky"})
    assert "Spooky" in str(told)
    _, told = call("describe_competition", {"competition": "spooky"}, obfuscated=True)
    assert "Spooky" not in str(told)
    _, told = call("submission_format", {"competition": "spooky"})
    assert [column["name"] for column in told["columns"]] == ["id", "EAP", "HPL", "MWS"]


def test_scores_are_told_only_on_demand(call: Callable[..., Answer]) -> None:
    arguments = {"competition": "spooky", "path": "good.csv"}
    failed, told = call("grade_submission", arguments, may_grade=True)
    assert (failed, told["medal"], told["competition_id"]) == (False, "gold", SPOOKY)
    failed, told = call("grade_submission", arguments)
    assert failed
    assert "Unknown tool" in told


@pytest.mark.parametrize(
    "path", ["../data/x.csv", "/etc/passwd", "link.csv", "\0", "x" * 5000, "deep/../../x.csv"]
)
def test_files_elsewhere_are_not_read(call: Callable[..., Answer], root: Path, path: str) -> None:
    (root / "link.csv").symlink_to(root.parent / "data" / SPOOKY / "prepared/private/test.csv")
    failed, told = call("validate_submission", {"competition": "spooky", "path": path})
    if path.startswith("x"):  # a name that no file can have, below the root
        assert failed or told["problems"][0]["code"] == "not_found"
    else:
        assert failed
        assert "below" in told or "no path" in told
    assert "id1,1,0,0" not in str(told)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_no_submission(
    call: Callable[..., Answer], root: Path, kind: str
) -> None:
    (root / "it").mkdir() if kind == "folder" else os.mkfifo(root / "it")
    failed, told = call("validate_submission", {"competition": "spooky", "path": "it"})
    assert not failed
    assert [problem["code"] for problem in told["problems"]] == ["not_a_file"]


def test_data_of_competitions_is_no_submission(data_dir: Path) -> None:
    """Also where the folder of submissions holds the data directory."""
    made = server(root=data_dir.parent, data_dir=data_dir)

    async def ask(path: str) -> Any:
        async with mcp.Client(made) as client:
            arguments = {"competition": "spooky", "path": path}
            return await client.call_tool("validate_submission", arguments)

    hidden = asyncio.run(ask(f"data/{SPOOKY}/prepared/private/test.csv"))
    assert hidden.is_error
    assert "no submission" in hidden.content[0].text
    shown = asyncio.run(ask(f"data/{SPOOKY}/prepared/public/sample_submission.csv"))
    assert shown.structured_content["ok"]


def test_faults_are_told(call: Callable[..., Answer]) -> None:
    failed, told = call("describe_competition", {"competition": "spooki"})
    assert failed
    assert SPOOKY in told
    failed, told = call("describe_competition", {"competition": "leaf"}, competitions=["spooky"])
    assert failed
    assert "knows only" in told
    arguments = {"competition": "leaf", "path": "good.csv"}
    failed, told = call("grade_submission", arguments, may_grade=True)
    assert failed
    assert "mlegrade prepare leaf-classification" in told


def test_unknown_competitions_are_refused_at_once(root: Path) -> None:
    with pytest.raises(UnknownCompetitionError):
        server(["spooki"], root=root)


def test_a_data_directory_that_is_none_is_refused_at_once(root: Path) -> None:
    told = CliRunner().invoke(cli, ["mcp", "--root", str(root), "--data-dir", str(root / "none")])
    assert told.exit_code == 3
    assert f"there is no data directory {root / 'none'}" in told.stderr


def test_without_the_extra(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    told = CliRunner().invoke(cli, ["mcp", "--root", str(root)])
    assert told.exit_code == 3
    assert "pip install 'mlegrade[mcp]'" in told.stderr


def test_a_folder_that_becomes_a_link_leads_nowhere(
    call: Callable[..., Answer], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it were replaced between the look at the path and the opening."""
    (root / "sub").symlink_to(root.parent / "data" / SPOOKY / "prepared/private")
    monkeypatch.setattr(_Tools, "_below_root", lambda self, path: self._root / path)
    for tool in ("validate_submission", "grade_submission"):
        arguments = {"competition": "spooky", "path": "sub/test.csv"}
        failed, told = call(tool, arguments, may_grade=True)
        assert not failed
        assert "cannot be opened" in str(told)
        assert "id1" not in str(told)
