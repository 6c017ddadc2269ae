"""The command ``compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mlegrade.cli import _options, _reports
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo, echo_json, message

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.summary import Comparison

_MEASURES = (
    "made_submission",
    "valid_submission",
    "above_median",
    "bronze",
    "silver",
    "gold",
    "any_medal",
    "percentile",
    "normalized",
)
_SHOWN = 10  # runs without a counterpart


@click.command(
    cls=Command,
    example="mlegrade compare original.jsonl obfuscated.jsonl --split lite\n"
    "mlegrade compare runs/aide runs/dummy --measure percentile --json",
)
@click.argument("first", type=_reports.existing)
@click.argument("second", type=_reports.existing)
@_reports.options
@click.option(
    "--measure",
    type=click.Choice(_MEASURES),
    default="any_medal",
    show_default=True,
    help="What to compare.",
)
@click.option(
    "--pair",
    type=click.Choice(("seed", "order")),
    default="seed",
    show_default=True,
    help="Whether runs of equal seed make a pair, or the n-th seed of one and of the other.",
)
@_options.json_flag
def command(
    first: Path, second: Path, measure: str, pair: Any, as_json: bool, **reading: Any
) -> None:
    """Compare two sets of reports, paired by competition and seed.

    Two agents, obfuscated and original descriptions, data with and without a leak: FIRST and
    SECOND are each a file or folder of reports, as `mlegrade summarize` takes them. The
    difference is SECOND less FIRST.
    """
    from mlegrade.summary import compare

    loaded_first, one = _reports.read_grid([first], **reading)
    loaded_second, two = _reports.read_grid([second], **reading)
    _reports.say((*one.notes, *two.notes))
    found = compare(one, two, measure=measure, pair=pair)
    if as_json:
        extra = {
            "notes": [*loaded_first.notes, *one.notes, *loaded_second.notes, *two.notes],
            "padded": {"first": len(one.padded), "second": len(two.padded)},
            "left_out": [*loaded_first.problems, *loaded_second.problems],
        }
        echo_json(found.to_dict() | extra)
        return
    _show(found)
    for run in found.unpaired[:_SHOWN]:
        message(f"left out, no counterpart: {clean(run)}")
    if more := len(found.unpaired[_SHOWN:]):
        message(f"left out, no counterpart: {more} more; --json lists them all.")


def _show(found: Comparison) -> None:
    interval = found.interval
    between = f"  (95 %: {interval[0]:+.2f} to {interval[1]:+.2f})" if interval else ""
    echo(f"{found.measure}: pairs {found.pairs}, competitions {found.competitions}")
    echo()
    echo(f"  first        {found.first:8.2f} %")
    echo(f"  second       {found.second:8.2f} %")
    echo(f"  difference   {found.difference:+8.2f}{between}")
    if found.p_mcnemar is not None:
        tally = f"{found.only_first} only the first, {found.only_second} only the second"
        echo(f"  McNemar      p = {found.p_mcnemar:.4f}  ({tally})")
    echo(f"  permutation  p = {found.p_permutation:.4f}  (signs of competitions)")
