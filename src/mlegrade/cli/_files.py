"""Files that commands write: whole or not at all, in the place that was named."""

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


def write_atomically(path: Path, pieces: Iterable[str]) -> None:
    """Write text in one step: after a crash at any moment it is the old file or the new one."""
    if _is_stream(path):
        with path.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
        return
    target = path.resolve()  # a link stays one: what it leads to is replaced
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with partial.open("x", encoding="utf-8") as file:
            file.writelines(pieces)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _is_stream(path: Path) -> bool:
    """Tell whether this is a device or a pipe: written to, and never replaced."""
    return path.exists() and not path.is_file()
