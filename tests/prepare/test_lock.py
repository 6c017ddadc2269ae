"""Two that prepare the same competition do not harm each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from mlegrade import data
from mlegrade.prepare import prepare
from mlegrade.prepare._lock import locked
from prepared import DIGITS
from raw import RAWS

if TYPE_CHECKING:
    from pathlib import Path


def test_one_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []
    waited = threading.Event()

    def work() -> None:
        for _ in range(20):
            with locked(tmp_path / ".lock", waited.set):
                inside.append(1)
                assert sum(inside) == 1
                time.sleep(0.001)
                inside.append(-1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    with locked(tmp_path / ".lock", pytest.fail):
        for thread in threads:
            thread.start()
        assert waited.wait(300)
        assert not inside
    for thread in threads:
        thread.join()
    assert sum(inside) == 0
    assert len(inside) == 160
    assert not list(tmp_path.iterdir())


def test_a_failure_releases_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), locked(tmp_path / ".lock", lambda: None):
        raise ValueError("no")
    with locked(tmp_path / ".lock", pytest.fail):
        pass


PROGRAM = """
import sys
from pathlib import Path
from mlegrade.prepare._lock import locked

with locked(Path(sys.argv[1]), lambda: None):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_whoever_is_killed_holds_no_lock(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        waits = []

        def waiting() -> None:
            waits.append(1)
            if len(waits) == 2:
                process.send_signal(signal.SIGKILL)

        with locked(lock, waiting):
            assert len(waits) >= 2


def test_many_prepare_the_same(tmp_path: Path) -> None:
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(prepare(DIGITS, data_dir=tmp_path)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done.already_there for done in results) == [False, True, True, True]
    assert data.is_prepared(DIGITS, "test.csv", tmp_path)


def test_both_variants_are_made_of_one_download_in_turn(tmp_path: Path) -> None:
    name = "random-acts-of-pizza"
    RAWS[name].write(tmp_path / name / "raw")
    waits = []
    done = threading.Event()

    def watch(what: str, *_: int) -> None:
        waits.append(what)
        done.set()

    with locked(tmp_path / name / ".lock", pytest.fail):
        thread = threading.Thread(
            target=prepare,
            args=(name,),
            kwargs={"data_dir": tmp_path, "fixes": True, "verify": "content", "progress": watch},
        )
        thread.start()
        assert done.wait(300)
        assert waits[0] == "waiting for another process"
    thread.join()
    assert data.is_prepared(name, "test.csv", tmp_path / "fixes")


def test_what_an_interruption_left_is_swept_away(tmp_path: Path) -> None:
    root = tmp_path / DIGITS
    (root / ".preparing-abc" / "public").mkdir(parents=True)
    (root / ".lock").touch()
    prepare(DIGITS, data_dir=tmp_path)
    assert [path.name for path in root.iterdir()] == ["prepared"]


def test_old_data_comes_back_if_its_replacement_was_interrupted(tmp_path: Path) -> None:
    folder = prepare(DIGITS, data_dir=tmp_path).folder
    aside = folder.parent / ".replaced-abc"
    aside.mkdir()
    folder.rename(aside / "prepared")
    assert prepare(DIGITS, data_dir=tmp_path).verified == 4
    assert [path.name for path in folder.parent.iterdir()] == ["prepared"]
