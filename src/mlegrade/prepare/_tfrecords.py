"""Texts in TFRecord files, read without TensorFlow: frames of 12 + n + 4 bytes, protobuf inside."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from mlegrade.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tfrecord_texts"]

_LENGTH_DELIMITED = 2
_FRAME = 12  # the length in eight bytes, and its checksum
_MORE = 0x80


def tfrecord_texts(file: IO[bytes], feature: str) -> Iterator[str]:
    """Yield a text feature of every record.

    Parameters
    ----------
    file : binary file
        Records that hold a ``tf.train.Example`` each.
    feature : str
        The feature's name.

    Raises
    ------
    SetupError
        If the file is damaged, or a record lacks the feature.
    """
    while head := file.read(_FRAME):
        size = int.from_bytes(head[:8], "little")
        record = file.read(size)
        if len(record) < size or len(file.read(4)) < 4:  # noqa: PLR2004 a checksum
            raise SetupError("a TFRecord file ends too early; download the data again.")
        texts = [
            value.decode()
            for features in _fields(record, 1)
            for entry in _fields(features, 1)
            if feature.encode() in _fields(entry, 1)
            for holder in _fields(entry, 2)
            for values in _fields(holder, 1)
            for value in _fields(values, 1)
        ]
        if len(texts) != 1:
            raise SetupError(f"a TFRecord has not one {feature!r}; download the data again.")
        yield texts[0]


def _fields(message: bytes, number: int) -> Iterator[bytes]:
    """Yield the fields of a message that have a number; all of them are length-delimited."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        size, at = _varint(message, at)
        if key & 7 != _LENGTH_DELIMITED or at + size > len(message):
            raise SetupError("a TFRecord holds something unknown; download the data again.")
        if key >> 3 == number:
            yield message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length and the place after it."""
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & (_MORE - 1)) << shift
        at, shift = at + 1, shift + 7
        if byte < _MORE:
            return value, at
    raise SetupError("a TFRecord ends too early; download the data again.")
