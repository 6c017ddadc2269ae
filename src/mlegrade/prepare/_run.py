"""Run a preparer: stage, verify, put in place."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade import data
from mlegrade.competitions import get
from mlegrade.errors import ChecksumError, SetupError
from mlegrade.prepare._workspace import Workspace

if TYPE_CHECKING:
    import os

    from mlegrade.competitions import Competition
    from mlegrade.data import CompetitionPaths

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing a competition came to.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    folder : Path
        The folder with ``public`` and ``private``.
    already_there : bool
        Whether the data was in place before.
    verified : int
        How many files were compared with the competition's checksums, and agreed.
    """

    competition_id: str
    folder: Path
    already_there: bool
    verified: int

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        return {
            "competition_id": self.competition_id,
            "folder": str(self.folder),
            "already_there": self.already_there,
            "verified": self.verified,
        }


def prepare(
    competition: str | Competition,
    *,
    source: str | os.PathLike[str] | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    verify: bool = True,
    force: bool = False,
) -> Prepared:
    """Prepare a competition's data.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    source : path, optional
        A folder with the download, or the downloaded zip archive; by default ``<id>/raw`` below
        the data directory.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    verify : bool, optional
        Whether the files have to agree with the competition's checksums.
    force : bool, optional
        Whether data that is already in place is made anew.

    Returns
    -------
    Prepared

    Raises
    ------
    UnknownCompetitionError
        If there is no such competition.
    NotPreparedError
        If a raw file is missing.
    ChecksumError
        If a file is not as the competition states.
    SetupError
        If the competition has no preparer, or something else is in the way.
    """
    competition = get(competition)
    paths = data.paths(competition.id, data_dir)
    if not force and data.is_prepared(competition.id, competition.answers_file, data_dir):
        return Prepared(
            competition.id,
            paths.prepared,
            already_there=True,
            verified=_verify(competition, paths.prepared) if verify else 0,
        )
    if not (competition.folder / "prepare.py").is_file():
        raise SetupError(
            f"mlegrade cannot prepare {competition.id} yet. Data that MLE-bench has prepared "
            f"serves as it is: put it into {paths.prepared}."
        )
    run = competition.module("prepare").prepare
    paths.root.mkdir(parents=True, exist_ok=True)
    # On the same file system as its target, so that it can be put in place by a rename.
    staging = Path(tempfile.mkdtemp(prefix=".preparing-", dir=paths.root))
    try:
        where = Path(source) if source else paths.raw
        with closing(Workspace(competition.id, where, staging)) as files:
            run(files)
        verified = _verify(competition, staging) if verify else 0
        shutil.rmtree(staging / "scratch")
        _put_in_place(staging, paths, replace=force)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Prepared(competition.id, paths.prepared, already_there=False, verified=verified)


def _verify(competition: Competition, folder: Path) -> int:
    """Compare files with the competition's checksums; return how many there were."""
    expected = {
        **{f"public/{name}": md5 for name, md5 in competition.checksums.public.items()},
        **{f"private/{name}": md5 for name, md5 in competition.checksums.private.items()},
    }
    for name, md5 in expected.items():
        found = _md5(folder / name) if (folder / name).is_file() else "no such file"
        if found != md5:
            libraries = ", ".join(
                f"{name} {version(name)}" for name in ("numpy", "pandas", "scikit-learn")
            )
            raise ChecksumError(
                f"{name} of {competition.id} has not the content it should have: expected MD5 "
                f"{md5}, found {found} (with {libraries}). The raw files may be of another "
                f"version: download them again. `--no-verify` keeps the result as it is; its "
                f"scores would not compare with those of others."
            )
    return len(expected)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _put_in_place(staging: Path, paths: CompetitionPaths, *, replace: bool) -> None:
    staging.chmod(0o755)  # temporary folders are for their owner only
    if replace and paths.prepared.exists():
        old = Path(tempfile.mkdtemp(prefix=".replaced-", dir=paths.root))
        paths.prepared.rename(old / "prepared")
        staging.rename(paths.prepared)
        shutil.rmtree(old)
        return
    try:
        staging.rename(paths.prepared)
    except OSError as error:
        raise SetupError(
            f"{paths.prepared} is in the way: it holds files, but not the answers. Look at it, "
            f"then run the command again with --force to replace it."
        ) from error
