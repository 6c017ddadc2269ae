"""The command ``sizes``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlegrade.cli import _options
from mlegrade.cli._group import SETUP, Command
from mlegrade.cli._kaggle import ask
from mlegrade.cli._output import UNKNOWN, echo, echo_json, size_text, style, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlegrade.prepare import Size

_HEADER = ("competition", "download", "raw", "public", "private", "test rows", "grading", "prepare")


@click.command(
    cls=Command, example="mlegrade sizes --split lite\nmlegrade sizes spooky-author --kaggle"
)
@_options.competitions
@_options.split
@click.option("--kaggle", is_flag=True, help="Ask Kaggle how large the downloads are.")
@_options.data_dir
@_options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    competitions: tuple[str, ...],
    split: str | None,
    kaggle: bool,
    data_dir: str | None,
    as_json: bool,
) -> None:
    """Show what data costs: to download, to store, to grade.

    Of the competitions that are named or in the split, or of all; what is not known is "?". Raw,
    public and private are counted on the disk.
    """
    from mlegrade.competitions import get, ids
    from mlegrade.prepare import size

    named = [*(get(name).id for name in competitions), *(ids(split) if split else ())]
    names = list(dict.fromkeys(named or ids()))
    access = ask(names) if kaggle else []
    told = {entry.competition_id: entry.size for entry in access}
    sizes = [size(name, data_dir, download=told.get(name)) for name in names]
    published = _published(split, competitions)
    if as_json:
        echo_json({"competitions": [entry.to_dict() for entry in sizes], "published": published})
    else:
        _show(sizes, published)
    if not all(entry.ok for entry in access):
        ctx.exit(SETUP)


def _published(split: str | None, competitions: tuple[str, ...]) -> int | None:
    from mlegrade.prepare import PUBLISHED

    return None if competitions or split is None else PUBLISHED.get(split.lower())


def _show(sizes: list[Size], published: int | None) -> None:
    rows = [_row(entry) for entry in sizes]
    total = (
        f"{len(sizes)} competitions",
        *(_total(sizes, which) for which in _COUNTED),
        "",
        "",
        "",
    )
    table(_HEADER, [*rows, total] if len(rows) > 1 else rows)
    if published is not None:
        echo(
            style(f"   MLE-bench tells {size_text(published)} to download for this split.", "faint")
        )


_COUNTED: tuple[Callable[[Size], int | None], ...] = (
    lambda entry: entry.download,
    lambda entry: entry.raw,
    lambda entry: entry.public,
    lambda entry: entry.private,
)


def _row(entry: Size) -> tuple[str, ...]:
    return (
        entry.competition_id,
        *(size_text(which(entry)) for which in _COUNTED),
        UNKNOWN if entry.test_rows is None else f"{entry.test_rows:,}",
        _grading(entry),
        "--answers-only" if entry.answers_only else "",
    )


def _grading(entry: Size) -> str:
    """Return time and memory, and the rows they were measured on where the test set has more."""
    if entry.grade_seconds is None:
        return UNKNOWN
    text = f"{entry.grade_seconds:.2g} s, {entry.grade_mib} MiB"
    fewer = entry.test_rows is not None and (entry.grade_rows or 0) < entry.test_rows
    return f"{text} ({entry.grade_rows:,} rows)" if fewer else text


def _total(sizes: list[Size], which: Callable[[Size], int | None]) -> str:
    """Add up what is known, and say how much is not."""
    known = [count for count in map(which, sizes) if count is not None]
    unknown = len(sizes) - len(known)
    return (
        UNKNOWN if not known else f"{size_text(sum(known))}{f' + {unknown} ?' if unknown else ''}"
    )
