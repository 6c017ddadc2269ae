"""The command line: a thin skin that parses, calls and prints.

Nothing of it is imported by the library, and each command is imported when it is used.
"""

from __future__ import annotations

import os
import sys

from mlegrade.cli._group import cli

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line; the entry point of the script ``mlegrade``."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        # Whoever starts us may have closed a stream.
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        # A character that a terminal cannot show is no reason to fail.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="mlegrade")
