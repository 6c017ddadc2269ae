"""Take over what an agent left behind, trusting none of it.

Only regular files with one name are taken, and only their bytes: no symbolic or hard link, device,
pipe or socket, no owner, no permission. Every folder is opened by its name inside a folder that is
open already, never through a link, so that nothing outside can be reached whatever is renamed
meanwhile. Numbers, sizes and depth are bounded, and nothing here recurses.
"""

from __future__ import annotations

import contextlib
import errno
import heapq
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlegrade.runner.copying import copy_data
from mlegrade.runner.remove import unlock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Collection", "Usage", "collect", "measure", "open_folder", "open_regular"]

DEPTH = 64
FILES = 100_000
PATH_BYTES = 1024
_NOTED = 100
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

# What an agent can do to one of its own folders; all else that keeps it from being opened is ours.
_LOST = {errno.EACCES, errno.ELOOP, errno.ENOENT, errno.ENOTDIR}
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), 127)}
_DEEP = {"too deep", "a path that is too long"}
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(slots=True)
class Collection:
    """What was taken, and what was not.

    Parameters
    ----------
    max_bytes, max_files : int
        How much may be taken in all.
    files, bytes : int
        How much has been taken; holes of sparse files are no bytes.
    skipped : list of tuple
        The first hundred paths that were not taken, and why.
    skipped_count : int
        How many there are.
    """

    max_bytes: int
    max_files: int = FILES
    files: int = 0
    bytes: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    skipped_count: int = 0

    def skip(self, path: str, reason: str, count: int = 1) -> None:
        """Note what is not taken, which may be many files of a folder."""
        self.skipped_count += count
        if len(self.skipped) < _NOTED:
            self.skipped.append((_printable(path[:PATH_BYTES]), reason))

    def refused(self, path: str) -> str | None:
        """Return why nothing of such a path is taken, if so."""
        return _too_long(path) if path.isprintable() else "a name with unprintable characters"

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        return {
            "files": self.files,
            "bytes": self.bytes,
            "skipped": [list(entry) for entry in self.skipped],
            "skipped_count": self.skipped_count,
        }


@dataclass(slots=True)
class _Depth(Collection):
    """Takes nothing, and passes over nothing for its name: only its depth keeps it from a folder.

    Parameters
    ----------
    exceeded : bool
        Whether one has.
    """

    exceeded: bool = False

    def skip(self, path: str, reason: str, count: int = 1) -> None:
        """Note what is too deep."""
        del path, count
        self.exceeded |= reason in _DEEP

    def refused(self, path: str) -> str | None:
        """Return what is wrong with a path's length."""
        return _too_long(path)


@dataclass(frozen=True, slots=True)
class Usage:
    """How much a folder takes on the disk.

    Parameters
    ----------
    bytes : int
        What its files take.
    entries : int
        How many files and folders it has.
    too_deep, truncated : bool
        Whether some folder lies deeper than is looked, or there is more than is counted.
    """

    bytes: int
    entries: int
    too_deep: bool
    truncated: bool = False


def collect(source: Path, target: Path, collection: Collection, *, first: str = "") -> None:
    """Copy a folder's regular files.

    Parameters
    ----------
    source : Path
        The folder that an agent filled.
    target : Path
        An absent folder, which is made.
    collection : Collection
        Counts what is taken; its name in paths is the name of `target`. A folder that the agent has
        removed, replaced or locked is skipped as a whole.
    first : str, optional
        A file of the folder itself that is taken before all others.
    """
    target.mkdir(mode=0o755)
    with _opened(source, target.name, collection) as root:
        if root is None:
            return
        if first:
            _take(root, first, target, f"{target.name}/{first}", collection)
        for parts, folder in _folders(root, target.name, collection):
            inside = target.joinpath(*parts)
            if parts:
                inside.mkdir(mode=0o755)
            path = "/".join((target.name, *parts))
            for name in _names(folder, path, collection):
                if parts or name != first:
                    _take(folder, name, inside, f"{path}/{name}", collection)


def open_folder(name: Path | str, folder: int | None = None) -> int:
    """Open a folder, through no link; unlock it, if it is locked and our own.

    Parameters
    ----------
    name : path or str
        The folder.
    folder : int, optional
        The open folder that it is in.

    Raises
    ------
    OSError
        If there is no such folder, or it stays locked.
    """
    descriptor = _unlocked(name, _FOLDER, folder)
    if not os.access(".", os.X_OK, dir_fd=descriptor):  # its names can be read, and nothing more
        with contextlib.suppress(PermissionError):
            os.fchmod(descriptor, 0o700)
    return descriptor


def open_regular(folder: int, name: str) -> tuple[int, os.stat_result] | str:
    """Open a regular file that has one name, in an open folder; return a reason if it is not one.

    One that is locked is unlocked, if it is our own.

    Parameters
    ----------
    folder : int
        The folder's file descriptor.
    name : str
        The file's name in it.
    """
    status = _status(folder, name)
    if status is None:
        return "gone"
    if reason := _refused(status):
        return reason  # before it is opened: opening can be an act of its own
    try:
        descriptor = _unlocked(name, _OPEN, folder)
    except OSError as error:
        return f"cannot be opened: {error.strerror}"
    status = os.fstat(descriptor)
    if reason := _refused(status):
        os.close(descriptor)
        return reason
    return descriptor, status


def measure(source: Path, max_entries: int = 1_000_000) -> Usage:
    """Return how much a folder takes on the disk, while others may be writing into it."""
    total = entries = 0
    seen: set[tuple[int, int]] = set()
    depth = _Depth(max_bytes=0)
    with _opened(source, "", depth) as root:
        if root is None:
            return Usage(0, 0, too_deep=False)
        for _, folder in _folders(root, "", depth, max_entries):
            with os.scandir(folder) as found:
                for entry in found:
                    entries += 1
                    if entries > max_entries:
                        return Usage(total, entries, too_deep=False, truncated=True)
                    status = _status(folder, entry.name)
                    if status is None:
                        continue
                    if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
                        if (status.st_dev, status.st_ino) in seen:
                            continue
                        seen.add((status.st_dev, status.st_ino))
                    total += status.st_blocks * 512
    return Usage(total, entries, depth.exceeded)


def _unlocked(name: Path | str, flags: int, folder: int | None) -> int:
    """Open what may be locked."""
    try:
        return os.open(name, flags, dir_fd=folder)
    except PermissionError:
        unlock(name, folder)
        return os.open(name, flags, dir_fd=folder)


@contextlib.contextmanager
def _opened(path: Path, name: str, collection: Collection) -> Iterator[int | None]:
    """Give an agent's folder, open; nothing, and a note, where the agent has lost it."""
    try:
        descriptor = open_folder(path)
    except OSError as error:
        if error.errno not in _LOST:
            raise
        collection.skip(name, f"cannot be opened: {error.strerror}")
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _folders(
    root: int, name: str, collection: Collection, max_entries: int = FILES
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield a folder and all below it, each open; a folder comes before what is in it."""
    waiting: list[tuple[str, ...]] = [()]
    found = 0
    while waiting:
        parts = waiting.pop()
        path = "/".join((name, *parts))
        try:
            descriptor = _descend(root, parts)
        except OSError as error:
            collection.skip(path, f"cannot be opened: {error.strerror}")
            continue
        try:
            yield parts, descriptor
            inside = sorted(_subfolders(descriptor), reverse=True)
        finally:
            os.close(descriptor)
        for child in inside:
            found += 1
            if reason := collection.refused(f"{path}/{child}"):
                collection.skip(f"{path}/{child}", reason)
            elif len(parts) + 1 > DEPTH:
                collection.skip(f"{path}/{child}", "too deep")
            elif found > max_entries:
                collection.skip(f"{path}/{child}", "too many folders")
            else:
                waiting.append((*parts, child))


def _descend(root: int, parts: tuple[str, ...]) -> int:
    descriptor = os.open(".", _FOLDER, dir_fd=root)
    for name in parts:
        try:
            child = open_folder(name, descriptor)
        finally:
            os.close(descriptor)
        descriptor = child
    return descriptor


def _names(folder: int, path: str, collection: Collection) -> list[str]:
    """Return the names of what is in a folder and is none; note how many more there are."""
    names = heapq.nsmallest(FILES, _others(folder))
    if len(names) == FILES and (more := sum(1 for _ in _others(folder)) - FILES):
        collection.skip(path, f"too many files: all after {_printable(names[-1])}", more)
    return names


def _others(folder: int) -> Iterator[str]:
    with os.scandir(folder) as found:
        yield from (entry.name for entry in found if not entry.is_dir(follow_symlinks=False))


def _subfolders(folder: int) -> list[str]:
    with os.scandir(folder) as found:
        return [entry.name for entry in found if entry.is_dir(follow_symlinks=False)]


def _status(folder: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None


def _refused(status: os.stat_result) -> str | None:
    if not stat.S_ISREG(status.st_mode):
        return _KINDS.get(stat.S_IFMT(status.st_mode), "not a regular file")
    return "a hard link" if status.st_nlink != 1 else None


def _too_long(path: str) -> str | None:
    return "a path that is too long" if len(os.fsencode(path)) > PATH_BYTES else None


def _printable(path: str) -> str:
    return path.encode("ascii", "backslashreplace").decode().translate(_CONTROLS)


def _take(folder: int, name: str, target: Path, path: str, collection: Collection) -> None:
    opened = collection.refused(path) or open_regular(folder, name)
    if isinstance(opened, str):
        if opened != "gone":
            collection.skip(path, opened)
        return
    descriptor, status = opened
    try:
        if collection.files >= collection.max_files:
            collection.skip(path, "too many files")
        elif status.st_size > collection.max_bytes - collection.bytes:
            collection.skip(path, f"too large: {status.st_size:,} bytes")
        else:
            collection.bytes += copy_data(descriptor, target / name, status.st_size)
            collection.files += 1
    finally:
        os.close(descriptor)
