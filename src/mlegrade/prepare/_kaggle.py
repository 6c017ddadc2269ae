"""Kaggle's side: what may be downloaded, and the download itself.

kagglehub finds the token and speaks with Kaggle, or the older client `kaggle` where only that is
installed. Both are imported here alone, and only when something is to be downloaded. Nothing here
asks questions, and no transfer is tried more than a few times.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import threading
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar

from mlegrade.errors import DownloadError, PrerequisiteError
from mlegrade.prepare._transfer import TIMEOUT, BrokenTransferError, save
from mlegrade.prepare._troubles import PASSING, judge, trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import requests

    from mlegrade.prepare._workspace import Progress

    Report = Callable[[int, int], None]

__all__ = ["Access", "check_access", "download"]

T = TypeVar("T")

_TRIES = 4
_PAUSES = (2.0, 10.0, 30.0)  # seconds before the tries that follow
_LONGEST = 120.0  # seconds that Kaggle may ask to wait for
_TICK = 0.5
_ONE_AT_A_TIME = threading.Lock()  # the older client prints, and is kept from it for all threads


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

    def ask() -> int | None:
        with _asked(competition_id, None) as response:
            size = response.headers.get("Content-Length")
            return None if size is None else int(size)

    try:
        with _usable("kagglehub"):
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
        The folder to make: with Kaggle's zip archive as it came, or with the files.
    files : sequence of str or None
        Which files; all of them, in the archive, if None.
    progress : callable
        Called with what is being done, how many bytes there are, and how many there will be (0
        where that is not known).

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
        with _usable("kagglehub"):
            kept = _kept_by_kaggle(competition_id)
            return kept or _download(_fetch_with_kagglehub, competition_id, target, files, progress)
    _require("kagglehub", "kaggle")
    with _usable("kaggle"):
        return _download(_fetch_with_kaggle, competition_id, target, files, progress)


def _download(
    fetch: Callable[[str, str | None, Path, Report], None],
    competition_id: str,
    target: Path,
    files: Sequence[str] | None,
    progress: Progress,
) -> Path:
    folder = target.with_name(f".{target.name}.partial")
    folder.mkdir(parents=True, exist_ok=True)
    report = partial(progress, "downloading")
    for name in files or (None,):
        path = folder / (f"{competition_id}.zip" if name is None else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _there(path):
            _persistently(competition_id, partial(fetch, competition_id, name, path, report))
    for left in list(folder.rglob("*.partial")):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    folder.replace(target)
    return target


@contextmanager
def _usable(client: str) -> Iterator[None]:
    """Say that a client is too old, or not whole, where a part of it cannot be imported."""
    try:
        yield
    except ImportError as error:
        raise PrerequisiteError(
            f"this {client} cannot be used ({error}).",
            "Install a newer one: pip install --upgrade 'mlegrade[prepare]'.",
        ) from error


def _there(path: Path) -> bool:
    """Return whether an earlier try has brought a file; Kaggle packs some that stand alone."""
    return path.is_file() or path.with_name(f"{path.name}.zip").is_file()


def _kept_by_kaggle(competition_id: str) -> Path | None:
    """Return where Kaggle's own machines keep the files; None on others."""
    from kagglehub.config import is_kaggle_cache_disabled  # noqa: PLC0415
    from kagglesdk.kaggle_env import is_in_kaggle_notebook  # noqa: PLC0415

    if is_kaggle_cache_disabled() or not is_in_kaggle_notebook():
        return None
    import kagglehub  # noqa: PLC0415 of the extra `prepare`

    mount = partial(kagglehub.competition_download, competition_id)
    return Path(_persistently(competition_id, mount))


def _fetch_with_kagglehub(
    competition_id: str, name: str | None, path: Path, report: Report
) -> None:
    # Not `kagglehub.competition_download`, which unpacks the archive without a look at it.
    with _asked(competition_id, name) as response:
        if response.url.partition("?")[0].endswith(f"/{path.name}.zip"):
            path = path.with_name(f"{path.name}.zip")
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/html"):
            raise trouble("no_data", competition_id, detail="a web page")
        save(response, path, report)
    _require_archive(competition_id, path)


@contextmanager
def _asked(competition_id: str, name: str | None) -> Iterator[requests.Response]:
    """Ask for a file, or for all in an archive; nothing of the answer has been read."""
    from kagglesdk import KaggleClient  # noqa: PLC0415 comes with kagglehub
    from kagglesdk.competitions.types import competition_api_service as api  # noqa: PLC0415

    if name is None:
        request = api.ApiDownloadDataFilesRequest()
    else:
        request = api.ApiDownloadDataFileRequest()
        request.file_name = name
    request.competition_name = competition_id
    with KaggleClient(**_secrets(competition_id), user_agent="mlegrade") as client:
        # Kaggle's client would wait for an answer for ever.
        session = client.http_client()._session  # noqa: SLF001
        session.send = partial(session.send, timeout=TIMEOUT)
        calls = client.competitions.competition_api_client
        call = calls.download_data_files if name is None else calls.download_data_file
        with call(request) as response:
            yield response


def _secrets(competition_id: str) -> dict[str, str | None]:
    """Return who wants the data; what is wrong with a token is said without a word of it."""
    from kagglehub.config import get_kaggle_credentials  # noqa: PLC0415 of the extra `prepare`

    try:
        token = get_kaggle_credentials()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise trouble("no_credentials", competition_id, detail=f" ({why})") from error
    if token is None:
        raise trouble("no_credentials", competition_id)
    secrets = {"username": token.username, "password": token.key, "api_token": token.api_key}
    for secret in secrets.values():
        if secret is not None and not (secret.isascii() and secret.isprintable()):
            raise trouble("no_credentials", competition_id, detail=" (it holds odd characters)")
    return secrets


def _fetch_with_kaggle(competition_id: str, name: str | None, path: Path, report: Report) -> None:
    report(0, 0)
    # Apart, for it gives a file its name before it is whole.
    apart = path.with_name(f"{path.name}.partial")
    apart.mkdir(exist_ok=True)
    with _ONE_AT_A_TIME, _quiet(), _watched(apart, report):
        try:
            import kaggle  # noqa: PLC0415 older releases log in when they are imported

            kaggle.api.authenticate()
        except (SystemExit, OSError, ValueError) as error:
            known = " that the client kaggle knows (its old releases want ~/.kaggle/kaggle.json)"
            raise trouble("no_credentials", competition_id, detail=known) from error
        place = {"path": str(apart), "quiet": True}
        try:
            if name is None:
                kaggle.api.competition_download_files(competition_id, **place)
            else:
                kaggle.api.competition_download_file(competition_id, name, **place)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            odd = f"what the client kaggle cannot read ({type(error).__name__}: {error})"
            raise trouble("no_data", competition_id, detail=odd) from error
    for found in list(apart.iterdir()):
        found.replace(path.with_name(found.name))
    apart.rmdir()
    _require_archive(competition_id, path)


def _require_archive(competition_id: str, path: Path) -> None:
    """Refuse what is called an archive and is none: it would be taken for the download for ever."""
    if path.suffix == ".zip" and path.is_file() and not zipfile.is_zipfile(path):
        path.unlink()
        raise trouble("no_data", competition_id, detail=f"a {path.name} that is no zip archive")


def _persistently(competition_id: str, fetch: Callable[[], T], tries: int = _TRIES) -> T:
    """Try a few times, where trying again can help; what went wrong becomes a `DownloadError`."""
    for pause in (*_PAUSES[: tries - 1], None):
        try:
            return fetch()
        except _troubles() as error:
            judged = judge(error)
            if pause is None or judged.code not in PASSING or judged.wait > _LONGEST:
                raise trouble(
                    judged.code, competition_id, judged.status, detail=judged.detail
                ) from error
            sleep(max(pause, judged.wait))
    raise AssertionError("unreachable")  # pragma: no cover


def _troubles() -> tuple[type[Exception], ...]:
    """Return what the clients raise when Kaggle or the network is to blame."""
    from requests import RequestException  # noqa: PLC0415 comes with either client
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 what older releases use directly

    troubles: list[type[Exception]] = [RequestException, HTTPError, BrokenTransferError]
    with suppress(ImportError):
        from kagglehub.exceptions import BackendError  # noqa: PLC0415

        troubles += [BackendError]
    with suppress(ImportError):
        from kaggle.rest import ApiException  # noqa: PLC0415 of its older releases

        troubles += [ApiException]
    return tuple(troubles)


def _require(*packages: str) -> None:
    """Refuse where none of the packages is installed; the first is what the extra brings."""
    if not any(map(find_spec, packages)):
        raise PrerequisiteError(
            f"{packages[0]}, which speaks with Kaggle, is not installed.",
            "Install it: pip install 'mlegrade[prepare]'.",
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the older client from printing: what it has to say is in what it raises."""
    aside = io.StringIO()
    with contextlib.redirect_stdout(aside), contextlib.redirect_stderr(aside):
        yield


@contextmanager
def _watched(folder: Path, report: Report) -> Iterator[None]:
    """Report the size of a growing folder: the older client draws bars, but calls nobody."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_TICK):
            with suppress(OSError):  # renamed or removed while we look
                report(sum(path.stat().st_size for path in folder.iterdir()), 0)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
