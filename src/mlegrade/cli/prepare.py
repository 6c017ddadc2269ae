"""The command ``prepare``."""

from __future__ import annotations

from typing import Any

import click

from mlegrade.cli import _options
from mlegrade.cli._group import SETUP, Command
from mlegrade.cli._output import MARKS, clean, echo, echo_json, style, wrapped


@click.command(
    cls=Command,
    example="mlegrade prepare spooky-author --from downloads/spooky-author-identification\n"
    "mlegrade prepare optical-digits --data-dir data",
)
@click.argument(
    "competitions",
    metavar="COMPETITION...",
    nargs=-1,
    required=True,
    shell_complete=_options.complete_name,
)
@click.option(
    "--from",
    "source",
    metavar="PATH",
    help="A folder with the download, or the downloaded zip archive; for one competition.",
)
@_options.data_dir
@click.option("--verify/--no-verify", default=True, help="Compare the result with known checksums.")
@click.option("--force", is_flag=True, help="Make anew what is already there.")
@_options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    competitions: tuple[str, ...],
    source: str | None,
    data_dir: str | None,
    verify: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Make public and private data of a Kaggle download.

    The download is looked for in COMPETITION/raw below the data directory, or where --from says.
    A competition that fails does not stop the others; exit code 3 tells that one did.
    """
    from mlegrade.competitions import get
    from mlegrade.errors import SetupError
    from mlegrade.prepare import prepare

    if source is not None and len(competitions) > 1:
        raise click.UsageError("--from is for one competition: name no other.")
    results: list[dict[str, Any]] = []
    for competition in [get(name) for name in competitions]:
        try:
            done = prepare(
                competition, source=source, data_dir=data_dir, verify=verify, force=force
            )
        except (SetupError, OSError) as error:
            failure = {"code": type(error).__name__, "message": str(error)}
            results.append({"competition_id": competition.id, "failure": True, "error": failure})
        else:
            results.append(done.to_dict())
        if not as_json:
            _show(results[-1])
    if as_json:
        echo_json(results)
    if any(result.get("failure") for result in results):
        ctx.exit(SETUP)


def _show(result: dict[str, Any]) -> None:
    name = style(result["competition_id"], "strong")
    if result.get("failure"):
        echo(f"{style(MARKS['bad'], 'bad')}  {name}  {result['error']['code']}")
        for line in wrapped(result["error"]["message"]):
            echo(line)
        return
    verified = result["verified"]
    state = "already there" if result["already_there"] else "prepared"
    sums = f"{verified} files agree with their checksums" if verified else "not verified"
    echo(f"{style(MARKS['good'], 'good')}  {name}  {state}, {sums}")
    echo(style(f"   {clean(result['folder'])}", "faint"))
