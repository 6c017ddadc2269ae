"""How a submission looked as time passed, by content hash."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

from mlegrade.runner.collect import open_folder, open_regular
from mlegrade.runner.files import append_json, read_json_lines

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["INDEX", "SUBMISSION", "Snapshots"]

SUBMISSION = "submission.csv"
INDEX = "index.jsonl"
_PARTIAL = ".partial"
_TRIES = 3
_PAUSE = 0.2
_CHUNK = 1 << 20


class Snapshots:
    """Copies of a submission that were taken every so often.

    Parameters
    ----------
    folder : Path
        Where they are kept; snapshots that are there already are continued.
    every : float
        Seconds between two of them.
    max_bytes : int
        How much all of them may take.
    """

    def __init__(self, folder: Path, every: float, max_bytes: int) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._every = every
        known = read_json_lines(folder / INDEX)
        self.count = len(known)
        self._last = known[-1]["sha256"] if known else None
        self._next = every
        self._left = max_bytes - sum(entry["bytes"] for entry in known)

    def take_if_due(self, submission: Path, elapsed: float) -> None:
        """Take a snapshot of a submission folder, if the time has come."""
        if elapsed >= self._next:
            self._next = (elapsed // self._every + 1) * self._every
            self.take(submission, elapsed)

    def take(self, submission: Path, elapsed: float) -> None:
        """Take a snapshot of what is in a submission folder, unless it has not changed."""
        for _ in range(_TRIES):
            found = self._copy(submission)
            if found is not None:
                break
            time.sleep(_PAUSE)  # it was being written
        else:
            (self._folder / _PARTIAL).unlink(missing_ok=True)
            return
        sha256, size = found
        if not sha256 or sha256 == self._last:
            return
        self._last = sha256
        self._left -= size
        self.count += 1
        entry = {"elapsed": round(elapsed, 3), "sha256": sha256, "bytes": size}
        append_json(self._folder / INDEX, entry)

    def _copy(self, submission: Path) -> tuple[str, int] | None:
        """Copy the submission; return its hash and size, no hash if it cannot be had.

        None is returned where the file changed while it was read.
        """
        partial = self._folder / _PARTIAL
        try:
            folder = open_folder(submission)
        except OSError:
            return "", 0
        try:
            opened = open_regular(folder, SUBMISSION)
        finally:
            os.close(folder)
        if isinstance(opened, str):
            return "", 0
        descriptor, before = opened
        try:
            if before.st_size > self._left:
                return "", 0
            total = hashlib.sha256()
            left = before.st_size
            with partial.open("wb") as target:
                while left and (block := os.read(descriptor, min(left, _CHUNK))):
                    total.update(block)
                    if block.strip(b"\0"):
                        target.write(block)
                    else:
                        target.seek(len(block), os.SEEK_CUR)  # a hole stays one
                    left -= len(block)
                target.truncate()
            after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if left or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            return None
        partial.replace(self._folder / f"{total.hexdigest()}.csv")
        return total.hexdigest(), before.st_size
