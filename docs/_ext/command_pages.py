"""The directive ``commands``: every command's own help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from docutils import nodes
from docutils.parsers.rst import Directive

from mlegrade.cli import cli

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Commands(Directive):
    """Shows the help of each command under a heading of its own."""

    def run(self) -> list[nodes.Node]:
        """Return one section a command."""
        parent = click.Context(cli, info_name="mlegrade", max_content_width=88)
        return [self._section(name, parent) for name in cli.list_commands(parent)]

    def _section(self, name: str, parent: click.Context) -> nodes.Node:
        command = cli.get_command(parent, name)
        if command is None:
            raise self.error(f"there is no command {name}.")
        context = click.Context(
            command,
            info_name=name,
            parent=parent,
            max_content_width=88,
            terminal_width=88,
            help_option_names=["-h", "--help"],
        )
        section = nodes.section(ids=[f"command-{name}"], names=[f"command-{name}"])
        section += nodes.title(name, name)
        text = command.get_help(context)
        section += nodes.literal_block(text, text, language="text")
        return section


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
