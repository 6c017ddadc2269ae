"""The command ``synth``."""

from __future__ import annotations

from pathlib import Path
from shlex import join

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo, echo_json, style


@click.command(
    cls=Command,
    example="mlegrade synth spooky-author --rows 200 --out data\n"
    "mlegrade grade data/spooky-author-identification/submissions/plausible.csv spooky "
    "--data-dir data",
)
@click.argument(
    "competitions",
    metavar="COMPETITION...",
    nargs=-1,
    required=True,
    shell_complete=_options.complete_name,
)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data directory to write into.",
)
@click.option(
    "--rows",
    type=click.IntRange(1, 1_000_000),
    default=50,
    show_default=True,
    metavar="N",
    help="About how many rows the answers get.",
)
@click.option("--seed", default=0, show_default=True, metavar="N", help="Another seed, other data.")
@_options.json_flag
def command(competitions: tuple[str, ...], out: Path, rows: int, seed: int, as_json: bool) -> None:
    """Write synthetic data in which grading and running agents work.

    Public and private data as a preparer would leave them, and submissions from right to broken:
    for trying an integration with all competitions without a download.
    """
    from mlegrade.competitions import get
    from mlegrade.testing import write_data_dir

    written = [
        write_data_dir(competition, out, rows=rows, seed=seed)
        for competition in [get(name) for name in competitions]
    ]
    if as_json:
        echo_json(
            [
                {
                    "competition_id": each.competition_id,
                    "data_dir": str(each.data_dir),
                    "submissions": str(each.submissions),
                }
                for each in written
            ]
        )
        return
    for each in written:
        echo(f"{style(each.competition_id, 'strong')}  {clean(str(each.submissions))}")
    words = (str(written[0].submissions / "plausible.csv"), written[0].competition_id)
    echo(f"next: mlegrade grade {clean(join((*words, '--data-dir', str(out))))}")
