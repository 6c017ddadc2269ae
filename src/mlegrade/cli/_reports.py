"""What the commands about reports share: their options, and how they read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlegrade.cli import _options
from mlegrade.cli._output import clean, message
from mlegrade.competitions import ISSUE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlegrade.summary import Grid, Loaded

__all__ = ["by", "exclude_flag", "existing", "options", "paths", "read_grid", "say"]

existing = click.Path(exists=True, path_type=Path)

paths = click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=existing)

by = click.option(
    "--by",
    type=click.Choice(("complexity", "category")),
    default="complexity",
    show_default=True,
    help="What to group competitions by.",
)

exclude_flag = click.option(
    "--exclude-flag",
    "flags",
    type=click.Choice(ISSUE_KINDS),
    multiple=True,
    help="Also give the numbers without competitions that have this known issue; can be repeated.",
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options about what is read, and what missing runs mean."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--split",
        type=_options.SPLIT,
        help="The split, all of whose competitions have to be there. By default the competitions "
        "that the reports name.",
    ),
    click.option(
        "--incomplete",
        type=click.Choice(("error", "fail", "drop")),
        default="error",
        show_default=True,
        help="What a missing run means: an error, a failed run, or that its competition is left "
        "out.",
    ),
    click.option(
        "--leaderboards",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="A folder with COMPETITION.csv, column score, for competitions of your own.",
    ),
    click.option(
        "--keep-going",
        is_flag=True,
        help="Leave out what is broken, and say so, instead of stopping there.",
    ),
)


def read_grid(
    given: Iterable[Path],
    *,
    split: str | None,
    incomplete: Any,
    leaderboards: Path | None,
    keep_going: bool,
) -> tuple[Loaded, Grid]:
    """Read reports, say what there is to say about them, and put them into a grid."""
    from mlegrade.summary import arrange, load

    loaded = load(*given, leaderboards=leaderboards, keep_going=keep_going)
    for problem in loaded.problems:
        message(f"left out: {clean(problem)}")
    say(loaded.notes)
    return loaded, arrange(loaded, split=split, incomplete=incomplete)


def say(notes: Iterable[str]) -> None:
    """Print notes as messages."""
    for note in notes:
        message(f"note: {clean(note)}")
