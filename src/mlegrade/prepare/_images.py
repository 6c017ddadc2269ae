"""What the first bytes of an image tell, without a library that decodes it."""

from __future__ import annotations

from typing import IO

from mlegrade.errors import SetupError

__all__ = ["png_size"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_size(image: IO[bytes]) -> tuple[int, int]:
    """Return width and height of a PNG image, from its header.

    Raises
    ------
    SetupError
        If it is no such image.
    """
    header = image.read(24)
    if not header.startswith(_SIGNATURE) or header[12:16] != b"IHDR":
        raise SetupError("a raw image is no PNG file; download the data again.")
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")
