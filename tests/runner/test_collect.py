"""What an agent leaves behind is not trusted."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlegrade.runner.collect import DEPTH, Collection, Usage, collect, measure
from mlegrade.runner.remove import remove, unlock

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "the answers"
UNPRIVILEGED = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "source"
    found.mkdir()
    return found


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    found = tmp_path / "outside"
    found.mkdir()
    (found / "answers.csv").write_text(SECRET)
    return found


def taken(folder: Path, limit: int = 1 << 20, **options) -> tuple[dict[str, str], dict[str, str]]:
    """Return the collected files and the reasons for what was skipped."""
    collection = Collection(limit, **options)
    target = folder.parent / "target"
    collect(folder, target, collection, first="submission.csv")
    files = {
        path.relative_to(target).as_posix(): path.read_text()
        for path in target.rglob("*")
        if path.is_file()
    }
    assert collection.files == len(files)
    assert not any(path.is_symlink() for path in target.rglob("*"))
    return files, dict(collection.skipped)


def test_regular_files_are_taken(folder: Path) -> None:
    (folder / "submission.csv").write_text("id\n1\n")
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "x.txt").write_text("x")
    files, skipped = taken(folder)
    assert files == {"submission.csv": "id\n1\n", "deep/er/x.txt": "x"}
    assert not skipped


def test_permissions_and_owners_are_not_taken(folder: Path) -> None:
    (folder / "a").write_text("a")
    (folder / "a").chmod(0o4777)
    taken(folder)
    status = (folder.parent / "target" / "a").stat()
    assert stat.S_IMODE(status.st_mode) == 0o644
    assert status.st_uid == os.geteuid()


def test_links_are_not_followed(folder: Path, outside: Path) -> None:
    (folder / "submission.csv").symlink_to(outside / "answers.csv")
    (folder / "folder").symlink_to(outside)
    (folder / "dangling").symlink_to("nowhere")
    (folder / "self").symlink_to(folder)
    files, skipped = taken(folder)
    assert not files
    names = ("submission.csv", "folder", "dangling", "self")
    assert skipped == {f"target/{name}": "a symbolic link" for name in names}


def test_hard_links_are_not_taken(folder: Path, outside: Path) -> None:
    (folder / "submission.csv").hardlink_to(outside / "answers.csv")
    files, skipped = taken(folder)
    assert not files
    assert skipped == {"target/submission.csv": "a hard link"}


def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "submission.csv")  # to open it would wait for ever
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
    files, skipped = taken(folder)
    assert not files
    assert skipped == {"target/submission.csv": "a pipe", "target/socket": "a socket"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_devices_are_not_opened(folder: Path) -> None:
    os.mknod(folder / "submission.csv", stat.S_IFCHR | 0o666, os.makedev(1, 5))  # endless zeros
    os.mknod(folder / "disk", stat.S_IFBLK | 0o666, os.makedev(7, 0))
    files, skipped = taken(folder)
    assert not files
    assert skipped == {"target/submission.csv": "a device", "target/disk": "a device"}


def test_huge_files_are_left(folder: Path) -> None:
    with (folder / "sparse").open("wb") as file:
        file.truncate(1 << 42)
    (folder / "submission.csv").write_text("id\n")
    files, skipped = taken(folder)
    assert files == {"submission.csv": "id\n"}
    assert skipped == {"target/sparse": "too large: 4,398,046,511,104 bytes"}


def test_sparse_files_stay_sparse(folder: Path) -> None:
    size = 1 << 30
    with (folder / "sparse").open("wb") as file:
        for at in (0, size // 4, size // 2 + 1):
            file.seek(at)
            file.write(b"x" * 5000)
        file.truncate(size)
    with (folder / "empty").open("wb") as file:
        file.truncate(size)
    collection = Collection(2 * size)
    target = folder.parent / "target"
    collect(folder, target, collection)
    for name in ("sparse", "empty"):
        copied = (target / name).stat()
        assert copied.st_size == size
        assert copied.st_blocks * 512 < 1 << 20
    with (target / "sparse").open("rb") as found, (folder / "sparse").open("rb") as file:
        for at in (0, size // 4, size // 2):
            found.seek(at)
            file.seek(at)
            assert found.read(10_000) == file.read(10_000)
    assert 15_000 <= collection.bytes < 1 << 20


@pytest.mark.parametrize("hole", ["before", "behind"])
def test_what_is_cut_off_meanwhile_is_no_zeros(
    folder: Path, monkeypatch: pytest.MonkeyPatch, hole: str
) -> None:
    path = folder / "file"
    with path.open("wb") as file:
        file.seek(1 << 20 if hole == "before" else 0)
        file.write(b"x" * 100)
        file.truncate(2 << 20)
    whole = 2 << 20
    real = os.pread

    def cut(*arguments: int) -> bytes:
        os.truncate(path, (1 << 20) + 50 if hole == "before" else 50)
        return real(*arguments)

    monkeypatch.setattr(os, "pread", cut)
    files, _ = taken(folder, 4 << 20)
    assert files["file"] == path.read_text()
    assert len(files["file"]) < whole


def test_where_the_file_system_knows_no_holes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    (folder / "file").write_text("\0" * 5000 + "x")
    monkeypatch.setattr(os, "lseek", refuse)
    files, _ = taken(folder)
    assert files == {"file": "\0" * 5000 + "x"}


def test_all_files_share_the_room(folder: Path) -> None:
    for name in ("a", "b", "submission.csv", "z"):
        (folder / name).write_text("x" * 40)
    files, skipped = taken(folder, 100)
    assert sorted(files) == ["a", "submission.csv"]  # the submission goes first
    assert sorted(skipped) == ["target/b", "target/z"]


def test_the_number_of_files_is_bounded(folder: Path) -> None:
    for number in range(300):
        (folder / f"{number:03}").touch()
    collection = Collection(1 << 20, max_files=50)
    collect(folder, folder.parent / "target", collection)
    assert (collection.files, collection.skipped_count) == (50, 250)
    assert len(collection.skipped) == 100


def test_more_files_than_are_looked_at_in_a_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first by name are taken, whatever the file system's order, and the rest is told."""
    monkeypatch.setattr("mlegrade.runner.collect.FILES", 50)
    (folder / "many").mkdir()
    names = [f"{number:03}" for number in range(80)]
    for name in sorted(names, key=lambda name: name[::-1]):
        (folder / "many" / name).touch()
        (folder / f"folder-{name}").mkdir()
    collection = Collection(1 << 20)
    target = folder.parent / "target"
    collect(folder, target, collection)
    assert sorted(path.name for path in (target / "many").iterdir()) == names[:50]
    assert (collection.files, collection.skipped_count) == (50, 30)
    assert collection.skipped == [("target/many", "too many files: all after 049")]


@pytest.mark.parametrize("left", ["nothing", "a file", "a link"])
def test_a_folder_that_the_agent_has_lost(folder: Path, outside: Path, left: str) -> None:
    folder.rmdir()
    if left == "a file":
        folder.write_text("x")
    if left == "a link":
        folder.symlink_to(outside)
    files, skipped = taken(folder)
    assert not files
    assert list(skipped) == ["target"]
    assert "cannot be opened" in skipped["target"]
    assert measure(folder) == Usage(0, 0, too_deep=False)


def test_a_fault_of_our_own_is_no_loss_of_the_agent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(OSError, match="Too many open files"):
        collect(folder, folder.parent / "target", Collection(1 << 20))


def test_odd_names_are_left(folder: Path) -> None:
    (folder / "a\nb\x1b[2J").write_text("x")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe")).write_text("x")
    (folder / "..\\..\\x").write_text("kept")
    (folder / "bad\x07folder").mkdir()
    files, skipped = taken(folder)
    assert files == {"..\\..\\x": "kept"}
    assert set(skipped.values()) == {"a name with unprintable characters"}
    assert len(skipped) == 3
    assert all(name.isprintable() and name.isascii() for name in skipped)


def nest(folder: Path, depth: int, name: str = "d") -> None:
    """Make folders inside folders."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    with os.fdopen(os.open("bottom", os.O_WRONLY | os.O_CREAT, dir_fd=here), "w") as file:
        file.write("x" * 100_000)
    os.close(here)


def test_depth_is_bounded(folder: Path) -> None:
    nest(folder, 600)
    files, skipped = taken(folder)
    assert not files
    assert set(skipped.values()) == {"too deep"}
    assert measure(folder).too_deep
    remove(folder)
    assert not folder.exists()


def test_the_length_of_paths_is_bounded(folder: Path) -> None:
    nest(folder, 60, "d" * 100)
    files, skipped = taken(folder)
    assert not files
    assert set(skipped.values()) == {"a path that is too long"}
    assert measure(folder).too_deep
    remove(folder)
    assert not folder.exists()


def test_as_deep_as_is_looked(folder: Path) -> None:
    nest(folder, DEPTH)
    files, skipped = taken(folder)
    assert len(files) == 1
    assert not skipped
    assert not measure(folder).too_deep


def test_a_folder_that_becomes_a_link_meanwhile(
    folder: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "logs").mkdir()
    real = os.open

    def swap(path, *arguments, **options):
        if path == "logs":
            (folder / "logs").rmdir()
            (folder / "logs").symlink_to(outside)
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", swap)
    files, skipped = taken(folder)
    assert not files
    assert list(skipped) == ["target/logs"]
    assert "cannot be opened" in skipped["target/logs"]


def test_a_file_that_becomes_a_link_meanwhile(
    folder: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "submission.csv").write_text("harmless")
    real = os.open

    def swap(path, *arguments, **options):
        if path == "submission.csv" and "dir_fd" in options:
            (folder / "submission.csv").unlink()
            (folder / "submission.csv").symlink_to(outside / "answers.csv")
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", swap)
    files, _ = taken(folder)
    assert SECRET not in files.values()


def test_disk_use_counts_what_is_written(folder: Path, outside: Path) -> None:
    (folder / "a").write_bytes(b"x" * 1_000_000)
    (folder / "b").hardlink_to(folder / "a")
    (folder / "c").symlink_to(outside / "answers.csv")
    with (folder / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    usage = measure(folder)
    assert 1_000_000 <= usage.bytes < 1_200_000
    assert usage.entries == 4


def test_disk_use_hides_behind_no_name(folder: Path) -> None:
    """Folders of odd names are not taken, but what they hold takes its room."""
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\n\xff"))
    for number in range(100):
        (odd / str(number)).mkdir(parents=True)
    (odd / "file").write_bytes(b"x" * 1_000_000)
    usage = measure(folder)
    assert usage.bytes >= 1_000_000
    assert usage.entries == 102
    nest(odd, DEPTH)
    assert measure(folder).too_deep


def test_disk_use_stops_counting(folder: Path) -> None:
    for number in range(50):
        (folder / str(number)).touch()
    assert measure(folder, max_entries=20).truncated


def test_nothing_outside_is_removed(folder: Path, outside: Path) -> None:
    (folder / "link").symlink_to(outside)
    (folder / "inner").mkdir()
    (folder / "inner" / "link").symlink_to(outside)
    os.mkfifo(folder / "inner" / "pipe")
    remove(folder)
    assert not folder.exists()
    assert (outside / "answers.csv").read_text() == SECRET


def test_an_absent_folder_is_removed_already(folder: Path) -> None:
    remove(folder / "absent")


@pytest.fixture
def theirs() -> Iterator[Path]:
    """Return a folder of somebody who is not root, where they can reach it."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    top = Path(tempfile.mkdtemp(prefix="mlegrade-"))
    os.chown(top, UNPRIVILEGED, UNPRIVILEGED)
    yield top
    remove(top)


def lock(path: Path, mode: int = 0) -> None:
    """Make a file or a folder somebody's, who then locks it."""
    os.chown(path, UNPRIVILEGED, UNPRIVILEGED)
    path.chmod(mode)


def as_somebody(code: str) -> str:
    """Run code as somebody who is not root; return what it prints."""
    source = Path(__file__).parents[2] / "src"
    before = f"""
import os, sys
sys.path.insert(0, {str(source)!r})
from pathlib import Path
from mlegrade.runner.collect import Collection, collect, measure
from mlegrade.runner.remove import remove
os.setuid({UNPRIVILEGED})
"""
    command = [sys.executable, "-c", before + code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_locked_folders_are_removed_by_their_owner(theirs: Path) -> None:
    top = theirs / "top"
    (top / "a" / "b" / "c").mkdir(parents=True)
    (top / "a" / "b" / "c" / "file").touch()
    for path in (top / "a" / "b" / "c", top / "a" / "b", top / "a", top):
        lock(path)
    as_somebody(f"remove(Path({str(top)!r}))")
    assert not top.exists()


@pytest.mark.parametrize("mode", [0o000, 0o100, 0o444])
def test_locked_folders_are_unlocked_for_what_is_in_them(theirs: Path, mode: int) -> None:
    source = theirs / "source"
    (source / "inner" / "most").mkdir(parents=True)
    for path in (source, source / "inner", source / "inner" / "most"):
        (path / "file").write_bytes(b"x" * 10_000)
        lock(path / "file")
    for path in (source / "inner" / "most", source / "inner", source):
        lock(path, mode)
    used = f"print(measure(Path({str(source)!r})).bytes)\n"
    assert int(as_somebody(used)) >= 30_000
    for path in (source / "inner" / "most", source / "inner", source):
        lock(path, mode)
    code = f"""
collection = Collection(1 << 20)
collect(Path({str(source)!r}), Path({str(theirs / "target")!r}), collection)
print(collection.files, collection.skipped)
"""
    assert as_somebody(code) == "3 []\n"


def test_a_link_that_took_the_place_of_a_folder_unlocks_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o500)
    (tmp_path / "link").symlink_to("folder")
    unlock(tmp_path / "link")
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o500


def test_what_another_has_locked_is_left(theirs: Path) -> None:
    source = theirs / "source"
    (source / "inner").mkdir(parents=True)
    (source / "file").touch()
    lock(source, 0o700)
    (source / "inner").chmod(0)
    (source / "file").chmod(0)
    code = f"""
collection = Collection(1 << 20)
collect(Path({str(source)!r}), Path({str(theirs / "target")!r}), collection)
print(collection.skipped)
"""
    reason = "cannot be opened: Permission denied"
    assert as_somebody(code) == f"[('target/file', '{reason}'), ('target/inner', '{reason}')]\n"
