"""The command ``mcp``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import echo_json


@click.command(
    cls=Command,
    example="mlegrade mcp spooky-author --root work\nmlegrade mcp --json > mcp.json",
)
@click.argument("competitions", nargs=-1, shell_complete=_options.complete_name)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="DIR",
    help="The folder of submissions, by default this one: files elsewhere are not read.",
)
@click.option(
    "--obfuscated", is_flag=True, help="Tell tasks without names that give the data set away."
)
@click.option(
    "--grade", "may_grade", is_flag=True, help="Tell scores and medals, too, where data is."
)
@_options.data_dir
@_options.json_flag
def command(
    competitions: tuple[str, ...],
    root: Path,
    obfuscated: bool,
    may_grade: bool,
    data_dir: str | None,
    as_json: bool,
) -> None:
    """Give agents tools over the Model Context Protocol: tasks, and whether a file is valid.

    COMPETITIONS are those that the server knows, by default all. A client starts this command and
    speaks with it through standard input and output. With --json, print the entry that clients
    take in their configuration, and end.
    """
    from mlegrade.integrations.mcp import server

    _options.require_data_dir(data_dir)
    made = server(
        competitions, root=root, data_dir=data_dir, obfuscated=obfuscated, may_grade=may_grade
    )
    if as_json:
        options = ["--root", str(root.resolve())]
        options += ["--data-dir", str(Path(data_dir).resolve())] if data_dir else []
        options += ["--obfuscated"] if obfuscated else []
        options += ["--grade"] if may_grade else []
        arguments = ["-m", "mlegrade.cli", "mcp", *competitions, *options]
        echo_json({"mcpServers": {"mlegrade": {"command": sys.executable, "args": arguments}}})
        return
    made.run("stdio")
