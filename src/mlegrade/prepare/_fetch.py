"""Files that a split needs from elsewhere than Kaggle."""

from __future__ import annotations

import shutil
import urllib.request
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPException
from time import sleep
from typing import TYPE_CHECKING
from urllib.error import HTTPError

from mlegrade.errors import DownloadError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["fetch"]

_PAUSES = (2.0, 10.0)  # seconds before the tries that follow
_TIMEOUT = 60.0


def fetch(url: str, target: Path) -> None:
    """Download a file of moderate size; a few tries, where trying again can help.

    Parameters
    ----------
    url : str
        Its address.
    target : Path
        The file to make.

    Raises
    ------
    DownloadError
        If it cannot be had.
    """
    partial = target.with_name(f"{target.name}.partial")
    for pause in (*_PAUSES, None):
        try:
            # Addresses stand in preparers; they are not made of data.
            with urllib.request.urlopen(url, timeout=_TIMEOUT) as content, partial.open("wb") as f:  # noqa: S310
                shutil.copyfileobj(content, f)
                # Whoever reads piece by piece is not told of an end that comes too early.
                _require_length(f.tell(), content.headers.get("Content-Length"))
        except (OSError, HTTPException) as error:
            passing = not isinstance(error, HTTPError) or _may_pass(error.code)
            with suppress(AttributeError):
                error.close()  # type: ignore[union-attr]
            if pause is None or not passing:
                raise DownloadError(
                    "not_fetched",
                    f"{url} cannot be downloaded ({error}).",
                    f"Download it in another way, and put it as {target.name} beside the raw "
                    "files.",
                    url,
                ) from error
            sleep(pause)
        else:
            partial.replace(target)
            return


def _require_length(found: int, told: str | None) -> None:
    if told is not None and found != int(told):
        raise HTTPException(f"it ended after {found:,} of {int(told):,} bytes")


def _may_pass(status: int) -> bool:
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
