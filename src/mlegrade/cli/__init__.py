"""The command line: a thin skin that parses, calls and prints.

Nothing of it is imported by the library, and each command is imported when it is used.
"""

from __future__ import annotations

import sys

from mlegrade.cli._group import cli

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line; the entry point of the script ``mlegrade``."""
    for stream in (sys.stdout, sys.stderr):
        # A character that a terminal cannot show is no reason to fail.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="mlegrade")
