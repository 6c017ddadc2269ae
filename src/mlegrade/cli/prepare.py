"""The command ``prepare``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from mlegrade.cli import _options
from mlegrade.cli._group import SETUP, Command
from mlegrade.cli._output import MARKS, echo, echo_json, style, table, wrapped

if TYPE_CHECKING:
    from mlegrade.cli._jobs import Outcome

_VERIFY = ("bytes", "content", "off")


@click.command(
    cls=Command,
    example="mlegrade prepare spooky-author --from downloads/spooky-author-identification\n"
    "mlegrade prepare --split lite --jobs 2\n"
    "mlegrade prepare --all --answers-only --no-keep-raw\n"
    "mlegrade prepare aerial-cactus --adopt /data/mle-bench",
)
@_options.competitions
@_options.split
@click.option("--all", "every", is_flag=True, help="All competitions that there are.")
@click.option(
    "--from",
    "source",
    metavar="PATH",
    help="A folder with the download, or the downloaded zip archive; for one competition.",
)
@click.option(
    "--adopt",
    metavar="PATH",
    help="Take over what MLE-bench has prepared: its data directory, or a folder with public and "
    "private.",
)
@_options.data_dir
@click.option(
    "--answers-only",
    is_flag=True,
    help="Make only what grading needs: the answers and the sample submission.",
)
@click.option(
    "--fixes",
    is_flag=True,
    help="Mend the leaks and errors that are known, in the folder `fixes` of the data directory.",
)
@click.option(
    "--verify",
    type=click.Choice(_VERIFY),
    default="bytes",
    show_default=True,
    help="Compare with known checksums, or look whether answers and samples fit.",
)
@click.option(
    "--keep-raw/--no-keep-raw",
    default=True,
    help="Keep the download when all is done and verified.",
)
@click.option(
    "--link/--copy",
    default=None,
    help="Share files with the download by hard links, or copy them; by default a download below "
    "the data directory is linked, and others are copied.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many competitions at a time.",
)
@click.option("--force", is_flag=True, help="Make anew what is already there.")
@_options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    /,
    competitions: tuple[str, ...],
    split: str | None,
    every: bool,
    source: str | None,
    adopt: str | None,
    data_dir: str | None,
    jobs: int,
    as_json: bool,
    **plan: Any,
) -> None:
    """Make public and private data of a Kaggle download.

    The download is looked for where --from says, else in COMPETITION/raw below the data directory;
    what is not there is downloaded to that folder. A competition that fails does not stop the
    others; exit code 3 tells that one did. What was begun can be run again: finished competitions
    are kept, broken downloads go on.
    """
    from mlegrade.cli._jobs import run_all
    from mlegrade.competitions import get, ids

    names = [get(name).id for name in competitions]
    names += ids(split) if split else []
    names += ids() if every else []
    names = list(dict.fromkeys(names))
    if not names:
        raise click.UsageError("name a competition, or use --split or --all.")
    if source is not None and len(names) > 1:
        raise click.UsageError("--from is for one competition: name no other.")
    if source is not None and adopt is not None:
        raise click.UsageError("--from and --adopt exclude each other.")
    if plan["verify"] == "off" and not plan["keep_raw"]:
        raise click.UsageError("--no-keep-raw removes nothing unverified: drop --verify off.")
    options = {"data_dir": data_dir, "source": source, "adopt": adopt, **plan}
    outcomes = run_all(names, options, jobs=jobs, quiet=as_json)
    if as_json:
        echo_json([outcome.to_dict() for outcome in outcomes])
    else:
        _show(outcomes)
    if any(outcome.error is not None for outcome in outcomes):
        ctx.exit(SETUP)


def _show(outcomes: list[Outcome]) -> None:
    """Print one table; for people, sentences are below it instead of in its columns."""
    people = sys.stdout.isatty()
    header = ["competition", "state", "verified"]
    rows = [[o.competition_id, o.state, o.verified] for o in outcomes]
    if not people or any(outcome.error is not None for outcome in outcomes):
        header += ["problem"]
        rows = [[*row, o.code] for row, o in zip(rows, outcomes, strict=True)]
    if not people:
        header += ["what is wrong", "next step"]
        rows = [[*row, *o.sentences] for row, o in zip(rows, outcomes, strict=True)]
    table(header, rows)
    for outcome in outcomes if people else ():
        if outcome.error is not None:
            echo(f"{style(MARKS['bad'], 'bad')}  {style(outcome.competition_id, 'strong')}")
            for line in wrapped(str(outcome.error)):
                echo(line)
