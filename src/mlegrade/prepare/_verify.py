"""Whether prepared data is what it should be: by its bytes, or by what it says."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mlegrade.errors import ChecksumError, SetupError
from mlegrade.prepare._archives import DAMAGES, SUFFIXES, unpack
from mlegrade.prepare._folders import DiskFolder

if TYPE_CHECKING:
    from mlegrade.competitions import Competition

__all__ = ["VERIFY", "Verified", "archive_differs", "md5", "sample_submission", "verify"]

VERIFY = ("bytes", "content", "off")
"""How prepared data can be verified."""

_PARQUET = b"PAR1"  # begins and ends such a file
_AGAIN = "Prepare the data again with `--force`."


class Verified(NamedTuple):
    """How data was verified, and how many files agree with their sums or were looked at."""

    how: str
    files: int


def verify(
    competition: Competition, folder: Path, how: str, *, answers_only: bool, fixes: bool
) -> Verified:
    """Compare prepared data with what is known of it.

    Parameters
    ----------
    competition : Competition
        The competition.
    folder : Path
        The folder with ``public`` and ``private``.
    how : str
        ``bytes``: every file has its MD5 sum, but for those whose bytes depend on who wrote them;
        where there are such files, or no sums, the content as well. ``content``: the answers are
        such as the competition declares, the sample submission fits them, and archives and
        parquet files can be read. ``off``: nothing is looked at.
    answers_only, fixes : bool
        What the data was made for.

    Returns
    -------
    Verified
        How it was verified in the end, and how many files that were.

    Raises
    ------
    ChecksumError
        If a file is not as it should be.
    """
    if how == "off":
        return Verified("off", 0)
    sums = _expected(competition, folder, answers_only=answers_only, fixes=fixes)
    if how == "content" or not sums:
        return Verified("content", _check_content(competition, folder, answers_only=answers_only))
    for name, expected in sums.items():
        path = folder / name
        # The bytes of a parquet file depend on who wrote it.
        if path.suffix == ".parquet" and path.is_file() and _is_readable(path):
            continue
        found = md5(path) if path.is_file() else "no such file"
        if found != expected:
            raise _differs(
                f"{name} of {competition.id}",
                expected,
                found,
                "The raw files may be of another version: download them again. `--verify off` "
                "keeps the result as it is; its scores would not compare with those of others.",
            )
    return Verified("bytes", len(sums))


def archive_differs(competition: Competition, raw: Path) -> ChecksumError | None:
    """Return what is wrong with a download's archive, if anything.

    Parameters
    ----------
    competition : Competition
        The competition, of whose archive an MD5 sum may be known.
    raw : Path
        The archive, or the folder that it may be in.
    """
    archive = raw if raw.is_file() else raw / f"{competition.id}.zip"
    expected = competition.checksums.zip
    if expected is None or not archive.is_file() or (found := md5(archive)) == expected:
        return None
    return _differs(
        archive.name,
        expected,
        found,
        f"Remove {archive} and prepare again, which fetches it anew; `--verify content` takes it "
        "as it is.",
    )


def md5(path: Path) -> str:
    """Return the MD5 sum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _expected(
    competition: Competition, folder: Path, *, answers_only: bool, fixes: bool
) -> dict[str, str]:
    facts = competition.facts
    sums = facts.get("fixes", {}).get("checksums", {}) if fixes else facts.get("checksums", {})
    if not sums.get("reliable", True):
        return {}
    return {
        f"{side}/{name}": value
        for side in ("public", "private")
        for name, value in sums.get(side, {}).items()
        if side == "private" or not answers_only or (folder / side / name).is_file()
    }


def _differs(what: str, expected: str, found: str, mend: str) -> ChecksumError:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "scikit-learn"))
    return ChecksumError(
        f"{what} has not the content it should have: expected MD5 {expected}, found {found} (with "
        f"{libraries}).",
        mend,
    )


def _check_content(competition: Competition, folder: Path, *, answers_only: bool) -> int:
    from mlegrade.grading import Grader  # noqa: PLC0415 loads pandas

    answers = folder / "private" / competition.answers_file
    try:
        grader = Grader(competition, answers=answers)
    except SetupError as error:
        raise ChecksumError(
            f"{answers.name} of {competition.id} is damaged: {error}", _AGAIN
        ) from error
    sample = sample_submission(competition, folder)
    # Some need more than tables, or come in an archive: they are not made for the answers alone.
    if sample is None and not answers_only:
        raise ChecksumError(
            f"{competition.sample_submission_file} of {competition.id} is missing.", _AGAIN
        )
    problems = () if sample is None else grader.validate(sample).problems
    for problem in problems:
        if problem["code"] == "constant":  # it fits, though it has no score
            continue
        raise ChecksumError(
            f"the sample submission of {competition.id} does not fit the answers: "
            f"{problem['message']}",
            _AGAIN,
        )
    looked_at = 1 if sample is None else 2
    # What is in deeper folders was moved without a look.
    return looked_at + sum(1 for path in sorted(folder.glob("*/*")) if _is_readable(path))


def sample_submission(competition: Competition, folder: Path) -> bytes | None:
    """Return the sample submission of prepared data, unpacked where it comes in an archive."""
    for side in ("public", "private"):
        path = folder / side / competition.sample_submission_file
        if path.suffix in SUFFIXES and path.is_file():
            with tempfile.TemporaryDirectory(prefix="mlegrade-") as place:
                unpack(path, Path(place) / "unpacked")
                (inside,) = DiskFolder(Path(place) / "unpacked", link=False).names()
                return (Path(place) / "unpacked" / inside).read_bytes()
        if path.is_file():
            return path.read_bytes()
    return None


def _is_readable(path: Path) -> bool:
    """Look at an archive or a parquet file; False for files of other kinds."""
    if path.suffix == ".zip" and path.is_file():
        try:
            with zipfile.ZipFile(path) as archive:
                bad = archive.testzip()
        except DAMAGES as error:
            raise ChecksumError(f"{path} is damaged ({error}).", _AGAIN) from error
        if bad is not None:
            raise ChecksumError(f"{bad!r} in {path} is damaged.", _AGAIN)
        return True
    if path.suffix == ".parquet" and path.is_file():
        with path.open("rb") as file:
            begin = file.read(len(_PARQUET))
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - len(_PARQUET)))
            if begin != _PARQUET or file.read() != _PARQUET:
                raise ChecksumError(f"{path} is no whole parquet file.", _AGAIN)
        return True
    return False
