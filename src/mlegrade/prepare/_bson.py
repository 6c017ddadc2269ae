"""BSON documents, as far as a split looks into them; pictures in them are passed over."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from mlegrade.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["bson_documents", "bson_integers", "bson_without"]

_LARGEST = 1 << 30
_INTEGERS = (0x10, 0x12)
_SIZES = {0x01: 8, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8}
# Kinds that begin with their size, and how much more there is than that tells.
_SIZED = {0x02: 4, 0x03: 0, 0x04: 0, 0x05: 5}


def bson_documents(path: Path) -> Iterator[bytes]:
    """Yield the documents of a BSON file as they stand there.

    Raises
    ------
    SetupError
        If the file is cut short.
    """
    with path.open("rb") as file:
        while head := file.read(4):
            yield head + _read(file, int.from_bytes(head, "little") - len(head), path)


def bson_integers(document: bytes, *names: str) -> list[int]:
    """Return integer elements of a BSON document; what else is in it is skipped.

    Raises
    ------
    SetupError
        If the document has no such elements.
    """
    found = {}
    for name, kind, begin, end in _elements(document):
        if kind in _INTEGERS:
            found[name] = int.from_bytes(document[begin:end], "little", signed=True)
    try:
        return [found[name.encode()] for name in names]
    except KeyError as error:
        raise SetupError(
            f"a BSON document has no whole number {error.args[0].decode()!r}.",
            "Download the data again.",
        ) from error


def bson_without(document: bytes, name: str) -> bytes:
    """Return a BSON document without one of its elements."""
    for found, _, begin, end in _elements(document):
        if found == name.encode():
            start = begin - len(found) - 2  # its kind, its name and a zero byte
            size = len(document) - (end - start)
            return size.to_bytes(4, "little") + document[4:start] + document[end:]
    return document


def _read(file: IO[bytes], size: int, path: Path) -> bytes:
    content = file.read(size) if 0 <= size <= _LARGEST else b""
    if len(content) != size:
        raise SetupError(f"{path} is cut short or damaged.", "Download it again.")
    return content


def _elements(document: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield the names, kinds and extents of a document's own elements."""
    at = 4
    while at < len(document) - 1:
        kind = document[at]
        name_end = document.index(0, at)
        begin = name_end + 1
        if kind in _SIZES:
            end = begin + _SIZES[kind]
        elif kind in _SIZED:
            end = begin + int.from_bytes(document[begin : begin + 4], "little") + _SIZED[kind]
        else:
            raise SetupError(f"BSON of the kind {kind:#x} is unknown.", "Download the data again.")
        yield document[at + 1 : name_end], kind, begin, end
        at = end
