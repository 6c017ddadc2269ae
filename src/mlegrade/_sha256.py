"""The SHA-256 of large files, taken while something else works on them."""

from __future__ import annotations

import hashlib
from threading import Thread

__all__ = ["Sha256"]

_WORTH_A_THREAD = 1 << 20


class Sha256:
    """The digest of some bytes.

    Hashing needs no interpreter lock: that of a large file goes on beside the parser.

    Parameters
    ----------
    content : bytes
        What to hash.
    """

    __slots__ = ("_hash", "_thread")

    def __init__(self, content: bytes) -> None:
        self._hash = hashlib.sha256()
        self._thread: Thread | None = None
        if len(content) < _WORTH_A_THREAD:
            self._hash.update(content)
        else:
            self._thread = Thread(target=self._hash.update, args=(content,), daemon=True)
            self._thread.start()

    def hexdigest(self) -> str:
        """Return the digest, when it is done."""
        if self._thread is not None:
            self._thread.join()
        return self._hash.hexdigest()
