"""Kaggle's side: what may be downloaded, and the download itself.

kagglehub does the work, or the older client `kaggle` where only that is installed. Both are
imported here alone, and only when something is to be downloaded. Nothing here asks questions, and
no transfer is tried more than a few times.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
import threading
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar

from mlegrade.errors import DownloadError, PrerequisiteError
from mlegrade.prepare._troubles import PASSING, judge, trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mlegrade.prepare._workspace import Progress

__all__ = ["Access", "check_access", "download"]

T = TypeVar("T")

_TRIES = 4
_PAUSES = (2.0, 10.0, 30.0)  # seconds before the tries that follow
_LONGEST = 120.0  # seconds that Kaggle may ask to wait for
_TICK = 0.5
_ONE_AT_A_TIME = threading.Lock()  # the clients take settings from the environment


@dataclass(frozen=True, slots=True)
class Access:
    """Whether Kaggle hands out a competition's data.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    code : str
        ``ok``, or what is in the way, as in `DownloadError`.
    size : int or None
        The size of the archive in bytes, where Kaggle tells it.
    what, mend, url : str
        What is wrong, what to do about it, and the address to visit.
    """

    competition_id: str
    code: str
    size: int | None = None
    what: str = ""
    mend: str = ""
    url: str = ""

    @property
    def ok(self) -> bool:
        """Whether the data may be downloaded."""
        return self.code == "ok"

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        return asdict(self)


def check_access(competition_id: str) -> Access:
    """Ask Kaggle for a competition's data, and leave it at that.

    Raises
    ------
    PrerequisiteError
        If kagglehub is not installed.
    """
    _require("kagglehub")
    from kagglehub.clients import build_kaggle_client  # noqa: PLC0415 of the extra `prepare`
    from kagglehub.config import get_kaggle_credentials  # noqa: PLC0415
    from kagglesdk.competitions.types import competition_api_service as api  # noqa: PLC0415

    request = api.ApiDownloadDataFilesRequest()
    request.competition_name = competition_id

    def ask() -> int | None:
        if get_kaggle_credentials() is None:
            raise trouble("no_credentials", competition_id)
        with build_kaggle_client() as client:
            response = client.competitions.competition_api_client.download_data_files(request)
            with response:
                size = response.headers.get("Content-Length")
                return None if size is None else int(size)

    try:
        with _ONE_AT_A_TIME, _quiet():
            size = _persistently(competition_id, ask, tries=1)
    except DownloadError as error:
        return Access(competition_id, error.code, what=error.what, mend=error.mend, url=error.url)
    return Access(competition_id, "ok", size)


def download(
    competition_id: str, target: Path, files: Sequence[str] | None, progress: Progress
) -> Path:
    """Download a competition's data, or go on with a download that was broken off.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    target : Path
        The folder to make.
    files : sequence of str or None
        Which files; all of them if None.
    progress : callable
        Called with what is being done, how many bytes there are, and 0.

    Returns
    -------
    Path
        Where the files are: `target`, or a place where Kaggle's own machines keep them.

    Raises
    ------
    PrerequisiteError
        If no client of Kaggle is installed.
    DownloadError
        If Kaggle does not hand out the data.
    """
    if find_spec("kagglehub"):
        fetch = _fetch_with_kagglehub
    else:
        _require("kaggle")
        fetch = _fetch_with_kaggle
    partial = target.with_name(".download")
    partial.mkdir(parents=True, exist_ok=True)
    progress("waiting for another download", 0, 0)
    with _ONE_AT_A_TIME, _watched(partial, progress), _quiet():
        found = _persistently(competition_id, lambda: fetch(competition_id, partial, files))
    if partial not in found.parents:
        return found
    found.replace(target)
    shutil.rmtree(partial, ignore_errors=True)
    return target


def _fetch_with_kagglehub(competition_id: str, folder: Path, files: Sequence[str] | None) -> Path:
    import kagglehub  # noqa: PLC0415 of the extra `prepare`
    from kagglehub.exceptions import UnauthenticatedError  # noqa: PLC0415

    # The cache, unlike an output folder, keeps a broken transfer for the next try.
    with _environment(KAGGLEHUB_CACHE=str(folder)):
        try:
            for name in files or ():
                kagglehub.competition_download(competition_id, name)
            if files is None:
                return Path(kagglehub.competition_download(competition_id))
        except UnauthenticatedError as error:
            raise trouble("no_credentials", competition_id) from error
    return folder / "competitions" / competition_id


def _fetch_with_kaggle(competition_id: str, folder: Path, files: Sequence[str] | None) -> Path:
    try:
        import kaggle  # noqa: PLC0415 older releases log in when they are imported

        kaggle.api.authenticate()
    except (SystemExit, OSError, ValueError) as error:
        raise trouble("no_credentials", competition_id) from error
    place = folder / "raw"
    place.mkdir(exist_ok=True)
    for name in files or ():
        kaggle.api.competition_download_file(competition_id, name, path=str(place), quiet=True)
    if files is None:
        kaggle.api.competition_download_files(competition_id, path=str(place), quiet=True)
    return place


def _persistently(competition_id: str, fetch: Callable[[], T], tries: int = _TRIES) -> T:
    """Try a few times, where trying again can help; what went wrong becomes a `DownloadError`."""
    for pause in (*_PAUSES[: tries - 1], None):
        try:
            return fetch()
        except _troubles() as error:
            code, status, wait = judge(error)
            if pause is None or code not in PASSING or wait > _LONGEST:
                raise trouble(code, competition_id, status) from error
            sleep(max(pause, wait))
    raise AssertionError("unreachable")  # pragma: no cover


def _troubles() -> tuple[type[Exception], ...]:
    """Return what the clients raise when Kaggle or the network is to blame."""
    import requests  # noqa: PLC0415 comes with either client

    troubles: list[type[Exception]] = [requests.RequestException]
    with contextlib.suppress(ImportError):
        from kagglehub.exceptions import BackendError, DataCorruptionError  # noqa: PLC0415

        troubles += [BackendError, DataCorruptionError]
    with contextlib.suppress(ImportError):
        from kaggle.rest import ApiException  # noqa: PLC0415 of its older releases

        troubles += [ApiException]
    return tuple(troubles)


def _require(package: str) -> None:
    if find_spec(package) is None:
        raise PrerequisiteError(
            "there is no client of Kaggle to download with.",
            "Install one: pip install 'mlegrade[prepare]'.",
        )


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the clients from printing: what they have to say is in what they raise."""
    logger = logging.getLogger("kagglehub")
    level = logger.level
    logger.setLevel(logging.ERROR)
    aside = io.StringIO()
    try:
        with contextlib.redirect_stdout(aside), contextlib.redirect_stderr(aside):
            yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def _watched(folder: Path, progress: Progress) -> Iterator[None]:
    """Report the size of a growing folder: the clients draw bars, but call nobody."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_TICK):
            progress("downloading", _size(folder), 0)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # renamed or removed while we look
            total += path.stat().st_size
    return total
