"""The command ``demo``."""

from __future__ import annotations

from shlex import join
from typing import TYPE_CHECKING

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo, echo_json, message, remark, style

if TYPE_CHECKING:
    from mlegrade.demo import Demo


@click.command(cls=Command, example="mlegrade demo\nmlegrade demo --data-dir data --json")
@click.option(
    "--data-dir", metavar="DIR", help="Keep data and submission there, not in a temporary folder."
)
@_options.json_flag
def command(data_dir: str | None, as_json: bool) -> None:
    """Grade submissions to a competition made on the spot.

    Prepares the built-in competition on handwritten digits, trains a baseline, validates and
    grades its submission, and shows what broken submissions get. Nothing is downloaded.
    """
    import sys

    from mlegrade.demo import run_demo

    if sys.stderr.isatty():
        message(style("preparing data, training a baseline ...", "faint"))
    demo = run_demo(data_dir)
    if as_json:
        echo_json(
            {
                "prepared": demo.prepared.to_dict(),
                "model": demo.model,
                "validation": demo.validation.to_dict(),
                "report": demo.report.to_dict(),
                "broken": {what: report.to_dict() for what, report in demo.broken.items()},
                "seconds": demo.seconds,
            }
        )
    else:
        _show(demo, kept=data_dir is not None)


def _show(demo: Demo, *, kept: bool) -> None:
    from mlegrade.cli._ladder import report_lines
    from mlegrade.competitions import get

    competition = get(demo.report.competition_id)
    verified = f"{demo.prepared.verified} files agree with their checksums"
    echo(f"{style('prepared', 'strong')}   {competition.name}: {verified}")
    echo(f"{style('trained', 'strong')}    {demo.model}, {competition.test_rows} test pictures")
    state = "valid" if demo.validation.ok else "invalid"
    echo(f"{style('validated', 'strong')}  {state}, without a look at the answers")
    echo(f"{style('graded', 'strong')}")
    echo()
    for line in report_lines(demo.report, competition):
        echo(line)
    echo()
    echo(style("broken submissions, and what they get", "strong"))
    for what, report in demo.broken.items():
        error = report.error or {}
        echo()
        echo(f"   {what}")
        for line in remark("bad", f"{error.get('code')}: {error.get('message')}"):
            echo(line)
    echo()
    if kept:
        folder = demo.prepared.folder.parent.parent
        words = (str(demo.report.submission_path), competition.id, "--data-dir", str(folder))
        echo(f"next: mlegrade grade {clean(join(words))}")
    else:
        echo("next: mlegrade list, mlegrade describe spooky-author, mlegrade doctor")
    echo(style(f"{demo.seconds:.1f} s", "faint"))
