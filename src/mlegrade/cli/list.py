"""The command ``list``."""

from __future__ import annotations

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import echo_json, table
from mlegrade.competitions import ISSUE_KINDS, Summary, summaries

_HEADER = ("competition", "complexity", "metric", "known issues", "prepare", "category")


@click.command(cls=Command, example="mlegrade list lite --category text --without leak")
@click.argument("split", required=False, type=_options.SPLIT)
@click.option("--split", "named", type=_options.SPLIT, help="The same as the argument.")
@click.option("--category", metavar="TEXT", help="Only categories with this text in their name.")
@click.option(
    "--without",
    type=click.Choice(ISSUE_KINDS),
    multiple=True,
    help="Only competitions without known issues of this kind; can be repeated.",
)
@_options.json_flag
def command(
    split: str | None,
    named: str | None,
    category: str | None,
    without: tuple[str, ...],
    as_json: bool,
) -> None:
    """List the competitions, all or of one split."""
    if split and named:
        raise click.UsageError("name a split once.")
    split = split or named
    kinds = {kind for summary in summaries() for kind in summary.flags}
    if unknown := set(without) - kinds:
        raise click.BadParameter(
            f"there is no kind {min(unknown)!r}; choose from {', '.join(sorted(kinds))}.",
            param_hint="'--without'",
        )
    found = [
        summary
        for summary in summaries(split)
        if (category or "").lower() in summary.category.lower()
        and not set(without) & set(summary.flags)
    ]
    if as_json:
        echo_json([{**summary._asdict(), "flags": list(summary.flags)} for summary in found])
        return
    table(
        _HEADER,
        [
            (
                summary.id,
                summary.complexity,
                summary.metric,
                ", ".join(summary.flags),
                " ".join(option for option, there in _options_of(summary) if there),
                summary.category,
            )
            for summary in found
        ],
    )


def _options_of(summary: Summary) -> list[tuple[str, bool]]:
    """Return the options of `prepare` that not every competition has, and whether this one does."""
    return [("--answers-only", summary.answers_only), ("--fixes", summary.fixes)]
