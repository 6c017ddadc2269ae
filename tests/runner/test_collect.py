"""What an agent leaves behind is not trusted."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mlegrade.runner.collect import DEPTH, Collection, collect, measure
from mlegrade.runner.remove import remove

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


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_locked_folders_are_removed_by_their_owner(tmp_path: Path) -> None:
    top = Path(tmp_path.anchor) / "tmp" / f"mlegrade-{os.getpid()}"
    (top / "a" / "b" / "c").mkdir(parents=True)
    (top / "a" / "b" / "c" / "file").touch()
    for path in (top / "a" / "b" / "c", top / "a" / "b", top / "a", top):
        os.chown(path, UNPRIVILEGED, UNPRIVILEGED)
        path.chmod(0)
    source = Path(__file__).parents[2] / "src"
    code = f"import sys; sys.path.insert(0, {str(source)!r})\nimport os\n"
    code += "from pathlib import Path\nfrom mlegrade.runner.remove import remove\n"
    code += f"os.setuid({UNPRIVILEGED})\n"
    code += f"remove(Path({str(top)!r}))\n"
    try:
        subprocess.run([sys.executable, "-c", code], check=True)
        assert not top.exists()
    finally:
        remove(top)
