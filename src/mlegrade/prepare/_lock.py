"""One process at a time: a lock that its holder's end releases, however it comes."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["locked"]

_PAUSE = 0.1  # seconds between two tries


@contextmanager
def locked(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a lock file; wait for another process or thread that holds it.

    Parameters
    ----------
    path : Path
        The lock file, which is removed afterwards.
    waiting : callable
        Called while the lock is held by another, a few times a second.
    """
    while True:
        file = path.open("a")
        try:
            while not _try(file):
                waiting()
                time.sleep(_PAUSE)
            # The one before may have removed the file while this one was waiting for it.
            if _is_still(path, file):
                break
        except BaseException:
            file.close()
            raise
        file.close()
    try:
        yield
    finally:
        _remove(path)
        file.close()


def _is_still(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    with suppress(PermissionError):  # Windows removes no open file; the next holder tries again
        path.unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _try(file: IO[str]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
