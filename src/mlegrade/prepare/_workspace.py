"""Where a preparer works: the download on one side, public and private data on the other."""

from __future__ import annotations

import os
import shutil
import tarfile
import time
import zipfile
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, TypeVar

import pandas as pd

from mlegrade.errors import SetupError
from mlegrade.prepare import _lines
from mlegrade.prepare._archives import new_7z, safe_name
from mlegrade.prepare._fetch import fetch
from mlegrade.prepare._folders import DiskFolder, Download, Folder, place
from mlegrade.prepare._lines import Lines, kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Names = Mapping[str, str] | Iterable[str]
    Progress = Callable[[str, int, int], None]

__all__ = ["Options", "Workspace"]

T = TypeVar("T")

_TICK = 0.1  # seconds between two reports of progress
_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip archive can name
_PANDAS = tuple(int(part) for part in pd.__version__.split(".")[:2])
# pandas 3.1 reads doubles exactly by default and deprecates asking for it.
_EXACT: dict[str, Any] = {} if _PANDAS >= (3, 1) else {"float_precision": "round_trip"}


@dataclass(frozen=True, slots=True)
class Options:
    """What is wanted of a preparer.

    Parameters
    ----------
    link : bool, optional
        Whether files of the download may be linked rather than copied.
    answers_only : bool, optional
        Whether nothing but the answers and the sample submission is wanted: then the methods of
        a workspace that copy and pack do nothing, and a preparer may leave out what else takes
        time or raw files.
    fixes : bool, optional
        Whether leaks and errors of MLE-bench's data that the competition names are mended.
    progress : callable, optional
        Called with what is being done, how much of it is done, and how much there is.
    """

    link: bool = False
    answers_only: bool = False
    fixes: bool = False
    progress: Progress | None = None


class Workspace:
    """The raw files of a competition, and the folders to fill.

    Parameters
    ----------
    competition_id : str
        The competition's id, for messages.
    source : Path
        A folder with the download, or the downloaded zip archive itself.
    target : Path
        An empty folder, in which three are made: ``public`` for what an agent may see,
        ``private`` for the answers, ``scratch`` for files on the way.
    options : Options, optional
        What is wanted.
    """

    def __init__(
        self, competition_id: str, source: Path, target: Path, options: Options | None = None
    ) -> None:
        self.competition_id = competition_id
        self.options = options or Options()
        self.public, self.private, self.scratch = (
            target / name for name in ("public", "private", "scratch")
        )
        for folder in (self.public, self.private, self.scratch):
            folder.mkdir()
        link = self.options.link
        self._download = Download(competition_id, source, self.scratch, link=link)

    @property
    def answers_only(self) -> bool:
        """Whether nothing but the answers and the sample submission is wanted."""
        return self.options.answers_only

    @property
    def fixes(self) -> bool:
        """Whether leaks and errors of MLE-bench's data are mended."""
        return self.options.fixes

    def close(self) -> None:
        """Close the archives of the download."""
        self._download.close()

    def raw(self, name: str) -> Path:
        """Return the path of a raw file, unpacked if need be; see `Download.file`."""
        return self._download.file(name)

    def folder(self, name: str) -> Folder:
        """Return a folder of the download, which may be in an archive; see `Download.folder`."""
        return self._download.folder(name)

    def everything(self) -> Folder:
        """Return the whole download as a folder."""
        return self._download.everything()

    def fetch(self, name: str, url: str) -> None:
        """Get a file that is no part of the download, unless it lies beside the raw files.

        Parameters
        ----------
        name : str
            The name under which `raw` finds it, or `folder` if it is an archive.
        url : str
            Its address.
        """
        if not self._download.has(name):
            self._download.add(name, lambda path: fetch(url, path))

    def read_csv(self, name: str, **options: Any) -> pd.DataFrame:
        """Read a raw table with pandas' defaults, numbers to the nearest double."""
        table: pd.DataFrame = pd.read_csv(self.raw(name), **_EXACT, **options)
        return table

    def read_parts(self, name: str, **options: Any) -> Iterator[pd.DataFrame]:
        """Read a raw table as `read_csv` does, but part by part."""
        with pd.read_csv(self.raw(name), chunksize=_lines.AT_ONCE, **_EXACT, **options) as parts:
            yield from parts

    def lines(self, name: str, **options: Any) -> Lines:
        """Return the rows of a raw table that is larger than the memory; see `read_parts`.

        Without a `dtype`, columns are of the kinds that they have as a whole.
        """
        if "dtype" not in options:
            options["dtype"] = kinds(self.read_parts(name, **options))
        return Lines(self.read_parts(name, **options), self.scratch / f"{name}.lines")

    def copy(self, *names: str) -> None:
        """Copy raw files unchanged to the public side."""
        for name in names:
            self.copy_as(name, name)

    def copy_as(self, name: str, new: str) -> None:
        """Copy a raw file unchanged to the public side, under another name."""
        if self.answers_only:
            return
        target = self.public / new
        target.parent.mkdir(parents=True, exist_ok=True)
        place(self.raw(name), target, link=self.options.link)

    def copy_folder(self, name: str, to: str | None = None) -> None:
        """Copy a raw folder unchanged to the public side, under its own name or another one."""
        if not self.answers_only:
            self.copy_files(name, self.folder(name).names(), name if to is None else to)

    def copy_files(self, source: str | Path | Folder, names: Names, to: str) -> None:
        """Copy files of a raw folder to a public one, without a look at what is in them.

        Parameters
        ----------
        source : str, Path or Folder
            The raw folder, or its name; see `folder`. A path is a folder of the preparer's own.
        names : iterable or mapping of str
            Which files, by their paths below the raw folder. A mapping tells for each the path
            below the public one.
        to : str
            The public folder, which is made even if no file comes.
        """
        if not self.answers_only:
            self.move(source, names, self.public / to)

    def move(self, source: str | Path | Folder, names: Names, target: Path) -> None:
        """Copy files of a raw folder to any folder, which is made; see `copy_files`."""
        folder = self._source(source)
        target.mkdir(parents=True, exist_ok=True)
        made = {"."}
        for old, new in self.track(_pairs(names), f"files to {target.name}"):
            parent = str(PurePosixPath(new).parent)
            if parent not in made:
                (target / safe_name(parent, "the table")).mkdir(parents=True, exist_ok=True)
                made.add(parent)
            try:
                folder.copy(old, target / safe_name(new, "the table"))
            except FileNotFoundError as error:
                raise self._lacks(old) from error

    def copy_folders(self, source: str | Folder, names: Names, to: str) -> None:
        """Copy folders of a raw folder to a public one, with all that is in them.

        Parameters
        ----------
        source : str or Folder
            The raw folder, or its name; see `folder`.
        names : iterable or mapping of str
            Which of the folders that stand directly in it; a mapping tells new names.
        to : str
            The public folder.
        """
        if self.answers_only:
            return
        folder, new = self._source(source), dict(_pairs(names))
        paths = [path.partition("/") for path in folder.names()]
        for name in new.keys() - {name for name, _, _ in paths}:
            raise self._lacks(name)
        inside = {f"{name}/{rest}": f"{new[name]}/{rest}" for name, _, rest in paths if name in new}
        self.copy_files(folder, inside, to)

    def write_zip(
        self, name: str, source: str | Path | Folder, names: Names, *, stored: bool = False
    ) -> None:
        """Pack files into a public zip archive, straight from where they are.

        Parameters
        ----------
        name : str
            The archive's path below the public folder.
        source : str, Path or Folder
            The raw folder, or its name; see `folder`. A path is a folder of the preparer's own.
        names : iterable or mapping of str
            Which files; a mapping tells the name of each in the archive.
        stored : bool, optional
            Whether the files are stored as they are, not compressed.
        """
        if self.answers_only:
            return
        folder = self._source(source)
        with _new_zip(self.public / name) as archive:
            for old, new in self.track(_pairs(names), f"files into {name}"):
                member = _member(safe_name(new, "the table"), stored=stored)
                with self._opened(folder, old) as content, archive.open(member, "w") as packed:
                    shutil.copyfileobj(content, packed, _CHUNK)

    def write_7z(self, name: str, source: str | Path | Folder, names: Names) -> None:
        """Pack files into a public 7z archive; see `write_zip`.

        Raises
        ------
        PrerequisiteError
            If py7zr is not installed.
        """
        if self.answers_only:
            return
        folder = self._source(source)
        (self.public / name).parent.mkdir(parents=True, exist_ok=True)
        with new_7z(self.public / name) as archive, TemporaryDirectory(dir=self.scratch) as staging:
            for at, (old, new) in enumerate(self.track(_pairs(names), f"files into {name}")):
                path = Path(staging, str(at))
                try:
                    folder.copy(old, path)
                except FileNotFoundError as error:
                    raise self._lacks(old) from error
                archive.write(path, safe_name(new, "the table"))
                path.unlink()

    def write_tar(self, name: str, source: str | Path | Folder, names: Names) -> None:
        """Pack files into a public tar archive that is not compressed; see `write_zip`."""
        if self.answers_only:
            return
        folder = self._source(source)
        with tarfile.open(self.public / name, "x:") as archive:
            for old, new in self.track(_pairs(names), f"files into {name}"):
                with self._opened(folder, old) as content:
                    info = tarfile.TarInfo(safe_name(new, "the table"))
                    info.size = content.seek(0, os.SEEK_END)
                    content.seek(0)
                    archive.addfile(info, content)

    @contextmanager
    def new_zip_member(self, name: str, member: str) -> Iterator[IO[bytes]]:
        """Open the only member of a new public zip archive.

        What is written goes nowhere if answers only are wanted.
        """
        if self.answers_only:
            with Path(os.devnull).open("wb") as nothing:
                yield nothing
            return
        info = _member(member, stored=False)
        with (
            _new_zip(self.public / name) as archive,
            archive.open(info, "w", force_zip64=True) as packed,
        ):
            yield packed

    def track(self, items: Iterable[T], what: str) -> Iterator[T]:
        """Yield the items of a collection and tell how far one is."""
        progress = self.options.progress
        if progress is None:
            yield from items
            return
        items = list(items)
        last = 0.0
        for done, item in enumerate(items):
            if (now := time.monotonic()) - last >= _TICK:
                progress(what, done, len(items))
                last = now
            yield item
        progress(what, len(items), len(items))

    def require(self, condition: object, what: str) -> None:
        """Refuse raw data that is not as the split needs it.

        Raises
        ------
        SetupError
            If the condition does not hold; `what` says it in words.
        """
        if not condition:
            raise SetupError(
                f"the raw data of {self.competition_id} is not as it should be: {what} does not "
                "hold.",
                "It may be of another version: download it again from "
                f"https://www.kaggle.com/competitions/{self.competition_id}/data.",
            )

    def _source(self, source: str | Path | Folder) -> Folder:
        if isinstance(source, Path):
            return DiskFolder(source, link=self.options.link or self.scratch in source.parents)
        return self.folder(source) if isinstance(source, str) else source

    def _opened(self, folder: Folder, name: str) -> IO[bytes]:
        try:
            return folder.open(name)
        except FileNotFoundError as error:
            raise self._lacks(name) from error

    def _lacks(self, name: str) -> SetupError:
        return SetupError(
            f"the raw data of {self.competition_id} lacks the file {name!r}, which its tables "
            "name.",
            "Download the data again.",
        )


def _pairs(names: Names) -> list[tuple[str, str]]:
    if isinstance(names, Mapping):
        return list(names.items())
    # A table may name a file twice.
    return [(name, name) for name in dict.fromkeys(names)]


def _new_zip(path: Path) -> zipfile.ZipFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    return zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED)


def _member(name: str, *, stored: bool) -> zipfile.ZipInfo:
    """Return a member whose time and rights do not depend on when and where it is written."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
