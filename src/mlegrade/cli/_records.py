"""JSON Lines in, reports out: the files of ``grade-many``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from mlegrade._files import write_atomically
from mlegrade.cli._output import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import IO

__all__ = ["read_items", "write_reports"]

_NEEDED = "an object with submission_path and competition_id is needed"
_NAMES = {"submission": "submission_path", "competition": "competition_id"}


def read_items(file: IO[str]) -> list[dict[str, Any]]:
    """Return the items of a JSON Lines file.

    Raises
    ------
    click.BadParameter
        If this is no text, or a line does not name a submission and a competition.
    """
    items = []
    try:
        lines = file.read().removeprefix("\ufeff").split("\n")
    except UnicodeDecodeError as error:
        raise click.BadParameter("this is no UTF-8 text.", param_hint="'FILE'") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _bad_line(number, f"is no JSON: {error}; {_NEEDED}") from error
        if not isinstance(item, dict):
            raise _bad_line(number, f"is no JSON object; {_NEEDED}")
        for name, other in _NAMES.items():
            if not isinstance(item.get(name, item.get(other)), str):
                raise _bad_line(number, f"needs the text {other!r}")
        if not isinstance(item.get("meta") or {}, dict):
            raise _bad_line(number, "needs an object as 'meta'")
        items.append(item)
    return items


def _bad_line(number: int, what: str) -> click.BadParameter:
    return click.BadParameter(f"line {number} {what}.", param_hint="'FILE'")


def write_reports(path: Path, reports: Sequence[dict[str, Any]]) -> None:
    """Write reports as JSON Lines, or as a JSON array to a ``.json`` file, whole or not at all."""
    write_atomically(path, _text(path, reports))


def _text(path: Path, reports: Sequence[dict[str, Any]]) -> Iterable[str]:
    if path.suffix.lower() == ".json":
        return [to_json(reports), "\n"]
    return (f"{to_json(report, indent=None)}\n" for report in reports)
