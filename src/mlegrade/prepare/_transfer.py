"""A response of a server, streamed to a file: gone on with where it broke off, whole at the end."""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from base64 import b64encode
from typing import TYPE_CHECKING

from mlegrade.prepare._verify import md5

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import requests

__all__ = ["TIMEOUT", "BrokenTransferError", "save"]

TIMEOUT = (10.0, 60.0)
"""Seconds to wait for a connection, and for the next bytes."""

_CHUNK = 1 << 16
_TICK = 0.2  # seconds between two reports of progress
_LEAST, _WHILE = 1000, 60.0  # bytes a second, and for how many seconds it may be less


class BrokenTransferError(OSError):
    """What came is not what the server had announced."""


def save(response: requests.Response, target: Path, progress: Callable[[int, int], None]) -> None:
    """Write what a response hands out to a file.

    What has come stays beside the target if the transfer breaks off, and is gone on with when the
    same content is asked for again.

    Parameters
    ----------
    response : requests.Response
        A response whose content has not been read.
    target : Path
        The file to make.
    progress : callable
        Called with how many bytes there are, and how many there will be (0 if that is not known).

    Raises
    ------
    BrokenTransferError
        If it ends too early or too late, is too slow, or has not the sum that the server tells.
    requests.RequestException, urllib3.exceptions.HTTPError
        If the connection fails.
    """
    total = _length(response)
    # Named after the version, so that nothing is ever appended to another one.
    partial = target.with_name(f"{target.name}.{_version(response)}.partial")
    have = partial.stat().st_size if partial.is_file() else 0
    if not total or have > total or response.headers.get("Accept-Ranges") != "bytes":
        have = 0
    _look_for_room(target, total - have)
    if not have:
        _write(response, partial, 0, total, progress)
    elif have < total:
        response.close()
        _go_on(response.url, partial, have, total, progress)
    _compare(response, partial, total)
    partial.replace(target)


def _go_on(
    url: str, partial: Path, have: int, total: int, progress: Callable[[int, int], None]
) -> None:
    import requests  # noqa: PLC0415 comes with either client

    wanted = {"Range": f"bytes={have}-", "Accept-Encoding": "identity"}
    with requests.get(url, headers=wanted, stream=True, timeout=TIMEOUT) as rest:
        rest.raise_for_status()
        # A server may ignore what was wanted, and begin anew.
        begin = have if rest.status_code == requests.codes.partial_content else 0
        _write(rest, partial, begin, total, progress)


def _write(
    response: requests.Response,
    partial: Path,
    have: int,
    total: int,
    progress: Callable[[int, int], None],
) -> None:
    told, marked, mark = 0.0, time.monotonic(), have
    with partial.open("ab" if have else "wb") as file:
        for chunk in _pieces(response):
            file.write(chunk)
            have += len(chunk)
            now = time.monotonic()
            if now - told >= _TICK:
                progress(have, total)
                told = now
            if now - marked >= _WHILE:
                if have - mark < _LEAST * (now - marked):
                    raise BrokenTransferError("it is too slow")
                marked, mark = now, have


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield what comes when it comes: whoever waits for a whole chunk does not see a drip."""
    if "Content-Encoding" in response.headers or not hasattr(response.raw, "read1"):
        yield from response.iter_content(_CHUNK)
        return
    while piece := response.raw.read1(_CHUNK):
        yield piece


def _compare(response: requests.Response, partial: Path, total: int) -> None:
    size = partial.stat().st_size
    if total and size < total:
        raise BrokenTransferError(f"it ended after {size:,} of {total:,} bytes")
    told = _sum(response)
    differs = told is not None and told != b64encode(bytes.fromhex(md5(partial))).decode()
    if size > total > 0 or differs:
        partial.unlink()
        raise BrokenTransferError("it has not the content that was announced")


def _length(response: requests.Response) -> int:
    """Return the bytes to come; 0 where that is not known, or they are packed on the way."""
    length = str(response.headers.get("Content-Length", ""))
    packed = response.headers.get("Content-Encoding", "identity") != "identity"
    return int(length) if length.isdigit() and not packed else 0


def _version(response: requests.Response) -> str:
    names = ("ETag", "Last-Modified", "Content-Length")
    marks = " ".join(str(response.headers.get(name, "")) for name in names)
    return hashlib.sha256(marks.encode()).hexdigest()[:8]


def _sum(response: requests.Response) -> str | None:
    """Return the MD5 sum in base 64 that Google's storage tells, as ``crc32c=...,md5=...``."""
    for part in str(response.headers.get("x-goog-hash", "")).split(","):
        name, _, value = part.strip().partition("=")
        if name == "md5":
            return value
    return None


def _look_for_room(target: Path, needed: int) -> None:
    free = shutil.disk_usage(target.parent).free
    if needed > free:
        raise OSError(
            errno.ENOSPC, f"No room for {needed:,} bytes more, {free:,} are free", str(target)
        )
