"""The command ``describe``."""

from __future__ import annotations

import sys

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import echo, echo_json


@click.command(cls=Command, example="mlegrade describe spooky-author --obfuscated > task.md")
@_options.competition
@click.option(
    "--obfuscated", is_flag=True, help="Hide title, origin and names that give the data set away."
)
@_options.json_flag
def command(competition: str, obfuscated: bool, as_json: bool) -> None:
    """Print a competition's task as an agent is told."""
    from mlegrade.competitions import get

    found = get(competition)
    text = found.description(obfuscated=obfuscated)
    if as_json:
        echo_json({"competition_id": found.id, "obfuscated": obfuscated, "description": text})
    elif sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        echo(text.rstrip("\n"))
