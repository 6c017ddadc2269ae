"""The command ``grade``."""

from __future__ import annotations

import click

from mlegrade.cli import _options
from mlegrade.cli._group import INVALID, Command
from mlegrade.cli._output import echo, echo_json


@click.command(
    cls=Command,
    example="mlegrade grade submission.csv spooky-author\n"
    "mlegrade grade submission.csv spooky-author --answers test.csv --json",
)
@click.argument("submission")
@_options.competition
@click.option("--answers", metavar="FILE", help="The answers, if not in the data directory.")
@_options.data_dir
@_options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    submission: str,
    competition: str,
    answers: str | None,
    data_dir: str | None,
    as_json: bool,
) -> None:
    """Grade a submission: score, medal, place on the leaderboard.

    SUBMISSION is a CSV file; `-` reads one from the standard input. An invalid submission is
    reported like any other, with exit code 1.
    """
    from mlegrade.grading import Grader

    grader = Grader(_options.competition_of(competition), answers=answers, data_dir=data_dir)
    report = grader(_options.submission_source(submission))
    if as_json:
        echo_json(report.to_dict())
    else:
        from mlegrade.cli._ladder import report_lines

        for line in report_lines(report, grader.competition):
            echo(line)
    if not report.valid_submission:
        ctx.exit(INVALID)
