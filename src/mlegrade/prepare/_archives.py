"""Archives as untrusted input: nothing lands outside its folder, no links, no bombs."""

from __future__ import annotations

import gzip
import lzma
import shutil
import stat
import tarfile
import zipfile
import zlib
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast

from mlegrade.errors import PrerequisiteError, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DAMAGES", "SUFFIXES", "ZipMembers", "new_7z", "safe_name", "unpack"]

SUFFIXES = (".zip", ".7z", ".tar.gz", ".tgz", ".tar", ".gz")
"""What names of archives end with."""

_AGAIN = "Download the archive again."
_LARGEST_FACTOR = 200  # of the unpacked size against the packed one; images and text stay below
_LEAST_SUSPECT = 1 << 30
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_LONGEST_NAME, _LONGEST_PATH = 255, 2000  # bytes; disks take as many, below any data directory
_ENCRYPTED = 1  # the flag of a member of a zip archive
_LONGEST_HEADER = 1 << 20
_HEADERS = {
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
}
DAMAGES = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile)
"""What reading a damaged archive raises."""


def safe_name(name: str, where: Path | str) -> str:
    """Return the path of a member below its folder, normalised.

    Raises
    ------
    SetupError
        If the path leads out of the folder, or would on some system, or is too long for a disk.
    """
    path = PurePosixPath(name)
    parts = [part for part in path.parts if part != "."]
    bad = not parts or path.is_absolute() or ".." in parts
    if bad or "\\" in name or "\0" in name or parts[0].endswith(":"):
        raise SetupError(
            f"{where} holds a file called {name[:80]!r}, which does not stay inside a folder; "
            "nothing was unpacked to there.",
            _AGAIN,
        )
    sizes = [len(part.encode("utf-8", "surrogatepass")) for part in parts]
    if max(sizes) > _LONGEST_NAME or sum(sizes) + len(sizes) > _LONGEST_PATH:
        raise SetupError(
            f"{where} holds a file with a name that is too long for a disk, {name[:80]!r}...",
            _AGAIN,
        )
    return "/".join(parts)


def _check_size(what: str, unpacked: int, packed: int) -> None:
    if unpacked > max(_LEAST_SUSPECT, _LARGEST_FACTOR * packed):
        raise SetupError(
            f"{what} would unpack to {unpacked:,} bytes, more than {_LARGEST_FACTOR} times its "
            "packed size.",
            _AGAIN,
        )


class ZipMembers:
    """The files of a zip archive, by their names.

    Parameters
    ----------
    path : Path
        The archive.

    Raises
    ------
    SetupError
        If it is damaged, or holds links or names that lead elsewhere, or is a bomb.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except DAMAGES as error:
            raise _damaged(path, error) from error
        try:
            self.members = dict(self._listed())
            self._check_sizes()
        except SetupError:
            self.close()
            raise

    def _check_sizes(self) -> None:
        packed = self.path.stat().st_size
        infos = self.members.values()
        if sum(info.compress_size for info in infos) > packed:
            raise SetupError(f"the files in {self.path} overlap.", _AGAIN)
        _check_size(str(self.path), sum(info.file_size for info in infos), packed)

    def _listed(self) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        for info in self._zip.infolist():
            name = safe_name(info.filename.replace("\\", "/"), self.path)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise _linked(self.path, name)
            if info.flag_bits & _ENCRYPTED:
                raise _encrypted(self.path)
            if not info.is_dir():
                yield name, info

    def close(self) -> None:
        """Close the archive."""
        self._zip.close()

    def read(self, name: str, target: Path) -> None:
        """Write a member's content to a new file."""
        info = self.members[name]
        _check_size(f"{name!r} in {self.path}", info.file_size, info.compress_size)
        try:
            # zipfile reads no more than the declared size, and compares the checksum at the end.
            with self._zip.open(info) as content:
                _write(content, target)
        except (*DAMAGES, NotImplementedError) as error:
            raise _damaged(self.path, error) from error

    def open(self, name: str) -> IO[bytes]:
        """Return a member's content as a stream."""
        return self._zip.open(self.members[name])


def unpack(archive: Path, target: Path) -> None:
    """Unpack a whole archive into a new folder.

    Parameters
    ----------
    archive : Path
        A file whose name ends with one of `SUFFIXES`; another one is taken for a zip archive. A
        file packed by gzip alone unpacks to one file.
    target : Path
        The folder to make.

    Raises
    ------
    SetupError
        If the archive is damaged, holds links or names that lead elsewhere, or is a bomb.
    PrerequisiteError
        If a 7z archive meets a Python without py7zr.
    """
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        _unpack(archive, partial)
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        place = Path(error.filename)
        if partial not in place.parents:  # it is the archive that cannot be read
            raise
        raise SetupError(
            f"{archive} holds several files for one place, {str(place.relative_to(partial))!r}.",
            _AGAIN,
        ) from error
    partial.replace(target)


def _unpack(archive: Path, target: Path) -> None:
    name = archive.name.lower()
    if name.endswith(".7z"):
        _unpack_7z(archive, target)
    elif name.endswith((".tar.gz", ".tgz", ".tar")):
        _unpack_tar(archive, target)
    elif name.endswith(".gz"):
        with _plain(archive) as content:
            _write(content, target / archive.stem)
    else:
        with closing(ZipMembers(archive)) as members:
            for member in members.members:
                path = target / member
                path.parent.mkdir(parents=True, exist_ok=True)
                members.read(member, path)


class _Bounded:
    """A stream that ends with an error where it turns out to be a bomb."""

    def __init__(self, stream: IO[bytes], archive: Path) -> None:
        self._stream = stream
        self._archive = archive
        self._packed = archive.stat().st_size
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self._count += len(content)
        _check_size(str(self._archive), self._count, self._packed)
        return content


@contextmanager
def _plain(archive: Path) -> Iterator[_Bounded]:
    """Open a file that may be packed by gzip, whatever its name says."""
    try:
        with archive.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
        with gzip.open(archive) if packed else archive.open("rb") as content:
            yield _Bounded(cast("IO[bytes]", content), archive)
    except DAMAGES as error:
        raise _damaged(archive, error) from error


def _write(content: _Bounded | IO[bytes], path: Path) -> None:
    with path.open("xb") as file:
        shutil.copyfileobj(content, file, _CHUNK)


class _Member(tarfile.TarInfo):
    """A member whose name, which tarfile holds in the memory, is no bomb."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Member:
        info = super().frombuf(buf, encoding, errors)
        if info.type in _HEADERS and info.size > _LONGEST_HEADER:
            raise tarfile.ReadError(f"a header of {info.size:,} bytes")
        return info


def _unpack_tar(archive: Path, target: Path) -> None:
    with (
        _plain(archive) as content,
        # As a stream, so that what it unpacks to is counted: headers and holes between files, too.
        tarfile.open(fileobj=cast("Any", content), mode="r|", tarinfo=_Member) as tar,
    ):
        members: Any = tar
        declared, packed = 0, archive.stat().st_size
        while (info := members.next()) is not None:
            members.members.clear()  # they would fill the memory
            is_all = info.isdir() and info.name in {".", "./"}
            name = "." if is_all else safe_name(info.name, archive)
            if not info.isfile() and not info.isdir():
                raise SetupError(f"{archive} holds {name!r}, which is no plain file.", _AGAIN)
            declared += info.size
            _check_size(str(archive), declared, packed)
            if info.isdir():
                continue
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if (member := members.extractfile(info)) is not None:
                with member:
                    _write(member, path)


def _unpack_7z(archive: Path, target: Path) -> None:
    py7zr = _import_py7zr(archive)
    seven = py7zr.exceptions
    damages = (seven.ArchiveError, seven.PasswordRequired, lzma.LZMAError, *DAMAGES)
    try:
        with py7zr.SevenZipFile(archive) as members:
            if members.needs_password():
                raise _encrypted(archive)
            for info in members.files:
                name = safe_name(info.filename, archive)
                if info.is_symlink or info.is_junction:
                    raise _linked(archive, name)
            unpacked = sum(info.uncompressed or 0 for info in members.list())
            _check_size(str(archive), unpacked, archive.stat().st_size)
            members.extractall(target)  # noqa: S202 every name was looked at
    except damages as error:
        raise _damaged(archive, error) from error


def new_7z(path: Path) -> Any:
    """Open a new 7z archive for writing.

    Raises
    ------
    PrerequisiteError
        If py7zr is not installed.
    """
    return _import_py7zr(path).SevenZipFile(path, "w")


def _import_py7zr(archive: Path) -> Any:
    try:
        import py7zr  # noqa: PLC0415 of the extra `prepare`
    except ImportError as error:
        raise PrerequisiteError(
            f"{archive.name} needs py7zr.", "Install it: pip install 'mlegrade[prepare]'."
        ) from error
    return py7zr


def _encrypted(archive: Path) -> SetupError:
    return SetupError(f"{archive} is encrypted.", _AGAIN)


def _linked(archive: Path, name: str) -> SetupError:
    return SetupError(f"{archive} holds a link, {name!r}; links are not followed.", _AGAIN)


def _damaged(archive: Path, error: Exception) -> SetupError:
    return SetupError(f"{archive} is damaged ({error}).", _AGAIN)
