"""The command ``export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo, echo_json, message, size_text, table
from mlegrade.cli._runs import parse_bytes, time_limit
from mlegrade.integrations.harbor.options import IMAGE, NETWORKS
from mlegrade.rewards import RewardKind

if TYPE_CHECKING:
    from mlegrade.integrations.harbor import Exported, TaskOptions

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    cls=Command,
    example="mlegrade export harbor optical-digits --data-dir data --wheel dist/mlegrade-*.whl "
    "--out tasks\n"
    "mlegrade export harbor --split lite --link --reward percentile --allow-host "
    "api.example.org --out tasks",
)
@click.argument("harness", metavar="harbor", type=click.Choice(("harbor",)))
@_options.competitions
@_options.split
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the tasks.",
)
@_options.data_dir
@click.option(
    "--link/--copy",
    default=False,
    help="Share the data with the data directory by hard links, or copy it (the default).",
)
@click.option("--force", is_flag=True, help="Replace tasks of other options or data.")
@click.option(
    "--reward",
    type=click.Choice(get_args(RewardKind)),
    default="any_medal",
    show_default=True,
    help="What counts as reward.",
)
@click.option(
    "--network",
    type=click.Choice(NETWORKS),
    default="none",
    show_default=True,
    help="The agent's network.",
)
@click.option(
    "--allow-host",
    "allowed_hosts",
    metavar="HOST",
    multiple=True,
    help="A host that the agent reaches nevertheless, such as its model's.",
)
@time_limit
@click.option(
    "--cpus",
    type=click.FloatRange(min=0, min_open=True),
    default=4,
    show_default=True,
    metavar="N",
    help="How many processors the agent may use.",
)
@click.option(
    "--memory",
    callback=parse_bytes,
    default="16g",
    show_default=True,
    metavar="SIZE",
    help="How much memory the agent may use.",
)
@click.option(
    "--disk",
    callback=parse_bytes,
    default="50g",
    show_default=True,
    metavar="SIZE",
    help="Room for what the agent writes; that for the data is added.",
)
@click.option(
    "--gpus",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="How many GPUs the agent gets.",
)
@click.option(
    "--image",
    default=IMAGE,
    show_default=True,
    metavar="IMAGE",
    help="What the agent's environment starts from.",
)
@click.option(
    "--dockerfile",
    type=_FILE,
    metavar="FILE",
    help="Lines of a Dockerfile that it starts from instead.",
)
@click.option(
    "--pip",
    "packages",
    metavar="PACKAGE",
    multiple=True,
    help="A package for the agent, such as torch==2.7.0; may be repeated.",
)
@click.option(
    "--validator/--no-validator",
    default=True,
    help="Have mlegrade in the agent's environment, to tell whether a file has the right form.",
)
@click.option("--obfuscated", is_flag=True, help="Hide the competition's title and origin.")
@click.option(
    "--wheel",
    type=_FILE,
    metavar="FILE",
    help="A wheel of mlegrade to install, by default this version from the package index.",
)
@click.option(
    "--verifier-image",
    default=IMAGE,
    show_default=True,
    metavar="IMAGE",
    help="What the verifier starts from.",
)
@_options.json_flag
def command(
    *,
    harness: str,
    competitions: tuple[str, ...],
    split: str | None,
    out: Path,
    data_dir: str | None,
    link: bool,
    force: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Write competitions as tasks of another harness: of Harbor.

    One folder each, with the public data and the instructions for the agent, and the answers for
    the verifier alone. The same command again continues where an interrupted one stopped.
    """
    del harness
    from mlegrade.cli._jobs import shown
    from mlegrade.competitions import get, ids
    from mlegrade.integrations.harbor import plan

    named = [*(get(name).id for name in competitions), *(ids(split) if split else ())]
    if not named:
        raise click.UsageError("name a competition, or use --split.")
    made = plan(
        named, out=out, data_dir=data_dir, options=_task_options(options), link=link, force=force
    )
    how, count = "link" if link else "copy", len(made.waiting)
    message(f"{size_text(made.total_bytes)} to {how} for {count} of {len(made.tasks)} tasks")
    with shown(count, quiet=as_json) as report:
        exported = made.write(report)
    if as_json:
        echo_json([each.to_dict() for each in exported])
    else:
        _show(exported, out)


def _task_options(given: dict[str, Any]) -> TaskOptions:
    from mlegrade.integrations.harbor import TaskOptions
    from mlegrade.runner import Limits

    limits = {name: given.pop(name) for name in ("cpus", "memory", "disk", "gpus")}
    try:
        return TaskOptions(limits=Limits(time=given.pop("time_limit"), **limits), **given)
    except ValueError as error:
        raise click.UsageError(f"{str(error).rstrip('.')}.") from error


def _show(exported: list[Exported], out: Path) -> None:
    table(
        ("task", "state", "bytes", "solution"),
        [
            (one.competition_id, one.state, size_text(one.bytes), "yes" if one.solution else "no")
            for one in exported
        ],
    )
    for one in exported:
        if one.why_no_solution:
            message(f"{one.competition_id}: {clean(one.why_no_solution)}")
    if sys.stdout.isatty():
        echo(f"next: harbor run --path {clean(str(out))} --agent oracle")
