"""The command ``run``."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import echo_json, message
from mlegrade.cli._runs import (
    Progress,
    exit_with,
    parse_bytes,
    parse_time,
    show,
    time_limit,
    to_records,
)

if TYPE_CHECKING:
    from mlegrade.runner import Agent

_MOST_SEEDS = 10_000


def _pair(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    del ctx
    for value in values:
        if "=" not in value:
            raise click.BadParameter(f"{value!r} is no NAME=VALUE.", param=param)
    return dict(value.split("=", 1) for value in values)


def _seeds(ctx: click.Context, param: click.Parameter, value: str) -> list[int]:
    """Return seeds: ``3`` are 0, 1 and 2; ``4,7`` are those two, and ``4,`` is that one."""
    del ctx
    try:
        if "," in value:
            seeds = [int(part) for part in value.split(",") if part.strip()]
        else:
            seeds = list(range(min(int(value), _MOST_SEEDS + 1)))
    except ValueError:
        seeds = []
    if len(seeds) > _MOST_SEEDS:
        raise click.BadParameter(f"at most {_MOST_SEEDS:,} seeds are run.", param=param)
    if not seeds or min(seeds) < 0:
        raise click.BadParameter("a number of seeds is needed, or a list like 3,4,5.", param=param)
    return seeds


def _forward(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[int, str]:
    from mlegrade.runner.relay import parse_forward

    try:
        return dict(map(parse_forward, values))
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


@click.command(
    cls=Command,
    example="mlegrade run --agent baseline --competitions optical-digits --seeds 3 "
    "--time-limit 10m \\\n    --data-dir data --out runs --engine local --grade\n"
    "mlegrade run --agent my-agent/ --split lite --seeds 3 --workers 4 --memory 32g --out runs",
)
@click.argument("more", metavar="[ID]...", nargs=-1, shell_complete=_options.complete_name)
@click.option(
    "--agent",
    required=True,
    metavar="AGENT",
    help="An agent that comes with mlegrade (dummy, baseline, ...) or a folder with agent.toml.",
)
@click.option(
    "--competitions",
    metavar="ID...",
    multiple=True,
    shell_complete=_options.complete_name,
    help="The competitions, separated by blanks or commas.",
)
@click.option("--split", metavar="NAME", help="All competitions of a split, such as lite.")
@click.option(
    "--seeds",
    default="1",
    show_default=True,
    metavar="N",
    callback=_seeds,
    help="How many seeds, counted from 0; or which: 3,4,5.",
)
@_options.data_dir
@click.option(
    "--out",
    required=True,
    metavar="RUNS",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of run groups.",
)
@click.option(
    "--group",
    metavar="NAME",
    help="The group's name, by default made of the agent and the options.",
)
@click.option(
    "--engine",
    type=click.Choice(("podman", "docker", "local")),
    default="podman",
    show_default=True,
    help="What runs the agent; local isolates nothing.",
)
@click.option("--image", metavar="IMAGE", help="An image to use instead of the agent's own.")
@click.option(
    "--env",
    "environment",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_pair,
    help="A variable for the agent; it is recorded, so it is no place for secrets.",
)
@time_limit
@click.option(
    "--grace",
    callback=parse_time,
    default="30s",
    show_default=True,
    metavar="TIME",
    help="How long an agent that is told to end may take to do so.",
)
@click.option(
    "--cpus",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="How many processors a run may use; by default all.",
)
@click.option(
    "--memory",
    callback=parse_bytes,
    metavar="SIZE",
    help="How much memory a run may use, such as 32g, swap included; by default all.",
)
@click.option(
    "--pids",
    type=click.IntRange(min=1),
    default=4096,
    show_default=True,
    metavar="N",
    help="How many processes and threads a run may have.",
)
@click.option(
    "--disk",
    callback=parse_bytes,
    default="100g",
    show_default=True,
    metavar="SIZE",
    help="How much a run may write to its folders.",
)
@click.option(
    "--gpus",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="How many GPUs each run gets.",
)
@click.option("--gpu-ids", metavar="ID,...", default="", help="The GPUs that the runs share.")
@click.option(
    "--network",
    default="none",
    show_default=True,
    metavar="none|NAME",
    help="The agent's network: none, or one of the engine's.",
)
@click.option(
    "--forward",
    metavar="PORT=HOST:PORT",
    multiple=True,
    callback=_forward,
    help="Lead a port of the agent's localhost to one address, also without network.",
)
@click.option("--obfuscated", is_flag=True, help="Hide the competition's title and origin.")
@click.option(
    "--snapshot-every",
    callback=parse_time,
    default="1h",
    show_default=True,
    metavar="TIME",
    help="How often the submission is looked at and kept, for medals over time.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many runs at a time.",
)
@click.option("--executor", metavar="dask://HOST:PORT", help="A cluster that runs them instead.")
@click.option(
    "--retry-failed", is_flag=True, help="Also run again what failed through the agent's own fault."
)
@click.option("--grade", is_flag=True, help="Grade the runs when all are over.")
@_options.json_flag
@click.pass_context
def command(ctx: click.Context, /, more: tuple[str, ...], **options: Any) -> None:
    """Run an agent on competitions, apart from the answers and against the clock.

    Each run gets a container with the public data, without network, and leaves a folder with its
    submission, code, logs and journal. The same command again continues where an interrupted one
    stopped. Exit code 1 tells of a run that failed or whose submission is invalid, 3 of one that
    the set-up failed, or that is not over, since another runner has it.
    """
    from mlegrade.runner import Limits, grade_group, run

    names = ("grace", "cpus", "memory", "pids", "disk", "gpus")
    try:
        limits = Limits(time=options["time_limit"], **{name: options[name] for name in names})
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    agent = _agent(options["agent"], options["environment"])
    competitions = _competitions(more, options["competitions"], options["split"])
    with ExitStack() as stack:
        # Whoever ends the runner with a signal wants its runs to end as well.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        stack.callback(signal.signal, signal.SIGTERM, before or signal.SIG_DFL)
        progress = stack.enter_context(Progress(live=sys.stderr.isatty()))
        executor = None
        if options["executor"]:
            from mlegrade.runner.executors import connect

            executor = stack.enter_context(connect(options["executor"], limits))
        group = run(
            agent,
            competitions,
            out=options["out"],
            data_dir=options["data_dir"],
            seeds=options["seeds"],
            limits=limits,
            engine=options["engine"],
            image=options["image"],
            network=options["network"],
            forward=options["forward"],
            obfuscated=options["obfuscated"],
            snapshot_every=options["snapshot_every"],
            gpu_ids=[part.strip() for part in options["gpu_ids"].split(",") if part.strip()],
            group=options["group"],
            retry_failed=options["retry_failed"],
            workers=options["workers"],
            executor=executor,
            progress=progress,
        )
    graded = options["grade"]
    found = (
        list(grade_group(group, data_dir=options["data_dir"]))
        if graded
        else [(state, None) for state in group.runs()]
    )
    if options["as_json"]:
        records = to_records(found, graded=graded)
        echo_json({"group": group.name, "folder": str(group.folder), "runs": records})
    else:
        show(found, graded=graded)
        message(f"{group.folder}")
    exit_with(ctx, found)


def _agent(name: str, environment: dict[str, str]) -> Agent:
    from mlegrade.runner.agent import check_environment, get_agent

    agent = get_agent(name)
    try:
        check_environment(environment)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--env'") from error
    return replace(agent, environment={**agent.environment, **environment})


def _competitions(more: tuple[str, ...], named: tuple[str, ...], split: str | None) -> list[str]:
    from mlegrade.competitions import get, ids

    words = [word for text in (*named, *more) for word in text.replace(",", " ").split()]
    if split is not None and words:
        raise click.UsageError("name competitions or a --split, not both.")
    try:
        found = ids(split) if split else [get(word).id for word in words]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--split'") from error
    if not found:
        raise click.UsageError("name --competitions or a --split.")
    return list(dict.fromkeys(found))
