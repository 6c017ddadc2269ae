"""What the commands about runs share: durations and sizes, progress, the table of runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

import click

from mlegrade.cli._group import INVALID, SETUP
from mlegrade.cli._ladder import number
from mlegrade.cli._output import clean, message, table
from mlegrade.report import GradeFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from rich.live import Live
    from rich.table import Table

    from mlegrade.report import GradeReport
    from mlegrade.runner import RunState

    Graded = tuple[RunState, GradeReport | GradeFailure | None]

__all__ = [
    "Progress",
    "duration",
    "exit_with",
    "parse_bytes",
    "parse_time",
    "show",
    "time_limit",
    "to_records",
]

_GOING_ON = {"queued", "running"}
_ORDER = ("running", "queued", "finished", "timed_out", "failed")
_STYLES = {"running": "cyan", "finished": "green", "failed": "red", "timed_out": "yellow"}


def parse_time(ctx: click.Context, param: click.Parameter, value: str) -> float:
    """Return the seconds of an option's text."""
    from mlegrade.runner.limits import parse_duration

    return _parsed(parse_duration, value, ctx, param)


def parse_bytes(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Return the bytes of an option's text, if there is one."""
    from mlegrade.runner.limits import parse_size

    return None if value is None else int(_parsed(parse_size, value, ctx, param))


time_limit = click.option(
    "--time-limit",
    callback=parse_time,
    default="24h",
    show_default=True,
    metavar="TIME",
    help="How long a run may take, such as 90s, 15m or 1h30m.",
)


def _parsed(
    parse: Callable[[str], float], value: str, ctx: click.Context, param: click.Parameter
) -> float:
    try:
        return parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


class Progress:
    """Shows where runs stand: a live table on a terminal, else a line for each change.

    Parameters
    ----------
    live : bool
        Whether messages go to a terminal.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._shown: dict[object, tuple[str, int]] = {}
        self._display: Live | None = None
        self._runs: Sequence[RunState] = ()
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        if self._live:
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True)
            self._display = Live(get_renderable=self._table, console=console, refresh_per_second=2)
            self._display.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._display is not None:
            self._display.stop()

    def __call__(self, runs: Sequence[RunState]) -> None:
        """Show the states of runs."""
        self._runs = runs
        if self._live:
            return
        for run in runs:
            now = (run.state, int(run.record.get("attempt", 1)))
            if self._shown.get(run.folder, ("queued", 1)) != now:
                reason = f"  {clean(run.reason)}" if run.reason else ""
                message(f"{run.state:<10}{clean(run.competition_id)} seed {run.seed}{reason}")
            self._shown[run.folder] = now

    def _table(self) -> Table:
        """Return the runs that run, and how many there are in each state."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        counts = {state: sum(run.state == state for run in self._runs) for state in _ORDER}
        said = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        drawn = Table(
            box=SIMPLE_HEAD,
            header_style="dim",
            pad_edge=False,
            caption=f"{said or 'planning'}; {duration(time.monotonic() - self._since)}",
            caption_justify="left",
        )
        for name in ("competition", "seed", "state", "for"):
            drawn.add_column(name, justify="right" if name in {"seed", "for"} else "left")
        for run in self._runs:
            if run.state == "running":
                state = Text(run.state, _STYLES[run.state])
                seconds = _running_for(run)
                drawn.add_row(clean(run.competition_id), str(run.seed), state, seconds)
        return drawn


def _running_for(run: RunState) -> str:
    from datetime import UTC, datetime

    started = datetime.fromisoformat(str(run.record["started_at"]))
    return duration((datetime.now(UTC) - started).total_seconds())


def duration(seconds: float | None) -> str:
    """Return seconds as people write them."""
    if seconds is None:
        return "-"
    hours, rest = divmod(round(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    if hours:
        return f"{hours}h{minutes:02}m"
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"


def show(found: Sequence[Graded], *, graded: bool) -> None:
    """Print the runs."""
    grades = ("medal", "score") if graded else ()
    rows = []
    for run, report in found:
        row = [run.state, *(_grade(report) if graded else ()), clean(run.competition_id)]
        rows.append([*row, str(run.seed), duration(run.record.get("elapsed")), _reason(run)])
    table(("state", *grades, "competition", "seed", "time", "reason"), rows)


def _reason(run: RunState) -> str:
    return clean(run.reason or "-")


def _grade(report: GradeReport | GradeFailure | None) -> tuple[str, str]:
    if report is None:
        return "-", "-"
    if isinstance(report, GradeFailure):
        return f"failed: {report.error['code']}", "-"
    if not report.valid_submission:
        return f"invalid: {report.error['code']}" if report.error else "invalid", "-"
    return report.medal.value if report.medal else "no medal", number(report.score)


def to_records(found: Sequence[Graded], *, graded: bool) -> list[dict[str, Any]]:
    """Return the runs as JSON-compatible data."""
    records = []
    for run, report in found:
        extra = {"report": report.to_dict() if report else None} if graded else {}
        records.append(run.to_dict() | extra)
    return records


def exit_with(ctx: click.Context, found: Sequence[Graded]) -> None:
    """End with the exit code that says how runs went."""
    failures = [report for _, report in found if isinstance(report, GradeFailure)]
    for failure in failures:
        message(f"{clean(failure.competition_id)}: {clean(str(failure.error['message']))}")
    setup = any(run.record.get("fault") == "setup" for run, _ in found)
    going_on = sum(run.state in _GOING_ON for run, _ in found)
    if going_on:
        message(f"not over, of {len(found)} runs: {going_on}. Another runner has or had them.")
    if failures or setup or going_on:
        ctx.exit(SETUP)
    invalid = any(report is not None and not report.valid_submission for _, report in found)  # type: ignore[union-attr]
    if invalid or any(run.state == "failed" for run, _ in found):
        ctx.exit(INVALID)
