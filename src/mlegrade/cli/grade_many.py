"""The command ``grade-many``."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import click

from mlegrade.cli import _options
from mlegrade.cli._group import INVALID, SETUP, Command
from mlegrade.cli._ladder import number
from mlegrade.cli._output import clean, echo, echo_json, message, table, to_json
from mlegrade.cli._records import read_items, write_reports
from mlegrade.report import GradeFailure, GradeReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor
    from pathlib import Path

_Report: TypeAlias = GradeReport | GradeFailure

_READ = ("submission", "submission_path", "answers")
_VERDICTS = ("gold", "silver", "bronze", "no medal", "invalid", "failed")


@click.command(
    cls=Command, example="mlegrade grade-many runs.jsonl --workers 4 --out reports.jsonl"
)
@click.argument("file", type=click.File(encoding="utf-8"))
@_options.data_dir
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many processes grade.",
)
@click.option(
    "--jsonl", "as_lines", is_flag=True, help="Print one JSON object a line, as they come."
)
@click.option(
    "--out",
    type=_options.OUT_FILE,
    metavar="FILE",
    help="Also write the reports there, whole or not at all: as JSON Lines, or as a JSON array "
    "if FILE ends in .json.",
)
@_options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    file: IO[str],
    data_dir: str | None,
    workers: int,
    as_lines: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Grade the submissions that a JSON Lines file names.

    Each line of FILE is an object with submission_path and competition_id, and optionally
    answers, meta and seed; `-` reads the standard input. The order is kept. Exit code 1 tells of an
    invalid submission, 3 of one that could not be graded.
    """
    _options.one_form(json=as_json, jsonl=as_lines)
    items = read_items(file)
    read = [file.name, *(item.get(name) for item in items for name in _READ)]
    _options.refuse_to_replace(out, [path for path in read if isinstance(path, str)])
    from mlegrade.batch import grade_many

    counts: Counter[str] = Counter()
    kept: list[dict[str, Any]] = []
    waiting: list[str] = []
    with _pool(workers) as executor:
        reports = grade_many(items, executor=executor, data_dir=data_dir)
        tell: Callable[[str], None] = message
        if sys.stderr.isatty() and not (as_lines and sys.stdout.isatty()):
            reports = _with_progress(reports, len(items))
            tell = waiting.append  # a line of progress is no place for messages
        noted = _noted(reports, counts, None if out is None else kept, tell)
        if as_lines:
            for report in noted:
                echo(to_json(report.to_dict(), indent=None))
        elif as_json:
            echo_json([report.to_dict() for report in noted])
        else:
            table(("result", "score", "competition", "submission"), map(_row, noted))
    for text in waiting:
        message(text)
    if out is not None:
        write_reports(out, kept)
    message(_tally(counts))
    if counts["failed"] or counts["invalid"]:
        ctx.exit(SETUP if counts["failed"] else INVALID)


@contextmanager
def _pool(workers: int) -> Iterator[Executor | None]:
    """Give an executor, or none for one worker; what waits in it is dropped on the way out."""
    if workers == 1:
        yield None
        return
    from mlegrade.cli._processes import Processes

    pool = Processes(workers)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _with_progress(reports: Iterable[_Report], total: int) -> Iterator[_Report]:
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return iter(track(reports, "Grading", total=total, console=console, transient=True))


def _noted(
    reports: Iterable[_Report],
    counts: Counter[str],
    kept: list[dict[str, Any]] | None,
    tell: Callable[[str], None],
) -> Iterator[_Report]:
    """Pass reports on; count them, keep them, and say which could not be graded."""
    for report in reports:
        counts[_verdict(report)] += 1
        if kept is not None:
            kept.append(report.to_dict())
        if isinstance(report, GradeFailure):
            name = report.submission_path or report.competition_id
            tell(f"{clean(name)}: {clean(str(report.error['message']))}")
        yield report


def _verdict(report: _Report) -> str:
    if isinstance(report, GradeFailure):
        return "failed"
    if not report.valid_submission:
        return "invalid"
    return report.medal.value if report.medal else "no medal"


def _row(report: _Report) -> tuple[str, str, str, str]:
    verdict = _verdict(report)
    if report.error:
        verdict = f"{verdict}: {report.error['code']}"
    score = "-" if isinstance(report, GradeFailure) else number(report.score)
    return verdict, score, clean(report.competition_id), clean(report.submission_path or "-")


def _tally(counts: Counter[str]) -> str:
    found = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _VERDICTS if counts[verdict])
    return f"{counts.total()} submissions: {found}." if found else "no submissions."
