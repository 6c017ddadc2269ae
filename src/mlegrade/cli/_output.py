"""What commands print: JSON for machines, plain text for pipes, colours and tables for people."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "JSON",
    "MARKS",
    "UNKNOWN",
    "clean",
    "echo",
    "echo_json",
    "fail",
    "failure",
    "fits",
    "message",
    "remark",
    "size_text",
    "style",
    "table",
    "to_json",
    "wrapped",
]

JSON = "mlegrade.json"
"""Where a command's context keeps whether ``--json`` was given."""

UNKNOWN = "?"
"""What stands for a number that is not known."""

_WIDTH = 96
_UNITS = ("B", "kB", "MB", "GB", "TB")
_THOUSAND = 1000

# Widths of the cells of tables, and of what stands between them.
_SHORT = 24
_CUT = 10
_BETWEEN = 3

# Control characters would let a submission's file name or cell steer the reader's terminal.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}

_STYLES: dict[str, dict[str, Any]] = {
    "gold": {"fg": 220, "bold": True},
    "silver": {"fg": 250, "bold": True},
    "bronze": {"fg": 173, "bold": True},
    "good": {"fg": "green", "bold": True},
    "bad": {"fg": "red", "bold": True},
    "note": {"fg": "yellow"},
    "faint": {"dim": True},
    "strong": {"bold": True},
}

MARKS = {"here": "▶", "good": "✓", "bad": "✗", "note": "!"}


def style(text: str, kind: str) -> str:
    """Return text in the style of that name; printing drops it where no terminal is."""
    return click.style(text, **_STYLES[kind])


def clean(text: str) -> str:
    """Return text whose control characters, but for line ends, are shown instead of obeyed."""
    return text.translate(_CONTROLS)


def fits(text: str) -> bool:
    """Tell whether a line fits the terminal; into a pipe, any does."""
    columns = shutil.get_terminal_size().columns
    return not sys.stdout.isatty() or len(click.unstyle(text)) <= columns


def wrapped(text: str, first: str = "   ") -> list[str]:
    """Return a paragraph as indented lines: no longer than people read well, or a terminal shows.

    Parameters
    ----------
    text : str
        The paragraph.
    first : str, optional
        What the first line begins with; the others are indented as far.
    """
    room = _WIDTH
    if sys.stdout.isatty():
        room = min(room, shutil.get_terminal_size().columns)
    return textwrap.wrap(
        clean(text),
        max(room, 2 * len(first)),
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def remark(kind: str, text: str) -> list[str]:
    """Return a paragraph as indented lines with a mark before the first one."""
    first, *others = wrapped(text)
    return [style(MARKS[kind], kind) + first[1:], *others]


def echo(text: str = "") -> None:
    """Print a result."""
    click.echo(text)


def message(text: str) -> None:
    """Print a message for people, aside from the results."""
    click.echo(text, err=True)


def to_json(data: Any, *, indent: int | None = 2) -> str:
    """Return data as JSON in ASCII, which every stream can carry."""
    return json.dumps(data, indent=indent, sort_keys=True, allow_nan=False)


def echo_json(data: Any) -> None:
    """Print data as JSON."""
    click.echo(to_json(data))


def failure(code: str, text: str) -> dict[str, Any]:
    """Return what JSON says in place of a result."""
    return {"failure": True, "error": {"code": code, "message": text}}


def fail(ctx: click.Context, code: str, text: str) -> None:
    """Say what kept a command from its work; for readers of JSON on stdout as well."""
    if ctx.meta.get(JSON):
        echo_json(failure(code, text))
    message(f"{style('error:', 'bad')} {clean(text)}")


def size_text(count: int | None) -> str:
    """Return bytes as people write them."""
    if count is None:
        return UNKNOWN
    number = float(count)
    for unit in _UNITS[:-1]:
        if number < _THOUSAND:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= _THOUSAND
    return f"{number:.1f} {_UNITS[-1]}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: fitted to the terminal, or as tab-separated lines into a pipe.

    A terminal that is too narrow for all columns gets the first of them, and is told of the others.
    """
    if not sys.stdout.isatty():
        for row in rows:
            echo("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    rows = list(rows)
    console = Console()
    full = [max(map(cell_len, column)) for column in zip(header, *rows, strict=True)]
    drawn = Table(box=SIMPLE_HEAD, header_style="dim", pad_edge=False)
    shown = _fitted(full, console.width)
    for name, width in zip(header, shown, strict=False):
        drawn.add_column(name, no_wrap=True, width=width)
    for row in rows:
        drawn.add_row(*row[: len(shown)])
    console.print(drawn)
    if hidden := header[len(shown) :]:
        message(f"no room for {', '.join(hidden)}: widen the terminal, or print into a pipe.")


def _fitted(full: list[int], room: int) -> list[int]:
    """Return the widths of the columns, or of the first of them where there is room for no more.

    Long cells are cut before short ones, which hold scores, medals and the like; never the first,
    which name their rows.
    """
    widths = [w if at == 0 or w <= _SHORT else _CUT for at, w in enumerate(full)]
    if sum(widths) + _BETWEEN * len(widths) > room:
        widths[1:] = [min(width, _CUT) for width in full[1:]]
    while len(widths) > 1 and sum(widths) + _BETWEEN * len(widths) > room:
        widths.pop()
    spare = room - sum(widths) - _BETWEEN * len(widths)
    for at, width in enumerate(widths):
        more = max(0, min(full[at] - width, spare))
        widths[at], spare = width + more, spare - more
    return widths
