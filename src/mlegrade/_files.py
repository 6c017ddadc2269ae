"""Files that are written whole or not at all, in the place that was named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["fault_of", "write_atomically"]


def fault_of(path: Path) -> str | None:
    """Return why a file could not be written, for long work to be refused before it begins."""
    if path.is_dir():
        return f"{path} is a folder."
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}."
    asked = path if _is_stream(path) else path.resolve().parent
    return None if os.access(asked, os.W_OK) else f"{asked} cannot be written to."


def write_atomically(path: Path, pieces: Iterable[str | bytes], *, replace: bool = True) -> None:
    """Write a file in one step: after a crash at any moment it is the old one or the new one.

    Parameters
    ----------
    path : Path
        The file. Devices and pipes are written to, links are followed.
    pieces : iterable of str or bytes
        What to write, text as UTF-8.
    replace : bool, optional
        Whether the file may be there.

    Raises
    ------
    FileExistsError
        If it is there and may not be.
    """
    if _is_stream(path):
        with path.open("wb") as file:
            file.writelines(map(_encoded, pieces))
        return
    target = path.resolve()  # a link stays one: what it leads to is replaced
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    file = partial.open("xb")
    try:
        with file:
            file.writelines(map(_encoded, pieces))
        if replace:
            partial.replace(target)
        else:
            _rename(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def _encoded(piece: str | bytes) -> bytes:
    return piece.encode() if isinstance(piece, str) else piece


def _rename(partial: Path, target: Path) -> None:
    """Rename a file, unless there is one of that name."""
    try:
        target.hardlink_to(partial)  # unlike renaming, this replaces nothing
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: looking comes as close as one gets
        if target.exists():
            raise FileExistsError(f"{target} is there already.") from None
        partial.replace(target)


def _is_stream(path: Path) -> bool:
    """Tell whether this is a device or a pipe: written to, and never replaced."""
    return path.exists() and not path.is_file()
