"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlegrade._files import write_atomically


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")

    def pieces() -> list[str | bytes]:
        assert path.read_text() == "before"
        return ["é\n", b"\xff"]

    write_atomically(path, pieces())
    assert path.read_bytes() == b"\xc3\xa9\n\xff"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("hard_links", [True, False])
def test_a_file_that_may_not_be_there_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hard_links: bool
) -> None:
    if not hard_links:

        def refuse(*_: object) -> None:
            raise PermissionError

        monkeypatch.setattr(Path, "hardlink_to", refuse)
    path = tmp_path / "a.txt"
    write_atomically(path, ["first"], replace=False)
    with pytest.raises(FileExistsError):
        write_atomically(path, ["second"], replace=False)
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_the_half_written_file_of_another_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f".a.txt.{os.getpid()}"
    other.write_text("half")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a.txt", ["mine"])
    assert other.read_text() == "half"
