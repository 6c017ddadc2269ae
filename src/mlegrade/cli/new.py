"""The command ``new``."""

from __future__ import annotations

from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._ladder import number
from mlegrade.cli._output import MARKS, clean, echo, echo_json, style

if TYPE_CHECKING:
    from mlegrade.scaffold import Made

_SHOWN = 6


@click.command(
    cls=Command,
    example="mlegrade new coin-toss\n"
    "mlegrade new house-prices --answers test.csv --metric root_mean_squared_error",
)
@click.argument("competition_id", metavar="ID")
@click.option("--answers", metavar="FILE", help="Its answers: the key first, then what to predict.")
@click.option("--metric", metavar="NAME", help="Its metric, such as roc_auc or log_loss.")
@_options.json_flag
def command(competition_id: str, answers: str | None, metric: str | None, as_json: bool) -> None:
    """Make a package for a competition of your own.

    A folder called ID, which works as it is, once it is installed. What submissions look like is
    guessed from the answers and the metric, and tried: the answers themselves get a perfect score.
    """
    from mlegrade.scaffold import make

    if (answers is None) != (metric is None):
        raise click.UsageError("--answers and --metric go together.")
    given = {} if answers is None or metric is None else {"answers": answers, "metric": metric}
    made = make(competition_id, Path(competition_id), **given)
    if as_json:
        echo_json(made.to_dict())
    else:
        _show(made, answers)


def _show(made: Made, answers: str | None) -> None:
    home = made.folder / "src" / made.module
    echo(f"{style(made.competition_id, 'strong')}  {home}")
    columns = made.schema["columns"]
    for column in columns[:_SHOWN]:
        echo(f"   {clean(column['name'])}: {column['description']}")
    if len(columns) > _SHOWN:
        echo(f"   ... and {len(columns) - _SHOWN} columns more")
    words = ["describe", made.competition_id]
    if answers is not None:
        mark = style(MARKS["good"], "good")
        echo(f"{mark}  as a submission, the answers get {number(made.score)}: perfect")
        words = ["grade", answers, made.competition_id, "--answers", answers]
    echo(f"next: pip install -e {made.folder} && mlegrade {clean(join(words))}")
