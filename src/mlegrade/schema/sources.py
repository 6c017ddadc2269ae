"""Where a table comes from: a path, bytes, an open file or a DataFrame, always read as bytes."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from mlegrade.errors import InvalidSubmissionError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Source", "read_source", "source_path"]

Source: TypeAlias = "str | os.PathLike[str] | bytes | IO[bytes] | IO[str] | pd.DataFrame"


def source_path(source: Source) -> Path | None:
    """Return the path of a source that is a file's name, else None."""
    return Path(source) if isinstance(source, str | os.PathLike) else None


def read_source(source: Source, *, max_bytes: int, follow_links: bool = False) -> bytes:
    """Return the bytes of a source.

    Parameters
    ----------
    source : path, bytes, file object or DataFrame
        A DataFrame is read as what its ``to_csv(index=False)`` writes.
    max_bytes : int
        More than this is refused before it is read.
    follow_links : bool, optional
        Whether a path may be a symbolic link. Submissions may not: a link could point to the
        answers.

    Raises
    ------
    InvalidSubmissionError
        ``not_found``, ``not_a_file``, ``symlink`` or ``too_large``.
    """
    path = source_path(source)
    if path is not None:
        return _read_path(path, max_bytes, follow_links=follow_links)
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
    elif callable(read := getattr(source, "read", None)):
        content = read(max_bytes + 1)
        data = content.encode() if isinstance(content, str) else bytes(content)
        if len(data) > max_bytes:  # there may be any number more
            raise _too_large(f"more than {max_bytes:,}", max_bytes)
    elif callable(to_csv := getattr(source, "to_csv", None)):
        data = str(to_csv(index=False)).encode()
    else:
        raise TypeError(
            f"cannot read a table from {type(source).__name__}; "
            "give a path, bytes, an open file or a DataFrame."
        )
    _check_size(len(data), max_bytes)
    return data


def _read_path(path: Path, max_bytes: int, *, follow_links: bool) -> bytes:
    # O_NONBLOCK: opening a FIFO must not wait for somebody who writes into it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not follow_links:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        if not follow_links and path.is_symlink():
            raise InvalidSubmissionError(
                "symlink", f"{path} is a symbolic link; give the file itself."
            )
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InvalidSubmissionError("not_found", f"there is no file {path}.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidSubmissionError(
            "not_a_file", f"{path} cannot be opened: {reason}. Give a regular, readable file."
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise InvalidSubmissionError("not_a_file", f"{path} is {kind}; give a CSV file.")
        _check_size(status.st_size, max_bytes)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(status.st_size)
    finally:
        os.close(descriptor)
    return data


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise _too_large(f"{size:,}", max_bytes)


def _too_large(size: str, max_bytes: int) -> InvalidSubmissionError:
    return InvalidSubmissionError(
        "too_large",
        f"the file has {size} bytes; a submission to this competition may have {max_bytes:,} at "
        "most.",
    )
