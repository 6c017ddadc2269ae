"""Files that are there whole or not at all, and locks that end with their holder."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["append_json", "exclusive", "read_json_lines", "read_record", "to_json", "write_durably"]


def to_json(data: Mapping[str, Any], *, indent: int | None = None) -> str:
    """Return data as JSON in ASCII with sorted keys."""
    return json.dumps(data, indent=indent, sort_keys=True, allow_nan=False)


def write_durably(path: Path, content: str | bytes) -> None:
    """Replace a file in one step: after a crash at any moment it is the old one or the new one.

    Of several that write it at a time, one waits for the other.
    """
    partial = path.with_name(f".{path.name}.new")
    with _alone(partial) as file:
        file.truncate(0)  # what a writer left that was killed
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
        partial.replace(path)
    # The name is part of the folder, and reaches the disk with it.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to that nobody else has."""
    while True:
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Whoever had it before has renamed it, and what has this name now is another file.
            if _is_at(path, file):
                yield file
                return


def _is_at(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def read_record(path: Path, version: int) -> dict[str, Any]:
    """Return the object in a JSON file of a known version.

    Raises
    ------
    OSError, ValueError
        If there is no such file, or no such object in it.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or found.get("schema_version") != version:
        raise ValueError(f"an object with schema_version {version} is needed.")
    return found


def append_json(path: Path, data: Mapping[str, Any]) -> None:
    """Append one line of JSON, in one write; on a full disk, nothing and an error."""
    line = f"{to_json(data)}\n".encode()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line  # after one that was cut off
        if os.write(descriptor, line) != len(line):
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    finally:
        os.close(descriptor)


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file; of an absent one, none.

    Lines that are none are left out: one may be cut off, where its writer was killed.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [found for line in lines if isinstance(found := _parsed(line), dict)]


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


@contextlib.contextmanager
def exclusive(path: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold a lock file; give whether it is ours. The system frees it when its holder dies.

    Parameters
    ----------
    path : Path
        The lock file.
    wait : bool, optional
        Whether to wait until it is.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
