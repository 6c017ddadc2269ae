"""Competitions prepared one after the other or at the same time, with bars on a terminal."""

from __future__ import annotations

import queue
import sys
import threading
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from mlegrade.cli._output import clean
from mlegrade.errors import MlegradeError, SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mlegrade.prepare import Prepared

    Report = Callable[[str, str, int, int], None]

__all__ = ["Outcome", "run_all", "shown"]

_BYTES = {"copying", "downloading"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What preparing one competition came to: a result, or an error."""

    competition_id: str
    prepared: Prepared | None = None
    error: Exception | None = None

    @property
    def state(self) -> str:
        """The state in a word or two."""
        if self.prepared is None:
            return "failed"
        return "already there" if self.prepared.already_there else "prepared"

    @property
    def verified(self) -> str:
        """How much was verified, and how."""
        done = self.prepared
        if done is None:
            return ""
        kinds = {"bytes": "checksums", "content": "files by content"}
        verified = f"{done.verified} {kinds[done.how]}" if done.verified else "nothing"
        return f"{verified}, of an archive packed anew" if done.repacked else verified

    @property
    def code(self) -> str:
        """The stable name of what went wrong; empty if nothing did."""
        if self.error is None:
            return ""
        return getattr(self.error, "code", "") or type(self.error).__name__

    @property
    def sentences(self) -> tuple[str, str]:
        """What is wrong, and what to do next."""
        if isinstance(self.error, SetupError):
            return self.error.what, self.error.mend
        return str(self.error or ""), ""

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        if self.prepared is not None:
            return self.prepared.to_dict()
        error = {
            "code": self.code,
            "message": str(self.error),
            "next": self.sentences[1],
            "url": getattr(self.error, "url", ""),
        }
        return {"competition_id": self.competition_id, "failure": True, "error": error}


def run_all(
    names: Sequence[str], options: dict[str, Any], *, jobs: int, quiet: bool
) -> list[Outcome]:
    """Prepare competitions; one that fails does not stop the others.

    Parameters
    ----------
    names : sequence of str
        The ids.
    options : dict
        The arguments of `mlegrade.prepare.prepare`.
    jobs : int
        How many at a time.
    quiet : bool
        Whether no progress is shown.

    Returns
    -------
    list of Outcome
        In the order of the names.
    """
    waiting: queue.SimpleQueue[tuple[Future[Outcome], str]] = queue.SimpleQueue()
    futures: list[Future[Outcome]] = [Future() for _ in names]
    for item in zip(futures, names, strict=True):
        waiting.put(item)
    with shown(len(names), quiet=quiet) as report:

        def work() -> None:
            with suppress(queue.Empty):
                while _settle(*waiting.get_nowait(), options, report):
                    pass

        # Not joined when the program is interrupted: a half-made result is in nobody's way.
        for _ in range(min(jobs, len(names))):
            threading.Thread(target=work, daemon=True).start()
        return [future.result() for future in futures]


def _settle(future: Future[Outcome], name: str, options: dict[str, Any], report: Report) -> bool:
    """Prepare a competition; return False if that ended in a fault of ours."""
    try:
        outcome = _run(name, options, report)
    except BaseException as error:  # noqa: BLE001 for whoever waits for the result
        future.set_exception(error)
        return False
    report(name, outcome.state, -1, 0)
    future.set_result(outcome)
    return True


def _run(name: str, options: dict[str, Any], report: Report) -> Outcome:
    from mlegrade.prepare import prepare

    def progress(what: str, done: int, total: int) -> None:
        report(name, what, done, total)

    try:
        return Outcome(name, prepare(name, progress=progress, **options))
    except (MlegradeError, OSError) as error:
        return Outcome(name, error=error)


@contextmanager
def shown(count: int, *, quiet: bool) -> Iterator[Report]:
    """Show progress on the standard error: bars on a terminal, else a line a competition."""
    if quiet:
        yield _nothing
    elif sys.stderr.isatty():
        with _bars() as report:
            yield report
    else:
        with _lines(count) as report:
            yield report


def _nothing(name: str, what: str, done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def _lines(count: int) -> Iterator[Report]:
    ended = 0
    stream = sys.stderr  # whoever redirects it meanwhile, for a client of Kaggle, means no lines

    def report(name: str, what: str, done: int, total: int) -> None:
        nonlocal ended
        del total
        if done < 0:
            ended += 1
            click.echo(f"{ended}/{count}  {name}  {what}", file=stream)

    yield report


@contextmanager
def _bars() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"))
    # Its own stream: whoever redirects the standard error meanwhile does not mean the bars.
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def report(name: str, what: str, done: int, total: int) -> None:
            if done < 0:
                if name in tasks:
                    bars.remove_task(tasks.pop(name))
                return
            if name not in tasks:
                tasks[name] = bars.add_task("", count="")
            unit, count = (" MB", 1e6) if what in _BYTES else ("", 1)
            text = f"{done / count:,.0f}{unit}" + (
                f" of {total / count:,.0f}{unit}" if total else ""
            )
            bars.update(
                tasks[name],
                description=clean(f"{name}: {what}"),
                completed=done,
                total=total or None,
                count=text if total or what in _BYTES else "",
            )

        yield report
