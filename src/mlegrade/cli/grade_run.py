"""The command ``grade-run``."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import echo_json
from mlegrade.cli._runs import exit_with, show, to_records


@click.command(cls=Command, example="mlegrade grade-run runs/baseline-1f6c22a0 --data-dir data")
@click.argument("group", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--data-dir", metavar="DIR", help="Where prepared data lives, by default where it was run with."
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many processes grade.",
)
@_options.json_flag
@click.pass_context
def command(
    ctx: click.Context, group: Path, data_dir: str | None, workers: int, as_json: bool
) -> None:
    """Grade what the runs of a group left behind, and their snapshots.

    GROUP is a folder that `mlegrade run` made. Each run gets report.json and snapshots.jsonl; a
    run that is not over yet, or that the set-up failed, gets none. Exit code 1 tells of a run that
    failed or whose submission is invalid, 3 of one that is not over or could not
    be graded.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from mlegrade.runner import grade_group

    several = workers > 1
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if several else None
    with pool or nullcontext():
        found = list(grade_group(group, data_dir=data_dir, executor=pool))
    if as_json:
        echo_json(to_records(found, graded=True))
    else:
        show(found, graded=True)
    exit_with(ctx, found)
