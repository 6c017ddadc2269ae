"""What goes wrong between Kaggle and us: codes, and what to do about each."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, NamedTuple

from mlegrade.errors import DownloadError
from mlegrade.prepare._transfer import BrokenTransferError

__all__ = ["PASSING", "Judged", "judge", "trouble"]

PASSING = {"broken_transfer", "kaggle_is_down", "too_many_requests"}
"""What trying again can help against."""

_PAGE = "https://www.kaggle.com/competitions/{id}/data"
_RULES = "https://www.kaggle.com/competitions/{id}/rules"
_TOKEN = "https://www.kaggle.com/settings/api"  # noqa: S105 an address
_AGAIN = "run the command again: it goes on where it stopped."

# What is wrong, what to do next, the address to visit.
_TEXTS = {
    "no_credentials": (
        "Kaggle does not know who wants {id}: there is no valid token{detail}.",
        "Make one at {url} and put it into ~/.kaggle/access_token or $KAGGLE_API_TOKEN.",
        _TOKEN,
    ),
    "rules_not_accepted": (
        "Kaggle does not hand out {id}: its rules have not been accepted (or cannot be).",
        f"Accept them at {{url}}; where that page has no button, at {_PAGE}.",
        _RULES,
    ),
    "not_found": (
        "Kaggle has no data of {id}.",
        "Look at {url}; data from elsewhere is taken by `--from` or `--adopt`.",
        _PAGE,
    ),
    "too_many_requests": (
        "Kaggle has had too many requests to hand out {id} now.",
        f"Wait an hour, then {_AGAIN}",
        _PAGE,
    ),
    "kaggle_is_down": (
        "Kaggle failed to hand out {id} (status {status}).",
        f"Wait, then {_AGAIN}",
        _PAGE,
    ),
    "refused": (
        "Kaggle does not hand out {id} (status {status}).",
        "Look at {url}.",
        _PAGE,
    ),
    "no_data": (
        "instead of the data of {id} came {detail}.",
        "Look at {url}, and whether something stands between this machine and Kaggle.",
        _PAGE,
    ),
    "broken_transfer": (
        "the transfer of {id} broke off ({detail}).",
        f"Look at the network, then {_AGAIN}",
        _PAGE,
    ),
}
_CODES = {
    HTTPStatus.UNAUTHORIZED: "no_credentials",
    HTTPStatus.FORBIDDEN: "rules_not_accepted",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many_requests",
}


class Judged(NamedTuple):
    """What an exception of the clients comes to."""

    code: str
    status: int | None = None
    wait: float = 0.0
    detail: str = ""


def trouble(
    code: str, competition_id: str, status: int | None = None, *, detail: str = ""
) -> DownloadError:
    """Return an error with its texts."""
    what, mend, url = _TEXTS[code]
    url = url.format(id=competition_id)
    words = {"id": competition_id, "url": url, "status": status, "detail": detail}
    return DownloadError(code, what.format(**words), mend.format(**words), url)


def judge(error: Exception) -> Judged:
    """Return the code of an exception of the clients, its status, and the wait it asks for."""
    response: Any = getattr(error, "response", None)
    status = getattr(response, "status_code", getattr(error, "status", None))
    if status is None:
        told = isinstance(error, BrokenTransferError)
        return Judged("broken_transfer", detail=str(error) if told else type(error).__name__)
    wait = str(getattr(response, "headers", {}).get("Retry-After", ""))
    down = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    code = "kaggle_is_down" if down else _CODES.get(status, "refused")
    return Judged(code, int(status), float(wait) if wait.isdigit() else 0.0)
