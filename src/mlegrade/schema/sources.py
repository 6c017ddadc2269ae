"""Where a table comes from: a path, bytes, an open file or a DataFrame, always read as bytes.

Whoever fetches submissions from elsewhere, such as a sandbox, hands over the reason where there is
nothing to fetch, an `InvalidSubmissionError`: to read it is to raise it.
"""

from __future__ import annotations

import errno
import io
import lzma
import os
import stat
import zipfile
import zlib
from copy import copy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from mlegrade.errors import (
    AnswersError,
    InvalidSubmissionError,
    NotPreparedError,
    PrerequisiteError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["Source", "read_source", "read_trusted", "source_path"]

Source: TypeAlias = (
    "str | os.PathLike[str] | bytes | IO[bytes] | IO[str] | pd.DataFrame | InvalidSubmissionError"
)

_PIECE = 1 << 20
_NO_LIMIT = 1 << 40
_ZIP = b"PK\x03\x04"
_7Z = b"7z\xbc\xaf\x27\x1c"
# The last one is how zipfile speaks of archives that are encrypted or packed in an unknown way.
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
_NO_SUCH_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
_SHOWN = 300


def source_path(source: Source) -> Path | None:
    """Return the path of a source that is a file's name, else None."""
    return Path(source) if isinstance(source, str | os.PathLike) else None


def read_source(source: Source, *, max_bytes: int, follow_links: bool = False) -> bytes:
    """Return the bytes of a source.

    Parameters
    ----------
    source : path, bytes, file object, DataFrame or InvalidSubmissionError
        A DataFrame is read as what its ``to_csv(index=False)`` writes.
    max_bytes : int
        More than this is refused before it is read.
    follow_links : bool, optional
        Whether a path may be a symbolic link. Submissions may not: a link could point to the
        answers.

    Raises
    ------
    InvalidSubmissionError
        ``not_found``, ``not_a_file``, ``symlink``, ``too_large``, or ``not_utf8`` of a text file;
        or the one that came instead of a source.
    """
    if isinstance(source, InvalidSubmissionError):
        raise copy(source)  # a new one: each time that one is raised, its traceback grows
    path = source_path(source)
    if path is not None:
        return _read_path(path, max_bytes, follow_links=follow_links)
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
    elif callable(read := getattr(source, "read", None)):
        data = _read_file(read, max_bytes)
    elif callable(to_csv := getattr(source, "to_csv", None)):
        data = _encoded(_written(to_csv))
    else:
        raise TypeError(
            f"cannot read a table from {type(source).__name__}; "
            "give a path, bytes, an open file or a DataFrame."
        )
    _check_size(len(data), max_bytes)
    return data


def read_trusted(source: Source, what: str) -> bytes:
    """Return a file of ours as bytes; what is wrong with it is no fault of the submission.

    Parameters
    ----------
    source : path, bytes, file object or DataFrame
        The file; a zip or 7z archive of it serves, too, as some sample submissions come.
    what : str
        What it is, for messages.

    Raises
    ------
    SetupError
        If it is missing or damaged.
    PrerequisiteError
        If a 7z archive meets a Python without py7zr.
    """
    try:
        content = read_source(source, max_bytes=_NO_LIMIT, follow_links=True)
        if content.startswith(_7Z):
            return _unpacked_7z(content, what)
        return _unpacked(content) if content.startswith(_ZIP) else content
    except _DAMAGES as error:
        raise AnswersError(f"the {what} is an archive that cannot be read: {error}") from error
    except InvalidSubmissionError as error:
        kind = NotPreparedError if error.code == "not_found" else AnswersError
        raise kind(f"the {what} cannot be read: {error}") from error


def _unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(archive.namelist()[0])


def _unpacked_7z(content: bytes, what: str) -> bytes:
    try:
        import py7zr  # noqa: PLC0415 of the extra `prepare`
    except ImportError as error:
        raise PrerequisiteError(
            f"the {what} is a 7z archive, which needs py7zr.",
            "Install it: pip install 'mlegrade[prepare]'.",
        ) from error
    try:
        with (
            TemporaryDirectory(prefix="mlegrade-") as folder,
            py7zr.SevenZipFile(io.BytesIO(content)) as archive,
        ):
            archive.extractall(folder)
            (inside,) = (path for path in Path(folder).rglob("*") if path.is_file())
            return inside.read_bytes()
    except (py7zr.exceptions.ArchiveError, lzma.LZMAError, ValueError, *_DAMAGES) as error:
        raise AnswersError(f"the {what} is an archive that cannot be read: {error}") from error


def _read_file(read: Callable[[int], Any], max_bytes: int) -> bytes:
    # In pieces: a file takes memory for all that it is asked for, be there ever so little to read.
    data = io.BytesIO()
    while (size := data.tell()) <= max_bytes:
        try:
            piece = read(min(_PIECE, max_bytes + 1 - size))
        except UnicodeDecodeError as error:
            raise InvalidSubmissionError(
                "not_utf8",
                f"the file is not {error.encoding} text; write it with encoding='utf-8', and open "
                "it to read bytes.",
            ) from error
        if not piece:
            break
        data.write(_encoded(piece) if isinstance(piece, str) else piece)
    if size > max_bytes:  # there may be any number more
        raise _too_large(f"more than {max_bytes:,}", max_bytes)
    return data.getvalue()


def _encoded(text: str) -> bytes:
    # Half a surrogate pair becomes bytes that are no UTF-8, and is refused as such.
    return text.encode("utf-8", "surrogatepass")


def _read_path(path: Path, max_bytes: int, *, follow_links: bool) -> bytes:
    # O_NONBLOCK: opening a FIFO must not wait for somebody who writes into it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not follow_links:
        if os.path.islink(path):  # noqa: PTH114 the one of Path may raise
            raise InvalidSubmissionError(
                "symlink", f"{path} is a symbolic link; give the file itself."
            )
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) in _NO_SUCH_FILE:
            name = str(path)
            shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."
            raise InvalidSubmissionError("not_found", f"there is no file {shown}.") from error
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


def _written(to_csv: Callable[..., Any]) -> str:
    try:
        return str(to_csv(index=False))
    except ValueError as error:  # of an integer of thousands of digits
        raise InvalidSubmissionError(
            "malformed", f"the DataFrame cannot be written as CSV: {error}."
        ) from error


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise _too_large(f"{size:,}", max_bytes)


def _too_large(size: str, max_bytes: int) -> InvalidSubmissionError:
    return InvalidSubmissionError(
        "too_large",
        f"the file has {size} bytes; a submission to this competition may have {max_bytes:,} at "
        "most.",
    )
