"""The command ``check-code``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo_json, message, table

_PLACE = click.Path(exists=True, path_type=Path)


@click.command(
    cls=Command, example="mlegrade check-code runs/aide/spooky-author-identification notebooks"
)
@click.argument("submitted", type=_PLACE)
@click.argument("references", type=_PLACE)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.6,
    show_default=True,
    help="The share of a submitted file from which a pair is reported.",
)
@_options.json_flag
def command(submitted: Path, references: Path, threshold: float, as_json: bool) -> None:
    """Compare submitted code with reference notebooks, and report pairs that share much.

    SUBMITTED and REFERENCES are Python files, notebooks, or folders of them. A pair is a reason
    to look, not a proof.
    """
    from mlegrade.summary import find_copies

    found = find_copies(submitted, references, threshold=threshold)
    if as_json:
        echo_json([asdict(match) for match in found])
        return
    table(
        ("shared", "of the reference", "submitted", "reference"),
        [
            (
                f"{match.share_of_submission:.0%}",
                f"{match.share_of_reference:.0%}",
                clean(match.submission),
                clean(match.reference),
            )
            for match in found
        ],
    )
    message(f"pairs that share {threshold:.0%} or more: {len(found)}.")
