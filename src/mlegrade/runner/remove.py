"""Remove what an agent left behind, however deep and however locked."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["remove", "unlock"]

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def unlock(name: Path | str, folder: int | None = None) -> None:
    """Let the owner at a folder or a file again; a link, or what is another's, stays as it is.

    Parameters
    ----------
    name : path or str
        The folder or the file.
    folder : int, optional
        The open folder that it is in.
    """
    # Held as a place, not opened: that needs no permission, and leads through no link.
    place = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
    try:
        with contextlib.suppress(OSError):  # whoever opens it next is told why that cannot be
            os.chmod(f"/proc/self/fd/{place}", 0o700)  # noqa: PTH101 no path names it
    finally:
        os.close(place)


def remove(path: Path) -> None:
    """Remove a folder and all that is in it, without following links; an absent one is fine.

    Folders inside are first moved up to the top: no path grows long, and nothing recurses, where
    an agent nested folders by the thousand.
    """
    with contextlib.suppress(FileNotFoundError):
        unlock(path)
        top = os.open(path, _FOLDER)
        try:
            while folders := _empty(top):
                for name in folders:
                    _flatten(top, name)
        finally:
            os.close(top)
        path.rmdir()


def _flatten(top: int, name: str) -> None:
    unlock(name, top)
    folder = os.open(name, _FOLDER, dir_fd=top)
    try:
        for inner in _empty(folder):
            # A folder that is moved gets a new "..", for which it has to be writable.
            unlock(inner, folder)
            os.rename(inner, secrets.token_hex(16), src_dir_fd=folder, dst_dir_fd=top)
    finally:
        os.close(folder)
    os.rmdir(name, dir_fd=top)


def _empty(folder: int) -> list[str]:
    """Remove a folder's files; return the names of its folders."""
    folders = []
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        else:
            os.unlink(entry.name, dir_fd=folder)
    return folders
