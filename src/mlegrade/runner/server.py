"""The validation server: says whether a submission's form is right, and knows no answers.

``POST /validate`` takes a file (multipart, field ``file``), ``GET /health`` says that the server
runs. The runner starts one for each run, in a process of its own that ends with the runner.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.errors import PrerequisiteError
from mlegrade.runner.files import append_json
from mlegrade.runner.journal import now
from mlegrade.runner.uploads import Body, Refusal, Refused, read_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from mlegrade.competitions import Competition
    from mlegrade.report import Validation
    from mlegrade.schema.sources import Source

__all__ = ["RATE", "Validator", "application", "require", "serve", "tell"]

RATE = 20
"""How many calls a minute are answered."""

_LOGGED = 100_000


def require() -> None:
    """Raise `PrerequisiteError` if the packages that the server needs are not installed."""
    try:
        import python_multipart  # noqa: F401, PLC0415 comes with the extra
        import starlette  # noqa: F401, PLC0415 comes with the extra
        import uvicorn  # noqa: F401, PLC0415 comes with the extra
    except ImportError as error:
        raise PrerequisiteError(
            f"the validation server needs {error.name}: pip install 'mlegrade[runner]'"
        ) from error


class Validator:
    """Checks submissions against the public sample submission, which is read once.

    Parameters
    ----------
    competition : Competition
        The competition.
    sample : path or None
        The sample submission; without one, all but the rows is checked.
    """

    def __init__(self, competition: Competition, sample: Path | None) -> None:
        from mlegrade.grading import expected_rows, size_limit  # noqa: PLC0415 loads numpy

        self.competition = competition
        self._rows = None if sample is None else expected_rows(competition, sample)
        self.max_bytes = size_limit(self._rows)

    def __call__(self, content: Source) -> Validation:
        """Return what is wrong with a submission."""
        from mlegrade.grading import check_form  # noqa: PLC0415 loads numpy

        return check_form(content, self.competition, self._rows)


class _Calls:
    """How often the server may still be called, and the log of its calls."""

    def __init__(self, rate: int, log: Path | None) -> None:
        self._rate = rate
        self._tokens = float(rate)
        self._at = time.monotonic()
        self._log = log
        self._lines = 0
        self._refused = 0

    def take(self) -> None:
        """Take one call; refuse it if there were too many."""
        at = time.monotonic()
        gained = (at - self._at) * self._rate / 60
        # Rounded: a call that is due is not refused for the last bit of a sum.
        self._tokens, self._at = min(round(self._tokens + gained, 6), self._rate), at
        if self._tokens < 1:
            self._refused += 1
            wait = str(math.ceil(round((1 - self._tokens) * 60 / self._rate, 3)))
            text = f"Too many calls: {self._rate} a minute are answered. Try again in {wait} s."
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, text, headers={"Retry-After": wait})
        self._tokens -= 1

    def note(self, **facts: Any) -> None:
        """Write a line of the log; calls that came too often are counted in the next one."""
        self._lines += 1
        if self._log is not None and self._lines <= _LOGGED:
            append_json(self._log, {"at": now(), "refused_before": self._refused, **facts})
            self._refused = 0


def application(validator: Validator, *, log: Path | None = None, rate: int = RATE) -> Starlette:
    """Return the server's application.

    Parameters
    ----------
    validator : Validator
        What checks submissions.
    log : path, optional
        A JSON Lines file: one line a call, with the submission's size and hash.
    rate : int, optional
        How many calls a minute are answered.
    """
    from starlette.applications import Starlette  # noqa: PLC0415 comes with the extra
    from starlette.concurrency import run_in_threadpool  # noqa: PLC0415 comes with the extra
    from starlette.responses import JSONResponse  # noqa: PLC0415 comes with the extra
    from starlette.routing import Route  # noqa: PLC0415 comes with the extra

    calls = _Calls(rate, log)
    turn = asyncio.Lock()

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "running"})

    async def validate(request: Request) -> Response | Refused:
        body = Body(request.receive, validator.max_bytes)
        try:
            calls.take()
            content = await read_file(request, body)
        except Refusal as refusal:
            if refusal.status != HTTPStatus.TOO_MANY_REQUESTS:  # they are counted
                calls.note(ok=None, refused=refusal.status)
            answer = {"result": str(refusal), "ok": None}
            return Refused(JSONResponse(answer, refusal.status, refusal.headers), body)
        async with turn:
            begin = time.perf_counter()
            result = await run_in_threadpool(validator, content)
            seconds = round(time.perf_counter() - begin, 3)
        calls.note(
            ok=result.ok,
            codes=[problem["code"] for problem in result.problems],
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            seconds=seconds,
        )
        return JSONResponse(_answer(result))

    routes = [Route("/health", health), Route("/validate", validate, methods=["POST"])]
    return Starlette(routes=routes)


def _answer(result: Validation) -> dict[str, Any]:
    """Return the answer: ``result`` is a text, as agents written for MLE-bench expect."""
    problems = [dict(problem) for problem in result.problems]
    return {"result": tell(result), "ok": result.ok, "problems": problems}


def tell(result: Validation) -> str:
    """Return what a check has found, in words for an agent."""
    said = " ".join(str(problem["message"]) for problem in result.problems)
    return "The submission is valid." if result.ok else f"The submission is invalid: {said}"


def serve(app: Starlette, sockets: Sequence[socket.socket]) -> None:
    """Serve an application on open sockets, until the process is told to end."""
    import uvicorn  # noqa: PLC0415 comes with the extra

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, limit_concurrency=64, lifespan="off"
    )
    uvicorn.Server(config).run(sockets=list(sockets))


@dataclass(frozen=True, slots=True)
class _Options:
    """What the runner's own servers are started with."""

    descriptor: int
    competition: str
    folder: str | None
    sample: str | None
    log: str | None
    rate: int


def _main(options: _Options) -> None:
    threading.Thread(target=_end_with_runner, daemon=True).start()
    from mlegrade.competitions import get, register  # noqa: PLC0415 after the watch has begun

    competition = register(options.folder) if options.folder else get(options.competition)
    validator = Validator(competition, Path(options.sample) if options.sample else None)
    log = Path(options.log) if options.log else None
    app = application(validator, log=log, rate=options.rate)
    serve(app, [socket.socket(fileno=options.descriptor)])


def _end_with_runner() -> None:
    """End this process when its standard input closes: the runner holds the other end."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)


if __name__ == "__main__":
    _main(_Options(**json.loads(sys.argv[1])))
