"""Folders that several tests share: they outlive a test, and not the run."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

_folders: list[Path] = []


def new_folder() -> Path:
    """Return a new folder, which is removed when the run ends."""
    folder = Path(mkdtemp(prefix="mlegrade-tests-"))
    _folders.append(folder)
    return folder


def remove_folders() -> None:
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)
