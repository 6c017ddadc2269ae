"""TFRecords of examples, as far as a split looks into them; without TensorFlow."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from mlegrade.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["feature_of_records"]

_LENGTH, _CHECKSUM = 8, 4
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5  # protobuf's ways to write a value
_LARGEST = 1 << 30


def feature_of_records(path: Path, name: str) -> Iterator[bytes]:
    """Yield one bytes feature of each example in a TFRecord file.

    A record is its length in eight bytes, a checksum of that, the example as protobuf has it, and
    a checksum of it; checksums are not looked at.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        The feature; its first value is taken.

    Raises
    ------
    SetupError
        If the file is cut short, or a record has no such feature.
    """
    with path.open("rb") as file:
        while head := file.read(_LENGTH + _CHECKSUM):
            size = int.from_bytes(head[:_LENGTH], "little")
            example = _read(file, size, path)
            _read(file, _CHECKSUM, path)
            value = _feature(example, name.encode())
            if value is None:
                raise SetupError(
                    f"a record in {path} has no feature {name!r}.", "Download it again."
                )
            yield value


def _read(file: IO[bytes], size: int, path: Path) -> bytes:
    content = file.read(size) if 0 <= size <= _LARGEST else b""
    if len(content) != size:
        raise SetupError(f"{path} is cut short or damaged.", "Download it again.")
    return content


def _feature(example: bytes, name: bytes) -> bytes | None:
    """Find a feature: Example.features.feature[name].bytes_list.value[0]."""
    for features in _fields(example, 1):
        for entry in _fields(features, 1):
            if next(_fields(entry, 1), None) == name:
                for feature in _fields(entry, 2):
                    for values in _fields(feature, 1):
                        return next(_fields(values, 1), None)
    return None


def _fields(message: bytes, wanted: int) -> Iterator[bytes]:
    """Yield the values of a field of a protobuf message that are written as bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            _, at = _varint(message, at)
        elif kind == _EIGHT_BYTES:
            at += 8
        elif kind == _FOUR_BYTES:
            at += 4
        elif kind == _BYTES:
            size, at = _varint(message, at)
            if number == wanted:
                yield message[at : at + size]
            at += size
        else:
            raise SetupError("a TFRecord holds no example.", "Download the data again.")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Return a number written seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        if at >= len(message):
            raise SetupError("a TFRecord holds no example.", "Download the data again.")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 the highest bit tells that more follows
            return value, at
        shift += 7
