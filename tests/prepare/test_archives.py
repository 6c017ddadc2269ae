"""Archives from strangers: nothing outside the folder, no links, no bombs, readable errors."""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import zipfile
from typing import TYPE_CHECKING

import py7zr
import pytest

from mlegrade.errors import SetupError
from mlegrade.prepare import _archives
from mlegrade.prepare._archives import safe_name, unpack

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"a.txt": b"one", "folder/b.txt": b"two" * 1000, "folder/deeper/c": b""}


def make(path: Path, files: dict[str, bytes]) -> Path:
    """Write an archive of the kind that its name tells."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    elif path.suffix == ".7z":
        with py7zr.SevenZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(content, name)
    else:
        with tarfile.open(path, "w:gz" if path.suffix in {".gz", ".tgz"} else "w") as archive:
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return path


KINDS = ["a.zip", "a.7z", "a.tar", "a.tar.gz", "a.tgz"]


@pytest.mark.parametrize("name", KINDS)
def test_an_archive_comes_out_as_it_went_in(name: str, tmp_path: Path) -> None:
    unpack(make(tmp_path / name, FILES), tmp_path / "out")
    found = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert found == FILES


def test_a_single_file_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "table.csv.gz").write_bytes(gzip.compress(b"id\n1\n"))
    unpack(tmp_path / "table.csv.gz", tmp_path / "out")
    assert (tmp_path / "out" / "table.csv").read_bytes() == b"id\n1\n"


@pytest.mark.parametrize("evil", ["../evil.txt", "folder/../../evil.txt", "/evil.txt"])
@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_nothing_lands_outside(name: str, evil: str, tmp_path: Path) -> None:
    place = tmp_path / "deep" / "place"
    place.mkdir(parents=True)
    make(place / name, {"good.txt": b"good", evil: b"evil"})
    with pytest.raises(SetupError, match="does not stay inside"):
        unpack(place / name, place / "out")
    assert not list(tmp_path.rglob("evil.txt"))
    assert not (place / "out").exists()


@pytest.mark.parametrize(
    "name", ["..", "a/../b", "/a", "\\a", "a\\..\\b", "C:/a", "C:\\a", "", ".", "a\0b"]
)
def test_names_that_lead_elsewhere(name: str) -> None:
    with pytest.raises(SetupError):
        safe_name(name, "an archive")


@pytest.mark.parametrize(
    ("name", "normal"), [("a", "a"), ("./a/b", "a/b"), ("a//b/", "a/b"), ("a..b/c.", "a..b/c.")]
)
def test_names_that_stay(name: str, normal: str) -> None:
    assert safe_name(name, "an archive") == normal


def test_a_7z_archive_that_climbs_out_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # py7zr writes no such archive by itself.
    monkeypatch.setattr("py7zr.py7zr.check_archive_path", lambda _: True)
    make(tmp_path / "a.7z", {"../evil.txt": b"evil"})
    with pytest.raises(SetupError, match="does not stay inside"):
        unpack(tmp_path / "a.7z", tmp_path / "out")


def with_link(path: Path) -> Path:
    if path.suffix == ".zip":
        info = zipfile.ZipInfo("link")
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(info, "/etc/passwd")
    elif path.suffix == ".7z":
        target = path.with_name("target")
        target.write_bytes(b"")
        link = path.with_name("link")
        link.symlink_to(target)
        with py7zr.SevenZipFile(path, "w", dereference=False) as archive:
            archive.write(link, "link")
            archive.write(target, "target")
    else:
        kind = tarfile.LNKTYPE if "hard" in path.name else tarfile.SYMTYPE
        info = tarfile.TarInfo("link")
        info.type, info.linkname = kind, "/etc/passwd"
        with tarfile.open(path, "w") as archive:
            archive.addfile(info)
    return path


@pytest.mark.parametrize("name", ["a.zip", "a.7z", "a.tar", "hard.tar"])
def test_links_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="link"):
        unpack(with_link(tmp_path / name), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_device_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("device")
    info.type = tarfile.CHRTYPE
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(info)
    with pytest.raises(SetupError, match="no plain file"):
        unpack(tmp_path / "a.tar", tmp_path / "out")


@pytest.mark.parametrize("name", ["a.zip", "a.7z", "a.tar.gz", "a.csv.gz"])
def test_bombs_are_not_unpacked(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_archives, "_LEAST_SUSPECT", 1 << 20)
    zeros = bytes(8 << 20)
    if name == "a.csv.gz":
        (tmp_path / name).write_bytes(gzip.compress(zeros))
    else:
        make(tmp_path / name, {"zeros": zeros})
    with pytest.raises(SetupError, match="would unpack to"):
        unpack(tmp_path / name, tmp_path / "out")
    written = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert written < len(zeros)


def test_a_zip_archive_that_lies_about_a_size(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"zeros": bytes(100_000)})
    content = path.read_bytes().replace((100_000).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    path.write_bytes(content)
    with pytest.raises(SetupError, match="damaged"):
        unpack(path, tmp_path / "out")


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {"a": os.urandom(1000), "b": os.urandom(1000)})
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\1\2")
    second = content.index(b"PK\1\2", directory + 4)
    # Both entries point to the first one's bytes, which they call larger than they are.
    content[second + 42 : second + 46] = bytes(4)
    for at in (directory, second):
        content[at + 20 : at + 24] = (1800).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(SetupError, match=r"overlap|damaged"):
        unpack(path, tmp_path / "out")


@pytest.mark.parametrize("name", KINDS)
def test_damaged_archives_say_so(name: str, tmp_path: Path) -> None:
    path = make(tmp_path / name, {"a": os.urandom(100_000)})
    path.write_bytes(path.read_bytes()[:50_000])
    with pytest.raises(SetupError, match=r"damaged.*again"):
        unpack(path, tmp_path / "out")
    path.write_bytes(b"no archive at all")
    with pytest.raises(SetupError, match="damaged"):
        unpack(path, tmp_path / "again")


@pytest.mark.parametrize("name", ["a.7z", "a.zip"])
def test_an_encrypted_archive_says_so(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "a.7z":
        with py7zr.SevenZipFile(path, "w", password="x") as archive:  # noqa: S106
            archive.writestr(b"content", "a")
    else:
        content = bytearray(make(path, {"a": b"content"}).read_bytes())
        content[content.index(b"PK\1\2") + 8] |= 1  # the flag; the content is not looked at
        path.write_bytes(content)
    with pytest.raises(SetupError, match="is encrypted"):
        unpack(path, tmp_path / "out")


def test_empty_members_and_headers_are_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_archives, "_LEAST_SUSPECT", 1 << 20)
    monkeypatch.setattr(_archives, "_LARGEST_FACTOR", 10)
    make(tmp_path / "many.tgz", {f"{at:05}": b"" for at in range(10_000)})
    with pytest.raises(SetupError, match="would unpack to"):
        unpack(tmp_path / "many.tgz", tmp_path / "out")
    header = tarfile.TarInfo("header")
    header.type, header.size = tarfile.XHDTYPE, 2 << 20
    with tarfile.open(tmp_path / "header.tgz", "w:gz") as archive:
        archive.addfile(header, io.BytesIO(bytes(2 << 20)))
    with pytest.raises(SetupError, match="a header of 2,097,152 bytes"):
        unpack(tmp_path / "header.tgz", tmp_path / "out")


@pytest.mark.parametrize("name", ["a.tar", "a.zip", "a.7z"])
def test_two_files_for_one_place_are_refused(name: str, tmp_path: Path) -> None:
    make(tmp_path / name, {"a": b"one", "a/b": b"two"})
    with pytest.raises(SetupError, match="several files for one place, 'a'"):
        unpack(tmp_path / name, tmp_path / "out")


@pytest.mark.parametrize("member", ["x" * 256, "é" * 128, "a/" + "y" * 300, "deep/" * 500 + "f"])
@pytest.mark.parametrize("name", ["a.tar", "a.zip", "a.7z"])
def test_names_too_long_for_a_disk_are_refused(name: str, member: str, tmp_path: Path) -> None:
    make(tmp_path / name, {"good": b"one", member: b"two"})
    with pytest.raises(SetupError, match="too long for a disk") as caught:
        unpack(tmp_path / name, tmp_path / "out")
    assert "Download the archive again." in str(caught.value)


def test_a_file_called_like_the_folder_itself_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("."))
    with pytest.raises(SetupError, match="does not stay inside"):
        unpack(tmp_path / "a.tar", tmp_path / "out")


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").mkdir()
    with pytest.raises(IsADirectoryError):
        unpack(tmp_path / "a.zip", tmp_path / "out")


def test_a_tar_archive_does_not_write_over_its_own_files(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for content in (b"one", b"two"):
            info = tarfile.TarInfo("a")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    with pytest.raises(SetupError, match="several files for one place, 'a'"):
        unpack(tmp_path / "a.tar", tmp_path / "out")


def test_a_packed_archive_may_have_the_name_of_a_plain_one(tmp_path: Path) -> None:
    make(tmp_path / "a.tgz", FILES).rename(tmp_path / "a.tar")
    unpack(tmp_path / "a.tar", tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"one"
