"""Submissions of agents: opened below a folder, through no link that an agent could have put."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mlegrade.errors import InvalidSubmissionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mlegrade.schema.sources import Source

__all__ = ["opened_below"]

_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@contextmanager
def opened_below(root: Path, parts: Sequence[str], name: object) -> Iterator[Source]:
    """Give a submission as an open file, or else what is wrong with it.

    Parameters
    ----------
    root : Path
        A folder.
    parts : sequence of str
        The names of the folders below it, and of the file; links among them are not followed.
    name : object
        What messages call the file.
    """
    try:
        descriptor = _open_below(root, parts)
    except OSError as error:
        code = "not_found" if error.errno in _ABSENT else "not_a_file"
        yield InvalidSubmissionError(
            code, f"{name} cannot be opened without following links: {error.strerror}."
        )
        return
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                yield file
        else:
            yield InvalidSubmissionError("not_a_file", f"{name} is no regular file.")
    finally:
        os.close(descriptor)


def _open_below(root: Path, parts: Sequence[str]) -> int:
    """Open a file folder by folder; return a descriptor."""
    if os.open not in os.supports_dir_fd or not parts:
        return os.open(root.joinpath(*parts), _FILE)
    here = os.open(root, _FOLDER)
    for name in parts[:-1]:
        try:
            below = os.open(name, _FOLDER, dir_fd=here)
        finally:
            os.close(here)
        here = below
    try:
        return os.open(parts[-1], _FILE, dir_fd=here)
    finally:
        os.close(here)
