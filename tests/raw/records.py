"""Files of records, written by hand: TFRecords of examples, BSON documents, arrays, images."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def example(features: dict[str, bytes | int | float]) -> bytes:
    """Return a protobuf Example."""
    entries = b""
    for name, value in features.items():
        if isinstance(value, bytes):
            kind = field(1, field(1, value))
        elif isinstance(value, float):
            kind = field(2, varint(1 << 3 | 5) + np.float32(value).tobytes())
        else:
            kind = field(3, varint(1 << 3) + varint(value))
        entries += field(1, field(1, name.encode()) + field(2, kind))
    return field(1, entries)


def tfrecords(*examples: dict[str, bytes | int | float]) -> bytes:
    """Return a TFRecord file; its checksums are zero, nobody looks at them."""
    content = b""
    for features in examples:
        data = example(features)
        content += len(data).to_bytes(8, "little") + bytes(4) + data + bytes(4)
    return content


def bson(document: dict[str, Any] | list[Any]) -> bytes:
    """Return a BSON document."""
    items = document.items() if isinstance(document, dict) else enumerate(document)
    content = b""
    for name, value in items:
        if isinstance(value, bool):
            kind, data = 8, bytes([value])
        elif isinstance(value, int):
            small = -(1 << 31) <= value < 1 << 31
            kind, data = (
                (16, 18)[not small],
                value.to_bytes(4 if small else 8, "little", signed=True),
            )
        elif isinstance(value, bytes):
            kind, data = 5, len(value).to_bytes(4, "little") + b"\0" + value
        elif isinstance(value, str):
            text = value.encode() + b"\0"
            kind, data = 2, len(text).to_bytes(4, "little") + text
        elif isinstance(value, float):
            kind, data = 1, np.float64(value).tobytes()
        elif value is None:
            kind, data = 10, b""
        else:
            kind, data = 3 + isinstance(value, list), bson(value)
        content += bytes([kind]) + str(name).encode() + b"\0" + data
    return (len(content) + 5).to_bytes(4, "little") + content + b"\0"


def npy(values: ArrayLike) -> bytes:
    """Return an array as numpy saves it."""
    file = io.BytesIO()
    np.save(file, np.asarray(values), allow_pickle=False)
    return file.getvalue()


def png(pixels: ArrayLike) -> bytes:
    """Return an image."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(file, "PNG")
    return file.getvalue()
