"""Downloads from a server that plays Kaggle's part: each way to fail has its code and next step."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import pickle
import random
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import requests

from kaggle_server import Kaggle, playing
from mlegrade import data
from mlegrade.errors import ChecksumError, DownloadError, PrerequisiteError, SetupError
from mlegrade.prepare import _kaggle, _transfer, _verify, prepare
from mlegrade.prepare._verify import md5
from raw import RAWS

if TYPE_CHECKING:
    from collections.abc import Iterator

# The client leaves connections open where a transfer broke off.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SPOOKY, PIZZA = "spooky-author-identification", "random-acts-of-pizza"


@pytest.fixture
def kaggle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    RAWS[SPOOKY].write(tmp_path / "made")
    with playing(Kaggle.of({SPOOKY: tmp_path / "made"}), monkeypatch, tmp_path) as server:
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(_kaggle, "sleep", waited.append)
    return waited


class ApiError(Exception):
    """What releases 1.5 and 1.6 of the older client raise."""

    def __init__(self, status: int) -> None:
        super().__init__(f"({status})")
        self.status = status


class OlderClient:
    """As much of the older client as is used of it, talking to the local server."""

    def __init__(self, kaggle: Kaggle) -> None:
        self.kaggle = kaggle

    def authenticate(self) -> None:
        if "KAGGLE_API_TOKEN" not in os.environ:
            raise OSError("Could not find kaggle.json.")

    def competition_download_files(self, name: str, path: str, quiet: bool) -> None:
        assert quiet
        response = requests.post(
            f"{self.kaggle.address}/v1/DownloadDataFiles",
            json={"competitionName": name},
            headers={"Authorization": f"Bearer {os.environ['KAGGLE_API_TOKEN']}"},
            timeout=300,
        )
        if not response.ok:
            raise ApiError(response.status_code)
        (Path(path) / f"{name}.zip").write_bytes(response.content)

    def competition_download_file(self, name: str, file: str, path: str, quiet: bool) -> None:
        assert quiet
        (Path(path) / file).write_bytes(self.kaggle.archives[name][file])


@pytest.fixture(params=["kagglehub", "kaggle"])
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kaggle: Kaggle) -> str:
    """Each of the two clients, as if it were the only one."""
    older = ModuleType("kaggle")
    older.api = OlderClient(kaggle)  # type: ignore[attr-defined]
    rest = ModuleType("kaggle.rest")
    rest.ApiException = ApiError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kaggle", older)
    monkeypatch.setitem(sys.modules, "kaggle.rest", rest)
    monkeypatch.setattr(_kaggle, "find_spec", lambda name: name == request.param or None)
    return str(request.param)


def spooky(folder: Path, **options: Any) -> Any:
    return prepare(SPOOKY, data_dir=folder, **{"verify": "content", **options})


def refused(folder: Path) -> DownloadError:
    with pytest.raises(DownloadError) as caught:
        spooky(folder)
    assert not data.is_prepared(SPOOKY, "test.csv", folder)
    return caught.value


@pytest.mark.usefixtures("client")
def test_what_is_downloaded_is_prepared(kaggle: Kaggle, tmp_path: Path) -> None:
    done = spooky(tmp_path)
    assert not done.already_there
    assert done.verified > 0
    assert kaggle.asked == [f"DownloadDataFiles {SPOOKY}"]
    assert sorted(path.name for path in (tmp_path / SPOOKY).iterdir()) == ["prepared", "raw"]
    assert spooky(tmp_path).already_there
    assert not spooky(tmp_path, force=True).already_there
    assert len(kaggle.asked) == 1


@pytest.mark.usefixtures("kaggle", "client")
def test_only_the_files_for_the_answers_are_downloaded(tmp_path: Path) -> None:
    assert spooky(tmp_path, answers_only=True).answers_only
    found = {path.name for path in (tmp_path / SPOOKY / "raw-answers").iterdir()}
    assert "train.zip" in found


def test_the_download_may_go_when_all_is_done(kaggle: Kaggle, tmp_path: Path) -> None:
    spooky(tmp_path, keep_raw=False)
    assert [path.name for path in (tmp_path / SPOOKY).iterdir()] == ["prepared"]
    assert kaggle.asked


def test_nothing_is_removed_before_the_result_is_verified(kaggle: Kaggle, tmp_path: Path) -> None:
    with pytest.raises(ChecksumError, match="expected MD5"):
        spooky(tmp_path, verify="bytes", keep_raw=False)
    assert [path.name for path in (tmp_path / SPOOKY).iterdir()] == ["raw"]
    assert not spooky(tmp_path).already_there
    assert len(kaggle.asked) == 1


def test_a_broken_transfer_goes_on_where_it_stopped(
    kaggle: Kaggle, waits: list[float], tmp_path: Path
) -> None:
    kaggle.archives[SPOOKY]["large.bin"] = random.Random(0).randbytes(5 << 20)
    kaggle.breaks = 1
    spooky(tmp_path)
    (wanted,) = kaggle.ranges
    assert wanted > f"bytes={2 << 20}-"
    assert len(waits) == 1


def test_a_transfer_that_always_breaks_ends(
    kaggle: Kaggle, waits: list[float], tmp_path: Path
) -> None:
    kaggle.archives[SPOOKY]["large.bin"] = random.Random(0).randbytes(5 << 20)
    kaggle.breaks = 10**6
    error = refused(tmp_path)
    assert error.code == "broken_transfer"
    assert "again" in error.mend
    assert len(waits) == 3
    kaggle.breaks = 0
    spooky(tmp_path)  # what had come before is still there
    assert kaggle.ranges[-1] > f"bytes={2 << 20}-"


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "no_credentials", "settings"),
        (403, "rules_not_accepted", f"/competitions/{SPOOKY}/rules"),
        (404, "not_found", f"/competitions/{SPOOKY}/data"),
        (418, "refused", f"/competitions/{SPOOKY}/data"),
    ],
)
def test_a_refusal_is_final(
    kaggle: Kaggle,
    waits: list[float],
    status: int,
    code: str,
    words: str,
    tmp_path: Path,
) -> None:
    kaggle.refusals[SPOOKY] = [status]
    error = refused(tmp_path)
    assert error.code == code
    assert words in error.mend
    assert words in error.url
    assert not waits
    assert len(kaggle.asked) == 1
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 our own
    assert (str(again), again.code, again.url) == (str(error), error.code, error.url)


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_is_waited_for(
    kaggle: Kaggle, waits: list[float], status: int, tmp_path: Path
) -> None:
    kaggle.refusals[SPOOKY] = [status, status, 200]
    spooky(tmp_path)
    assert len(waits) == 2
    assert waits[0] < waits[1]


def test_too_many_requests_are_not_made_more(
    kaggle: Kaggle, waits: list[float], tmp_path: Path
) -> None:
    kaggle.refusals[SPOOKY] = [429]
    kaggle.retry_after = "60"
    assert refused(tmp_path).code == "too_many_requests"
    assert waits == [60, 60, 60]
    kaggle.retry_after = "86400"
    assert refused(tmp_path).code == "too_many_requests"
    assert len(waits) == 3


@pytest.mark.usefixtures("kaggle", "client")
def test_without_a_token_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KAGGLE_API_TOKEN")
    error = refused(tmp_path)
    assert error.code == "no_credentials"
    assert "KAGGLE_API_TOKEN" in error.mend


@pytest.mark.usefixtures("kaggle")
def test_a_token_that_kaggle_refuses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KAGGLE_API_TOKEN", "another")
    assert refused(tmp_path).code == "no_credentials"


def test_a_token_in_a_file(kaggle: Kaggle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KAGGLE_API_TOKEN")
    folder = tmp_path / "home" / ".kaggle"
    folder.mkdir(parents=True)
    (folder / "access_token").write_text(kaggle.token)
    assert not spooky(tmp_path).already_there


def test_no_client_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_kaggle, "find_spec", lambda _: None)
    # Without a client there is not even what both clients bring along.
    for package in ("kaggle", "kagglehub", "requests"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(PrerequisiteError, match=r"^kagglehub, .*pip install 'mlegrade\[prepare\]'"):
        spooky(tmp_path)


def test_the_archive_is_kept_as_it_came(
    kaggle: Kaggle, client: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    del client
    spooky(tmp_path)
    (archive,) = (tmp_path / SPOOKY / "raw").iterdir()
    assert archive.name == f"{SPOOKY}.zip"
    assert archive.read_bytes() == kaggle.packed(SPOOKY)
    # Neither the archive nor what is made of it has the sums of the genuine one.
    both = rf"{SPOOKY}\.zip has not .* expected MD5 8f12d4f1f138.* public/.* expected MD5"
    with pytest.raises(ChecksumError, match=both):
        spooky(tmp_path, verify="bytes", force=True)
    # The files vouch for an archive that was packed anew.
    prepared = tmp_path / SPOOKY / "prepared"
    sums = {"private/test.csv": md5(prepared / "private" / "test.csv")}
    monkeypatch.setattr(_verify, "_expected", lambda *_, **__: sums)
    done = spooky(tmp_path, verify="bytes", force=True)
    assert done.repacked
    assert done.verified == 1
    assert spooky(tmp_path, verify="bytes").repacked
    # Without sums nothing does.
    monkeypatch.setattr(_verify, "_expected", lambda *_, **__: {})
    with pytest.raises(ChecksumError, match=rf"{SPOOKY}\.zip has not"):
        spooky(tmp_path, verify="bytes", force=True)


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("kind", ["text/html", "application/zip"])
def test_what_is_no_archive_is_not_kept(kaggle: Kaggle, kind: str, tmp_path: Path) -> None:
    kaggle.headers["Content-Type"] = kind
    kaggle.instead = b"<html>sign in</html>"
    error = refused(tmp_path)
    assert error.code == "no_data"
    assert f"/competitions/{SPOOKY}/data" in error.mend
    kaggle.headers.clear()
    kaggle.instead = None
    assert not spooky(tmp_path).already_there


@pytest.mark.parametrize("client", ["kaggle"], indirect=True)
@pytest.mark.usefixtures("client")
def test_half_a_file_of_the_older_client_is_not_taken(
    kaggle: Kaggle, waits: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    older = sys.modules["kaggle"].api
    whole = older.competition_download_files
    half = kaggle.packed(SPOOKY)[:-100]

    def broken(name: str, path: str, quiet: bool) -> None:
        del quiet
        (Path(path) / f"{name}.zip").write_bytes(half)
        raise requests.ConnectionError("it broke off")

    monkeypatch.setattr(older, "competition_download_files", broken)
    assert refused(tmp_path).code == "broken_transfer"
    monkeypatch.setattr(older, "competition_download_files", whole)
    assert not spooky(tmp_path).already_there
    assert len(waits) == 3


def test_a_sum_that_differs_is_a_broken_transfer(
    kaggle: Kaggle, waits: list[float], tmp_path: Path
) -> None:
    digest = base64.b64encode(hashlib.md5(kaggle.packed(SPOOKY)).digest()).decode()  # noqa: S324
    kaggle.headers["x-goog-hash"] = "crc32c=AAAA,md5=" + digest[::-1]
    assert refused(tmp_path).code == "broken_transfer"
    assert len(waits) == 3
    kaggle.headers["x-goog-hash"] = "crc32c=AAAA,md5=" + digest
    assert not spooky(tmp_path).already_there


def test_nothing_is_appended_to_another_version(
    kaggle: Kaggle, waits: list[float], tmp_path: Path
) -> None:
    kaggle.headers["ETag"] = "one"
    kaggle.archives[SPOOKY]["large.bin"] = random.Random(0).randbytes(5 << 20)
    kaggle.breaks = 10**6
    refused(tmp_path)
    kaggle.breaks = 0
    asked = len(kaggle.ranges)
    kaggle.headers["ETag"] = "two"
    kaggle.archives[SPOOKY]["large.bin"] = random.Random(1).randbytes(5 << 20)
    spooky(tmp_path)
    assert len(kaggle.ranges) == asked
    (archive,) = (tmp_path / SPOOKY / "raw").iterdir()
    assert archive.read_bytes() == kaggle.packed(SPOOKY)
    assert len(waits) == 3


@pytest.mark.parametrize("ranges", ["bytes", None])
def test_a_storage_without_ranges_begins_anew(
    kaggle: Kaggle, waits: list[float], ranges: str | None, tmp_path: Path
) -> None:
    kaggle.ranged = False
    kaggle.headers["Accept-Ranges"] = ranges
    kaggle.breaks = 1
    spooky(tmp_path)
    assert (tmp_path / SPOOKY / "raw" / f"{SPOOKY}.zip").read_bytes() == kaggle.packed(SPOOKY)
    assert len(waits) == 1


def test_a_transfer_that_drips_is_broken(
    kaggle: Kaggle, waits: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kaggle.pause = 0.02
    monkeypatch.setattr(_transfer, "_WHILE", 0.2)
    error = refused(tmp_path)
    assert "too slow" in error.what
    assert len(waits) == 3
    assert kaggle.asked


def test_a_disk_that_is_too_small_is_not_filled(
    kaggle: Kaggle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(_transfer.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(SetupError, match=r"No room for .* 10 are free.*--data-dir"):
        spooky(tmp_path)
    assert kaggle.asked


def test_a_file_that_comes_packed(kaggle: Kaggle, tmp_path: Path) -> None:
    RAWS[PIZZA].write(tmp_path / "pizza")
    kaggle.archives |= Kaggle.of({PIZZA: tmp_path / "pizza"}).archives
    kaggle.packs = True
    prepare(PIZZA, data_dir=tmp_path, verify="content", answers_only=True)
    found = {path.name for path in (tmp_path / PIZZA / "raw-answers").iterdir()}
    assert found == {"train.json.zip", "test.json.zip"}


def test_what_was_downloaded_for_the_answers_serves_again(kaggle: Kaggle, tmp_path: Path) -> None:
    spooky(tmp_path, answers_only=True)
    assert not spooky(tmp_path, answers_only=True, force=True).already_there
    assert len(kaggle.asked) == 1


@pytest.mark.usefixtures("kaggle")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("kaggle.json", b"{bad"),
        ("kaggle.json", b'{"username": "a"}'),
        ("access_token", b"a\nb"),
        ("access_token", b"\xff\xfe"),
        ("access_token", "\u043a".encode()),
        ("access_token/folder", b""),
    ],
)
def test_a_token_that_is_none(
    name: str, content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KAGGLE_API_TOKEN")
    path = tmp_path / "home" / ".kaggle" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    # It looks for the folder when it is imported.
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(tmp_path / "home" / ".kaggle"))
    error = refused(tmp_path)
    assert error.code == "no_credentials"
    assert "settings" in error.mend


def test_a_client_that_is_too_old(
    kaggle: Kaggle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "kagglesdk.kaggle_env", None)
    with pytest.raises(PrerequisiteError, match=r"kagglehub cannot be used .*--upgrade"):
        spooky(tmp_path)
    assert not kaggle.asked


def test_kaggles_own_machines_have_the_files(
    kaggle: Kaggle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    monkeypatch.setenv("KAGGLE_DATA_PROXY_URL", kaggle.address)
    monkeypatch.setattr("kagglehub.competition_download", lambda _: str(tmp_path / "made"))
    assert not spooky(tmp_path, keep_raw=False).already_there
    assert list((tmp_path / "made").iterdir())
    assert not kaggle.asked


def test_a_check_downloads_nothing(kaggle: Kaggle, waits: list[float]) -> None:
    access = _kaggle.check_access(SPOOKY)
    assert access.ok
    assert access.size == len(kaggle.packed(SPOOKY))
    kaggle.refusals[SPOOKY] = [403]
    access = _kaggle.check_access(SPOOKY)
    assert (access.ok, access.code) == (False, "rules_not_accepted")
    assert access.url.endswith(f"{SPOOKY}/rules")
    assert json.dumps(access.to_dict())
    assert _kaggle.check_access("nomad2018-predict-transparent-conductors").code == "not_found"
    kaggle.refusals[SPOOKY] = [429]
    assert _kaggle.check_access(SPOOKY).code == "too_many_requests"
    assert not waits
