"""Files are whole or not there, however many write them and however full the disk is."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mlegrade.runner.files import append_json, exclusive, read_json_lines, write_durably

if TYPE_CHECKING:
    from pathlib import Path


def test_several_write_a_file_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "file.json"

    def write(writer: int) -> None:
        for number in range(50):
            write_durably(path, json.dumps([writer] * (number + 1)))
            assert len(set(json.loads(path.read_text()))) == 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert [found.name for found in tmp_path.iterdir()] == ["file.json"]


def test_what_a_killed_writer_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".file.new").write_text("x" * 100)
    write_durably(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text() == "new"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_durably(tmp_path / "file", "old")

    def gone(_: int) -> None:
        raise FileNotFoundError

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", gone)
        with pytest.raises(FileNotFoundError):
            write_durably(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text() == "old"
    write_durably(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text() == "new"


def test_a_lock_is_waited_for(tmp_path: Path) -> None:
    def hold() -> bool:
        with exclusive(tmp_path / "lock", wait=True) as ours:
            return ours

    with ThreadPoolExecutor(1) as pool:
        with exclusive(tmp_path / "lock") as ours:
            assert ours
            waiting = pool.submit(hold)
            with exclusive(tmp_path / "lock") as again:
                assert not again
            assert not waiting.done()
        assert waiting.result(60)


def test_a_full_disk_costs_no_line_but_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.jsonl"
    append_json(path, {"number": 0})
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:5]))
        with pytest.raises(OSError, match="No space left on device") as caught:
            append_json(path, {"number": 1})
    assert caught.value.errno == errno.ENOSPC
    append_json(path, {"number": 2})
    assert path.read_text() == '{"number": 0}\n{"number": 2}\n'


@pytest.mark.parametrize("left", ['{"numb', '{"number": 1}{"numb', "7", "\0\0\0", "\xff"])
def test_a_line_that_is_none_is_left_out(tmp_path: Path, left: str) -> None:
    path = tmp_path / "log.jsonl"
    append_json(path, {"number": 0})
    with path.open("a", encoding="latin-1") as file:
        file.write(left)
    assert read_json_lines(path) == [{"number": 0}]
    append_json(path, {"number": 2})
    assert read_json_lines(path) == [{"number": 0}, {"number": 2}]


def test_of_no_file_there_are_no_lines(tmp_path: Path) -> None:
    assert read_json_lines(tmp_path / "log.jsonl") == []
