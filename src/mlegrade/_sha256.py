"""The SHA-256 of large files, taken while something else works on them."""

from __future__ import annotations

import hashlib
from threading import Thread

__all__ = ["Sha256"]

_WORTH_A_THREAD = 1 << 20


class Sha256:
    """The digest of some bytes, when there are any.

    Hashing needs no interpreter lock: that of a large file goes on beside the parser.
    """

    __slots__ = ("_hash", "_thread")

    def __init__(self) -> None:
        self._hash: hashlib._Hash | None = None
        self._thread: Thread | None = None

    def start(self, content: bytes) -> None:
        """Begin to hash some bytes; they are let go of when that is done."""
        self._hash = hashlib.sha256()
        if len(content) < _WORTH_A_THREAD:
            self._hash.update(content)
        else:
            self._thread = Thread(target=self._hash.update, args=(content,), daemon=True)
            self._thread.start()

    def hexdigest(self) -> str | None:
        """Return the digest, when it is done; None if there was nothing to hash."""
        if self._thread is not None:
            self._thread.join()
        return None if self._hash is None else self._hash.hexdigest()
