"""Folders that several tests share: they outlive a test."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

home: Path | None = None
"""Where pytest keeps what tests write; some runs later it removes that, however a run ended."""


def new_folder() -> Path:
    """Return a new folder."""
    return Path(mkdtemp(dir=home))
