"""The command ``validate``."""

from __future__ import annotations

import sys

import click

from mlegrade.cli import _options
from mlegrade.cli._group import INVALID, Command
from mlegrade.cli._output import MARKS, clean, echo, echo_json, message, remark, style


@click.command(
    cls=Command,
    example="mlegrade validate submission.csv spooky-author --sample sample_submission.csv",
)
@click.argument("submission")
@_options.competition
@click.option(
    "--sample", metavar="FILE", help="The sample submission, if not in the data directory."
)
@_options.data_dir
@_options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    submission: str,
    competition: str,
    sample: str | None,
    data_dir: str | None,
    as_json: bool,
) -> None:
    """Check a submission's form without any answers.

    The rows are compared with those of the public sample submission. SUBMISSION is a CSV file;
    `-` reads one from the standard input.
    """
    from mlegrade import data
    from mlegrade.grading import validate

    _options.require_data_dir(data_dir)
    found = validate(
        _options.submission_source(submission),
        _options.competition_of(competition),
        sample_submission=sample,
        data_dir=data_dir,
    )
    if as_json:
        echo_json(found.to_dict())
    else:
        for problem in found.problems:
            text = f"{problem['code']}: {problem['message']}"
            whole = f"{style(MARKS['bad'], 'bad')}  {clean(text)}"
            # Programs get a line for each problem.
            for line in remark("bad", text) if sys.stdout.isatty() else [whole]:
                echo(line)
        if found.ok:
            rows = "" if found.rows_checked else "; rows not checked"
            echo(f"{style(MARKS['good'], 'good')}  valid for {found.competition_id}{rows}")
        if not found.rows_checked:
            folder = data.paths(found.competition_id, data_dir).public
            message(
                f"The rows were not looked at: there is no sample submission in "
                f"{clean(str(folder))}; name one with --sample."
            )
    if not found.ok:
        ctx.exit(INVALID)
