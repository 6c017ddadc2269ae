"""Run a preparer: fetch, stage, verify, put in place."""

from __future__ import annotations

import errno
import json
import shutil
import struct
import tarfile
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade import data
from mlegrade.competitions import FIXES, get
from mlegrade.errors import ChecksumError, NotPreparedError, PrerequisiteError, SetupError
from mlegrade.prepare._folders import DiskFolder
from mlegrade.prepare._lock import locked
from mlegrade.prepare._plan import Plan, Prepared
from mlegrade.prepare._verify import Verified, archive_differs, verify
from mlegrade.prepare._workspace import Options, Workspace

if TYPE_CHECKING:
    import os

    from mlegrade.competitions import Competition
    from mlegrade.data import CompetitionPaths
    from mlegrade.prepare._workspace import Progress

__all__ = ["prepare"]

# What raw data that is not as expected makes of a preparer.
_STUMBLES = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError),
    *(EOFError, RuntimeError, struct.error, tarfile.TarError, zipfile.BadZipFile, zlib.error),
)
_STAGING, _REPLACED, _LOCK = ".preparing-", ".replaced-", ".lock"


def prepare(
    competition: str | Competition,
    *,
    source: str | os.PathLike[str] | None = None,
    adopt: str | os.PathLike[str] | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Prepared:
    """Prepare a competition's data.

    What has to be downloaded is, to ``<id>/raw`` below the data directory. The result is put in
    place in one step, after it was verified; another process that prepares the same competition
    is waited for.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    source : path, optional
        A folder with the download, or the downloaded zip archive; by default ``<id>/raw`` below
        the data directory, which is downloaded if it is not there.
    adopt : path, optional
        Data that MLE-bench has prepared: a folder with ``public`` and ``private``, or one above.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    progress : callable, optional
        Called with what is being done, how much of it is done, and how much there is (0 where
        that is not known). An exception that it raises ends the preparation.
    **options
        What else is wanted; see `Plan`.

    Returns
    -------
    Prepared

    Raises
    ------
    UnknownCompetitionError
        If there is no such competition.
    DownloadError
        If Kaggle does not hand out the data.
    NotPreparedError
        If a raw file is missing.
    ChecksumError
        If a file is not as the competition states.
    SetupError
        If the competition has no preparer, or something else is in the way.
    """
    job = _Job(
        competition=get(competition),
        plan=Plan(**options),
        base=data.data_dir(data_dir),
        source=None if source is None else Path(source),
        adopted=None if adopt is None else Path(adopt),
        progress=progress or _silent,
    )
    return job.run()


def _silent(what: str, done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    competition: Competition
    plan: Plan
    base: Path
    source: Path | None
    adopted: Path | None
    progress: Progress

    @property
    def paths(self) -> CompetitionPaths:
        """The competition's folders in the data directory."""
        return data.paths(self.competition.id, self.base)

    @property
    def target(self) -> CompetitionPaths:
        """The folders of the result, which are others for data with fixes."""
        base = self.base / "fixes" if self.plan.fixes else self.base
        return data.paths(self.competition.id, base)

    def run(self) -> Prepared:
        self._check()
        try:
            return self._run()
        except OSError as error:
            raise _in_the_way(error, self.base) from error

    def _run(self) -> Prepared:
        if self.plan.keep_raw and (there := self._already()) is not None:
            return there
        self.target.root.mkdir(parents=True, exist_ok=True)
        self.paths.root.mkdir(parents=True, exist_ok=True)
        # Both variants are made of one download: one lock for both.
        with locked(self.paths.root / _LOCK, self._wait):
            self._sweep()
            if (there := self._already()) is not None:
                self._drop_raw()
                return there
            # On the same file system as its target, so that it can be put in place by a rename.
            staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self.target.root))
            try:
                return self._make(staging)
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def _check(self) -> None:
        """Refuse what cannot be done before anything is begun."""
        competition = self.competition
        if data.is_synthetic(self.paths.prepared) and not self.plan.force:
            raise SetupError(
                f"{self.paths.prepared} holds synthetic data.",
                "Name another data directory, or replace it with `--force`.",
            )
        if self.plan.fixes and not competition.fixes:
            raise SetupError(
                f"{competition.id} has nothing to fix: its known issues name no leak or error "
                "that preparing could mend.",
                "Prepare it without `--fixes`.",
            )
        if self.plan.fixes and self.adopted is not None:
            raise SetupError("what MLE-bench has prepared has no fixes.", "Drop `--fixes`.")
        if (
            self.plan.answers_only
            and self.adopted is None
            and competition.answers_raw_files is None
        ):
            raise SetupError(
                f"the answers of {competition.id} need more than tables.",
                "Prepare it without `--answers-only`.",
            )
        if self.adopted is None and not (competition.folder / "prepare.py").is_file():
            raise SetupError(
                f"mlegrade cannot prepare {competition.id} yet.",
                f"Data that MLE-bench has prepared serves as it is: put it into "
                f"{self.paths.prepared}, or use `--adopt`.",
            )

    def _already(self) -> Prepared | None:
        """Return what is in place, if that is what is wanted."""
        competition, prepared = self.competition, self.target.prepared
        about = data.about(prepared)
        there = (prepared / "private" / competition.answers_file).is_file()
        partial = bool(about.get("answers_only"))
        if self.plan.force or not there or (partial and not self.plan.answers_only):
            return None
        verified = verify(
            competition, prepared, self.plan.verify, answers_only=partial, fixes=self.plan.fixes
        )
        return self._done(verified, already_there=True, answers_only=partial)

    def _make(self, staging: Path) -> Prepared:
        plan, differs = self.plan, None
        if self.adopted is None:
            raw = self._raw()
            if plan.verify == "bytes" and not plan.answers_only:
                self.progress("verifying", 0, 0)
                differs = archive_differs(self.competition, raw)
            self._split(raw, staging)
        else:
            self._take_over(staging)
        verified = self._verified(staging, differs)
        self._note(staging, verified, repacked=differs is not None)
        partial = bool(data.about(self.target.prepared).get("answers_only"))
        _put_in_place(staging, self.target, replace=plan.force or partial)
        self._drop_raw()
        return self._done(verified, already_there=False, answers_only=plan.answers_only)

    def _verified(self, staging: Path, differs: ChecksumError | None) -> Verified:
        """Verify the result, which vouches for an archive that Kaggle has packed anew as well."""
        plan = self.plan
        self.progress("verifying", 0, 0)
        try:
            verified = verify(
                self.competition,
                staging,
                plan.verify,
                answers_only=plan.answers_only,
                fixes=plan.fixes,
            )
        except ChecksumError as error:
            if differs is None:
                raise
            raise ChecksumError(f"{differs.what} {error.what}", differs.mend) from error
        if differs is not None and verified.how != "bytes":
            raise differs
        return verified

    def _raw(self) -> Path:
        """Return where the raw files are, after a download if need be."""
        if self.source is not None:
            if not self.source.exists():
                raise NotPreparedError(f"{self.source} does not exist.", "Look at `--from`.")
            if self.source.is_file() and not zipfile.is_zipfile(self.source):
                raise NotPreparedError(
                    f"{self.source} is no zip archive, or a damaged one.",
                    "Name the folder that it is in, or download the archive again.",
                )
            return self.source
        if not self.competition.raw_files or _holds_files(self.paths.raw):
            return self.paths.raw
        files = self.competition.answers_raw_files if self.plan.answers_only else None
        raw = self.paths.raw if files is None else self._raw_answers
        if _holds_files(raw):
            return raw
        from mlegrade.prepare._kaggle import download  # noqa: PLC0415 rarely needed

        return download(self.competition.id, raw, files, self.progress)

    @property
    def _raw_answers(self) -> Path:
        return self.paths.root / "raw-answers"

    def _drop_raw(self) -> None:
        """Remove the download, if that is wanted; never files that someone else has put down."""
        if not self.plan.keep_raw and self.source is None and self.adopted is None:
            for raw in (self.paths.raw, self._raw_answers):
                shutil.rmtree(raw, ignore_errors=True)

    def _split(self, raw: Path, staging: Path) -> None:
        link = self.plan.link if self.plan.link is not None else self.source is None
        options = Options(
            link=link,
            answers_only=self.plan.answers_only,
            fixes=self.plan.fixes,
            progress=self.progress,
        )
        with closing(Workspace(self.competition.id, raw, staging, options)) as files:
            self.progress("splitting", 0, 0)
            try:
                self.competition.module("prepare").prepare(files)
            except ImportError as error:
                raise PrerequisiteError(
                    f"preparing {self.competition.id} needs a package that is not installed "
                    f"({error}).",
                    "Install what preparing needs: pip install 'mlegrade[prepare]'.",
                ) from error
            except _STUMBLES as error:
                raise SetupError(
                    f"the preparer of {self.competition.id} stumbled over the raw data in {raw} "
                    f"({type(error).__name__}: {error}).",
                    "It may be of another version: download it again.",
                ) from error
        shutil.rmtree(staging / "scratch")

    def _take_over(self, staging: Path) -> None:
        """Copy or link what MLE-bench has prepared, after it was verified where it is."""
        folder = self._adopted_folder()
        answers_only = self.plan.answers_only
        verify(self.competition, folder, self.plan.verify, answers_only=answers_only, fixes=False)
        options = Options(link=self.plan.link is not False, progress=self.progress)
        with closing(Workspace(self.competition.id, folder, staging, options)) as files:
            for side, target in (("public", files.public), ("private", files.private)):
                theirs = DiskFolder(folder / side, link=options.link)
                names = theirs.names()
                if answers_only and side == "public":
                    names = [
                        name for name in names if name == self.competition.sample_submission_file
                    ]
                files.move(theirs, names, target)
        shutil.rmtree(staging / "scratch")

    def _adopted_folder(self) -> Path:
        competition, adopted = self.competition, Path(str(self.adopted))
        places = [adopted / competition.id / "prepared", adopted / "prepared", adopted]
        for place in places:
            if data.is_synthetic(place):
                raise SetupError(
                    f"{place} holds synthetic data.", "Name data that MLE-bench has prepared."
                )
            if (place / "private" / competition.answers_file).is_file():
                return place
        raise NotPreparedError(
            f"{adopted} holds no prepared data of {competition.id}: looked for "
            f"private/{competition.answers_file} in {', '.join(map(str, places))}.",
            "Name the folder that has `public` and `private` in it.",
        )

    def _note(self, staging: Path, verified: Verified, *, repacked: bool) -> None:
        """Write down what the prepared data is, beside it."""
        from mlegrade import __version__  # noqa: PLC0415

        note = {
            "competition_id": self.competition.id,
            "variant": self.variant,
            "answers_only": self.plan.answers_only,
            "adopted": self.adopted is not None,
            "verify": verified.how,
            "verified": verified.files,
            "repacked": repacked,
            "fixes": list(self.competition.fixes) if self.plan.fixes else [],
            "mlegrade": __version__,
        }
        text = json.dumps(note, indent=2, sort_keys=True) + "\n"
        (staging / data.ABOUT).write_text(text, encoding="ascii")

    @property
    def variant(self) -> str:
        return FIXES if self.plan.fixes else "mle-bench"

    def _done(self, verified: Verified, *, already_there: bool, answers_only: bool) -> Prepared:
        return Prepared(
            self.competition.id,
            self.target.prepared,
            already_there=already_there,
            verified=verified.files,
            how=verified.how,
            variant=self.variant,
            answers_only=answers_only,
            repacked=bool(data.about(self.target.prepared).get("repacked")),
        )

    def _wait(self) -> None:
        self.progress("waiting for another process", 0, 0)

    def _sweep(self) -> None:
        """Remove what an interrupted preparation has left; the lock says that nobody needs it."""
        for path in self.target.root.glob(f"{_REPLACED}*"):
            # Interrupted between two renames: the old data is better than none.
            if (path / "prepared").is_dir() and not self.target.prepared.exists():
                (path / "prepared").rename(self.target.prepared)
            shutil.rmtree(path, ignore_errors=True)
        for path in self.target.root.glob(f"{_STAGING}*"):
            shutil.rmtree(path, ignore_errors=True)


def _put_in_place(staging: Path, paths: CompetitionPaths, *, replace: bool) -> None:
    staging.chmod(0o755)  # temporary folders are for their owner only
    if replace and paths.prepared.exists():
        old = Path(tempfile.mkdtemp(prefix=_REPLACED, dir=paths.root))
        paths.prepared.rename(old / "prepared")
        staging.rename(paths.prepared)
        shutil.rmtree(old, ignore_errors=True)  # what is left, the next run sweeps away
        return
    try:
        staging.rename(paths.prepared)
    except OSError as error:
        raise SetupError(
            f"{paths.prepared} is in the way: it holds files, but not the answers.",
            "Look at it, then run the command again with `--force` to replace it.",
        ) from error


def _holds_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _in_the_way(error: OSError, base: Path) -> SetupError:
    """Return what the operating system reports as an error that says what to do."""
    what = error.strerror or str(error)
    if error.filename:
        what = f"{what}: {error.filename}"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        mend = f"Make room on the disk of {base}, or name another one with `--data-dir`"
    elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        mend = "Look at the rights to it, or name another data directory with `--data-dir`"
    else:
        mend = "Look at it"
    return SetupError(f"{what}.", f"{mend}; then run the command again.")
