"""Copy what a file holds, and leave its holes."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["copy_data"]

_CHUNK = 1 << 20
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def copy_data(source: int, target: Path, size: int) -> int:
    """Copy at most `size` bytes: a file that grows meanwhile is cut there. Holes stay holes.

    What cannot be read is the agent's loss; what cannot be written, on a full disk, is an error.

    Parameters
    ----------
    source : int
        The open file.
    target : Path
        An absent one, which is made.
    size : int
        How much of it.

    Returns
    -------
    int
        How many bytes were written.
    """
    written = 0
    descriptor = os.open(target, _WRITE, 0o644)
    try:
        for begin, end in _spans(source, size):
            at = begin
            while at < end and (block := _read(source, min(_CHUNK, end - at), at)):
                _write(descriptor, block, at)
                at += len(block)
            written += at - begin
            if at < end:
                return written
        os.ftruncate(descriptor, min(size, os.fstat(source).st_size))
    finally:
        os.close(descriptor)
    return written


def _spans(source: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield where a file's data begin and end; between them are holes, which take no room."""
    end = 0
    while end < size:
        try:
            begin = os.lseek(source, end, os.SEEK_DATA)
            hole = os.lseek(source, begin, os.SEEK_HOLE)
        except OSError as error:
            if error.errno != errno.ENXIO:  # the file system knows no holes
                yield end, size
            return
        end = min(hole, size)
        if begin < end:
            yield begin, end


def _write(descriptor: int, block: bytes, at: int) -> None:
    view = memoryview(block)
    while view:
        written = os.pwrite(descriptor, view, at)
        view, at = view[written:], at + written


def _read(source: int, size: int, at: int) -> bytes:
    try:
        return os.pread(source, size, at)
    except OSError:
        return b""
