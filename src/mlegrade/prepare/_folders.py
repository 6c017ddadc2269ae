"""Folders of raw files, on a disk or inside an archive, whose files are moved without a look."""

from __future__ import annotations

import os
import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

from mlegrade.errors import NotPreparedError, SetupError
from mlegrade.prepare._archives import SUFFIXES, ZipMembers, safe_name, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import IO

__all__ = ["DiskFolder", "Download", "Folder", "place"]


class Folder(Protocol):
    """The files below a folder of the download."""

    def names(self) -> list[str]:
        """Return the paths of the files below the folder, sorted, with forward slashes."""

    def find(self, name: str) -> str | None:
        """Return the path of a file: `name` itself, or else the only one with its last part."""

    def copy(self, name: str, target: Path) -> None:
        """Write a file to a path whose folder exists."""

    def open(self, name: str) -> IO[bytes]:
        """Return a file's content as a stream."""


def place(source: Path, target: Path, *, link: bool) -> None:
    """Link a file to another place, or copy it where links are not possible or not wanted.

    What is there is never written over: it may be a link to a raw file.
    """
    if os.path.lexists(target):
        raise FileExistsError(f"two files are to become {target}")
    if link:
        try:
            # A link to a link would break when the first one moves.
            os.link(os.path.realpath(source), target)
        except OSError:  # another file system, or one without links
            pass
        else:
            return
    shutil.copyfile(source, target)


def _within(path: Path, home: str) -> Path:
    """Return a path, unless links lead from it out of the folder that it belongs to.

    Raises
    ------
    SetupError
        If they do: what lies there is nobody's download, and would get to the public side.
    """
    real = os.path.realpath(path)
    if real != home and not real.startswith(os.path.join(home, "")):  # noqa: PTH118 quick
        raise SetupError(
            f"{path} is a link that leads out of {home}.",
            "Put the file itself there, or a hard link.",
        )
    return path


class DiskFolder:
    """A folder on a disk; see `Folder`.

    Parameters
    ----------
    path : Path
        The folder.
    link : bool
        Whether its files may be linked rather than copied.
    root : Path, optional
        The folder that no link may lead out of; by default `path` itself.
    """

    def __init__(self, path: Path, *, link: bool, root: Path | None = None) -> None:
        self._path = path
        self._link = link
        self._home = os.path.realpath(path if root is None else root)

    def names(self) -> list[str]:
        return sorted(_walk(str(_within(self._path, self._home)), ""))

    def find(self, name: str) -> str | None:
        return name if (self._path / name).is_file() else _only(self.names(), name)

    def copy(self, name: str, target: Path) -> None:
        place(_within(self._path / name, self._home), target, link=self._link)

    def open(self, name: str) -> IO[bytes]:
        return _within(self._path / name, self._home).open("rb")


def _walk(folder: str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.is_symlink():  # it may lead back to where the walk comes from
                    raise SetupError(
                        f"{entry.path} is a link to a folder; these are not followed.",
                        "Put the folder itself there.",
                    )
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file() or entry.is_symlink():  # a link to nothing is missed later
                yield prefix + entry.name
            else:
                raise SetupError(f"{entry.path} is no plain file.", "Remove it.")


class _ZipFolder:
    def __init__(self, archive: ZipMembers, prefix: str) -> None:
        self._archive = archive
        self._prefix = prefix

    def names(self) -> list[str]:
        at = len(self._prefix)
        return sorted(name[at:] for name in self._archive.members if name.startswith(self._prefix))

    def find(self, name: str) -> str | None:
        return name if self._prefix + name in self._archive.members else _only(self.names(), name)

    def copy(self, name: str, target: Path) -> None:
        self._archive.read(self._member(name), target)

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(self._member(name))

    def _member(self, name: str) -> str:
        member = self._prefix + name
        if member not in self._archive.members:
            raise FileNotFoundError(f"{member} is not in {self._archive.path}")
        return member


def _again(name: str) -> str:
    """Return where a file is if its archive was unpacked into a folder that has its name."""
    return f"{PurePosixPath(name).parts[0]}/{name}"


def _only(names: list[str], name: str) -> str | None:
    last = PurePosixPath(name).name
    found = [other for other in names if PurePosixPath(other).name == last]
    return found[0] if len(found) == 1 else None


class Download:
    """The raw files, wherever they are: in a folder, in a zip archive, in archives inside of it.

    Parameters
    ----------
    competition_id : str
        The competition's id: the name of its zip archive, and for messages.
    source : Path
        A folder with the download, or the downloaded zip archive itself.
    scratch : Path
        A folder for what has to be unpacked.
    link : bool
        Whether files of the download may be linked rather than copied.
    """

    def __init__(self, competition_id: str, source: Path, scratch: Path, *, link: bool) -> None:
        self.competition_id = competition_id
        self.source = source
        self._home = os.path.realpath(source)
        self._scratch = scratch
        self._link = link
        self._opened: dict[Path, ZipMembers] = {}

    def close(self) -> None:
        """Close the archives."""
        while self._opened:
            self._opened.popitem()[1].close()

    def file(self, name: str) -> Path:
        """Return the path of a raw file, unpacked if need be.

        Parameters
        ----------
        name : str
            The file's path in the download. It is looked for in the download's folder, in an
            archive named after it (``train.csv.zip`` or ``train.zip``), in an archive named after
            one of its folders, and in the download's own zip archive. An archive may have been
            unpacked into a folder that has its name (``train.csv/train.csv``).

        Raises
        ------
        NotPreparedError
            If it is nowhere.
        SetupError
            If an archive is damaged, or not to be trusted.
        """
        found = self._file(safe_name(name, self.source))
        if found is None:
            raise self._missing(f"file {name!r}")
        return found

    def folder(self, name: str) -> Folder:
        """Return a folder of the download, which may be inside of an archive.

        Parameters
        ----------
        name : str
            The folder's path in the download, such as ``train``; an archive ``train.zip`` (or
            7z, tar) counts as the folder, whether its files are below another ``train`` or not.

        Raises
        ------
        NotPreparedError
            If there is none.
        SetupError
            If an archive is damaged, or not to be trusted.
        """
        found = self._folder(safe_name(name, self.source))
        if found is None:
            raise self._missing(f"folder {name!r}")
        return found

    def everything(self) -> Folder:
        """Return all files of the download as they are."""
        for archive in self._whole():
            return _ZipFolder(archive, "")
        return self._on_disk("")

    def _on_disk(self, name: str) -> DiskFolder:
        return DiskFolder(self.source / name, link=self._link, root=self.source)

    def has(self, name: str) -> bool:
        """Return whether there is a raw file."""
        return self._file(name) is not None

    def add(self, name: str, make: Callable[[Path], None]) -> None:
        """Let a file be made that is then found like those of the download."""
        target = self._scratch / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        make(target)

    def _file(self, name: str) -> Path | None:
        for where in (name, _again(name)):
            if (self.source / where).is_file():
                return _within(self.source / where, self._home)
        unpacked = self._scratch / "files" / name
        if unpacked.is_file():
            return unpacked
        unpacked.parent.mkdir(parents=True, exist_ok=True)
        stem = str(PurePosixPath(name).with_suffix(""))
        places = [*PurePosixPath(name).parents][:-1]
        for archive in dict.fromkeys([name, stem, *map(str, places)]):
            if (found := self._archive(archive, name)) is not None:
                member = found.find(name.removeprefix(f"{archive}/"))
                if member is not None:
                    found.copy(member, unpacked)
                    return unpacked
        return self._from_whole(name, unpacked)

    def _from_whole(self, name: str, unpacked: Path) -> Path | None:
        for archive in self._whole():
            if name in archive.members:
                partial = unpacked.with_name(f"{unpacked.name}.partial")
                archive.read(name, partial)
                return partial.replace(unpacked)
        return None

    def _folder(self, name: str) -> Folder | None:
        path, nested = self.source / name, (self.source / _again(name)).is_dir()
        if path.is_dir() and not (nested and len([*path.iterdir()]) == 1):
            return self._on_disk(name)
        if nested:
            return self._on_disk(_again(name))
        for archive in self._whole():
            if any(member.startswith(f"{name}/") for member in archive.members):
                return _ZipFolder(archive, f"{name}/")
        return self._archive(name, None)

    def _archive(self, name: str, wanted: str | None) -> Folder | None:
        """Return the files of the archive with that name, without the folder of its own name."""
        for suffix in SUFFIXES:
            path = self._archive_file(f"{name}{suffix}", wanted)
            if path is None:
                continue
            own = f"{PurePosixPath(name).name}/"
            if suffix == ".zip":
                archive = self._open(path)
                inside = all(member.startswith(own) for member in archive.members)
                return _ZipFolder(archive, own if inside else "")
            unpacked = self._scratch / "folders" / name
            if not unpacked.is_dir():
                unpacked.parent.mkdir(parents=True, exist_ok=True)
                unpack(path, unpacked)
            inside = [*unpacked.iterdir()] == [unpacked / own] and (unpacked / own).is_dir()
            return DiskFolder(unpacked / own if inside else unpacked, link=True)
        return None

    def _archive_file(self, name: str, wanted: str | None) -> Path | None:
        """Return the path of an archive, but not of one in which another file is looked for."""
        if name == wanted:
            return None
        if (self.source / name).is_file():
            return _within(self.source / name, self._home)
        unpacked = self._scratch / "files" / name
        unpacked.parent.mkdir(parents=True, exist_ok=True)
        return unpacked if unpacked.is_file() else self._from_whole(name, unpacked)

    def _whole(self) -> Iterator[ZipMembers]:
        """Yield the archives that may be the whole download."""
        if self.source.is_file():
            yield self._open(self.source)
        else:
            path = self.source / f"{self.competition_id}.zip"
            if path.is_file():
                yield self._open(path)

    def _open(self, path: Path) -> ZipMembers:
        if path not in self._opened:
            self._opened[path] = ZipMembers(path)
        return self._opened[path]

    def _missing(self, what: str) -> NotPreparedError:
        return NotPreparedError(
            f"the raw {what} of {self.competition_id} is not in {self.source}, nor in an archive "
            "there.",
            "Download the data from "
            f"https://www.kaggle.com/competitions/{self.competition_id}/data (its rules have to be "
            f"accepted there once), then run "
            f"`mlegrade prepare {self.competition_id} --from FOLDER`; without `--from`, a folder "
            "`raw` that is not there is downloaded.",
        )
