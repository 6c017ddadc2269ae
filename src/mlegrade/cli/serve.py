"""The command ``serve``."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import echo_json, message


@click.command(
    cls=Command,
    example="mlegrade serve spooky-author --port 5000\n"
    "curl --form file=@submission.csv http://localhost:5000/validate",
)
@_options.competition
@_options.data_dir
@click.option(
    "--sample",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The public sample submission, by default that of the data directory.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to listen on.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=5000,
    show_default=True,
    metavar="N",
    help="The port; 0 takes a free one, and the message tells which.",
)
@click.option(
    "--socket",
    "path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Listen on this unix socket instead.",
)
@click.option(
    "--rate",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="How many calls a minute are answered.",
)
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Append a line of JSON for each call, with the submission's size and hash.",
)
@_options.json_flag
def command(
    competition: str,
    data_dir: str | None,
    sample: Path | None,
    host: str,
    port: int,
    path: Path | None,
    rate: int,
    log: Path | None,
    as_json: bool,
) -> None:
    """Say over HTTP whether submissions have the right form, without any answers.

    POST /validate takes the file as the field `file` of a form, GET /health says that the server
    runs. Only the public sample submission is read. With --json, the standard output tells the
    address once the server listens.
    """
    from mlegrade import data
    from mlegrade.competitions import get
    from mlegrade.errors import NotPreparedError
    from mlegrade.runner.server import Validator, application, require, serve
    from mlegrade.runner.serving import listen

    require()
    found = get(competition)
    if sample is None:
        sample = data.paths(found.id, data_dir).public / found.sample_submission_file
        if not sample.is_file():
            if data_dir is not None:
                command = data.prepare_command([found.id], data.data_dir(data_dir))
                raise NotPreparedError(
                    f"there is no {sample}.",
                    f"Run `{command}`, name another data directory, or the file with --sample.",
                )
            message(f"there is no {sample}: the rows of submissions are not checked.")
            sample = None
    if log is not None:
        log.open("ab").close()  # what is wrong with it is said now, not at each call
    app = application(Validator(found, sample), log=log, rate=rate)
    listener = listen(path) if path else _open(host, port)
    with listener:
        where = str(path or "http://{}:{}".format(*listener.getsockname()[:2]))
        message(f"validating submissions to {found.id} at {where}")
        if as_json:
            echo_json({"competition_id": found.id, "address": where})
            sys.stdout.flush()
        try:
            serve(app, [listener])
        finally:
            if path:
                path.unlink(missing_ok=True)


def _open(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
