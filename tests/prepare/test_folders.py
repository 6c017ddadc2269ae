"""The raw files are found wherever a download may have put them, and are never written to."""

from __future__ import annotations

import gzip
import os
import shutil
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from mlegrade.errors import NotPreparedError, SetupError
from mlegrade.prepare import Workspace, write_csv, write_json
from mlegrade.prepare._folders import place
from mlegrade.prepare._workspace import Options
from raw.making import pack

if TYPE_CHECKING:
    from pathlib import Path

NAME = "aerial-cactus-identification"
FILES = {"table.csv": b"id\n1\n", "train/a.jpg": b"A", "train/deep/b.jpg": b"B"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def workspace(source: Path, target: Path, **options: bool) -> Workspace:
    target.mkdir()
    return Workspace(NAME, source, target, Options(**options))


def as_it_is(source: Path) -> Path:
    return source


def one_archive(source: Path) -> Path:
    path = source.with_name("whatever.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for name in FILES:
            archive.write(source / name, name)
    shutil.rmtree(source)
    return path


def archive_in_a_folder(source: Path) -> Path:
    path = one_archive(source)
    source.mkdir()
    path.rename(source / f"{NAME}.zip")
    return source


def packed(source: Path, suffix: str, *, inside: bool = True) -> Path:
    """Pack what can be packed, each alone, as Kaggle has often done."""
    pack(source / f"train{suffix}", source / "train")
    if not inside:
        with zipfile.ZipFile(source / "train.zip", "w") as archive:
            archive.write(source / "train" / "a.jpg", "a.jpg")
            archive.write(source / "train" / "deep" / "b.jpg", "deep/b.jpg")
    shutil.rmtree(source / "train")
    pack(source / "table.csv.zip", source / "table.csv")
    (source / "table.csv").unlink()
    return source


def archives_in_an_archive(source: Path) -> Path:
    packed(source, ".zip")
    path = source.with_name("whatever.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for inner in source.iterdir():
            archive.write(inner, inner.name)
    shutil.rmtree(source)
    return path


def unpacked_one_deeper(source: Path) -> Path:
    """As it is after each archive was unpacked into a folder of its name."""
    for name in ("table.csv", "train"):
        (source / name).rename(source / "inside")
        (source / name).mkdir()
        (source / "inside").rename(source / name / name)
    return source


LAYOUTS = {
    "a folder": as_it_is,
    "unpacked one deeper": unpacked_one_deeper,
    "one archive": one_archive,
    "one archive in a folder": archive_in_a_folder,
    "zip archives": lambda source: packed(source, ".zip"),
    "zip archives without a folder inside": lambda source: packed(source, ".zip", inside=False),
    "a 7z archive": lambda source: packed(source, ".7z"),
    "a tar archive": lambda source: packed(source, ".tar.gz"),
    "archives in an archive": archives_in_an_archive,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_files_and_folders_are_found(layout: str, source: Path, tmp_path: Path) -> None:
    with closing(workspace(LAYOUTS[layout](source), tmp_path / "out")) as files:
        assert files.raw("table.csv").read_bytes() == b"id\n1\n"
        assert files.read_csv("table.csv")["id"].tolist() == [1]
        assert files.folder("train").names() == ["a.jpg", "deep/b.jpg"]
        assert files.raw("train/a.jpg").read_bytes() == b"A"
        files.copy("table.csv")
        files.copy_files("train", {"a.jpg": "x/1.jpg", "deep/b.jpg": "2.jpg"}, to="images")
        files.copy_folder("train")
        files.write_zip("train.zip", "train", ["deep/b.jpg"])
    public = tmp_path / "out" / "public"
    with zipfile.ZipFile(public / "train.zip") as archive:
        assert archive.read("deep/b.jpg") == b"B"
    (public / "train.zip").unlink()
    found = {
        path.relative_to(public).as_posix(): path.read_bytes()
        for path in public.rglob("*")
        if path.is_file()
    }
    assert found == {**FILES, "images/x/1.jpg": b"A", "images/2.jpg": b"B"}


def test_what_is_missing_is_named(source: Path, tmp_path: Path) -> None:
    with closing(workspace(source, tmp_path / "out")) as files:
        with pytest.raises(NotPreparedError, match=r"file 'test\.csv'.*kaggle\.com"):
            files.raw("test.csv")
        with pytest.raises(NotPreparedError, match="folder 'test'"):
            files.folder("test")
        with pytest.raises(SetupError, match=r"lacks the file 'c\.jpg'"):
            files.copy_files("train", ["c.jpg"], to="train")
        with pytest.raises(SetupError, match=r"lacks the file 'c\.jpg'"):
            files.write_zip("train.zip", "train", ["c.jpg"])
        with pytest.raises(SetupError, match=r"no two rows does not hold"):
            files.require([], "no two rows")


@pytest.mark.parametrize("name", ["../a.jpg", "/a.jpg", "a/../../b.jpg"])
def test_a_name_in_a_table_leads_nowhere_else(name: str, source: Path, tmp_path: Path) -> None:
    with closing(workspace(source, tmp_path / "out")) as files:
        with pytest.raises(SetupError, match="does not stay inside"):
            files.copy_files("train", {"a.jpg": name}, to="train")
        with pytest.raises(SetupError, match="does not stay inside"):
            files.write_zip("a.zip", "train", {"a.jpg": name})


def test_only_answers_are_wanted(source: Path, tmp_path: Path) -> None:
    with closing(workspace(source, tmp_path / "out", answers_only=True)) as files:
        files.copy("table.csv", "no such file")
        files.copy_folder("no such folder")
        files.copy_files("no such folder", ["a"], to="train")
        files.write_zip("train.zip", "no such folder", ["a"])
        with files.new_zip_member("text.zip", "text.txt") as file:
            file.write(b"a line\n")
        assert not list(files.public.iterdir())


@pytest.mark.parametrize("link", [True, False])
def test_links_are_made_where_they_are_wanted(link: bool, source: Path, tmp_path: Path) -> None:
    with closing(workspace(source, tmp_path / "out", link=link)) as files:
        files.copy_folder("train")
        made = files.public / "train" / "a.jpg"
        assert made.samefile(source / "train" / "a.jpg") == link


def test_where_links_are_not_possible_files_are_copied(
    monkeypatch: pytest.MonkeyPatch, source: Path, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    place(source / "table.csv", tmp_path / "copy.csv", link=True)
    assert (tmp_path / "copy.csv").read_bytes() == b"id\n1\n"
    assert not (tmp_path / "copy.csv").samefile(source / "table.csv")


def test_a_link_in_the_download_is_followed(source: Path, tmp_path: Path) -> None:
    (source / "train" / "c.jpg").symlink_to("a.jpg")
    with closing(workspace(source, tmp_path / "out", link=True)) as files:
        files.copy_folder("train")
        made = files.public / "train" / "c.jpg"
        assert not made.is_symlink()
        assert made.read_bytes() == b"A"


def test_raw_files_are_never_written_to(source: Path, tmp_path: Path) -> None:
    import pandas as pd

    with closing(workspace(source, tmp_path / "out", link=True)) as files:
        files.copy("table.csv")
        with pytest.raises(FileExistsError, match="two files"):
            files.copy("table.csv")
        with pytest.raises(FileExistsError, match="two files"):
            files.copy_files("train", {"a.jpg": "1", "deep/b.jpg": "1"}, to="train")
        write_csv(files.public / "table.csv", pd.DataFrame({"id": [7]}))
        assert (files.public / "table.csv").read_bytes() == b"id\n7\n"
        write_json(files.public / "train" / "1", {"a": "é"})
        assert (files.public / "train" / "1").read_bytes() == b'{"a": "\\u00e9"}'
    assert (source / "table.csv").read_bytes() == b"id\n1\n"
    assert (source / "train" / "a.jpg").read_bytes() == b"A"


def test_archives_are_the_same_whenever_they_are_made(source: Path, tmp_path: Path) -> None:
    made = []
    for number in range(2):
        with closing(workspace(source, tmp_path / str(number))) as files:
            files.write_zip("a.zip", "train", ["a.jpg", "deep/b.jpg"])
            files.write_zip("stored.zip", source, ["table.csv"], stored=True)
            with files.new_zip_member("text.zip", "text.txt") as file:
                file.write(b"a line\n")
            made.append([path.read_bytes() for path in sorted(files.public.iterdir())])
            (source / "train" / "a.jpg").touch()
    assert made[0] == made[1]


def test_progress_is_reported(source: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    (tmp_path / "out").mkdir()
    options = Options(progress=lambda what, done, total: seen.append((what, done, total)))
    with closing(Workspace(NAME, source, tmp_path / "out", options)) as files:
        files.copy_folder("train")
    assert seen[-1] == ("files to train", 2, 2)


def test_a_table_may_be_packed_by_gzip(source: Path, tmp_path: Path) -> None:
    (source / "table.csv.gz").write_bytes(gzip.compress(FILES["table.csv"]))
    (source / "table.csv").unlink()
    with closing(workspace(source, tmp_path / "out")) as files:
        assert files.read_csv("table.csv")["id"].tolist() == [1]


def test_links_inside_are_followed(source: Path, tmp_path: Path) -> None:
    (source / "train" / "c.jpg").symlink_to("a.jpg")
    (source / "other").symlink_to("train")
    with closing(workspace(source, tmp_path / "out")) as files:
        files.copy_folder("other")
    copied = tmp_path / "out" / "public" / "other" / "c.jpg"
    assert copied.read_bytes() == b"A"
    assert not copied.is_symlink()


@pytest.mark.parametrize("link", [True, False])
def test_links_that_lead_out_are_refused(source: Path, link: bool, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a").write_text("secret")
    (source / "train" / "c.jpg").symlink_to(tmp_path / "secret" / "a")
    (source / "other.csv").symlink_to(tmp_path / "secret" / "a")
    (source / "others").symlink_to(tmp_path / "secret")
    with closing(workspace(source, tmp_path / "out", link=link)) as files:
        for attempt in (
            lambda: files.copy_folder("train"),
            lambda: files.raw("other.csv"),
            lambda: files.folder("others").names(),
            lambda: files.folder("others").open("a"),
            lambda: files.copy_files("others", ["a"], to="others"),
        ):
            with pytest.raises(SetupError, match="leads out of"):
                attempt()


def test_a_link_that_leads_back_ends_the_walk(source: Path, tmp_path: Path) -> None:
    (source / "train" / "again").symlink_to("..")
    with (
        closing(workspace(source, tmp_path / "out")) as files,
        pytest.raises(SetupError, match="link to a folder"),
    ):
        files.copy_folder("train")


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_pipe_is_no_file(source: Path, tmp_path: Path) -> None:
    os.mkfifo(source / "train" / "pipe")
    with (
        closing(workspace(source, tmp_path / "out")) as files,
        pytest.raises(SetupError, match="no plain file"),
    ):
        files.copy_folder("train")
