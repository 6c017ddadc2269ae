"""The arguments and options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from mlegrade._files import fault_of
from mlegrade.cli._output import JSON
from mlegrade.competitions import SPLITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from click.shell_completion import CompletionItem

    from mlegrade.competitions import Competition

__all__ = [
    "OUT_FILE",
    "SPLIT",
    "competition",
    "competition_of",
    "competitions",
    "complete_name",
    "data_dir",
    "json_flag",
    "one_form",
    "refuse_to_replace",
    "require_data_dir",
    "split",
    "submission_source",
]


class _OutFile(click.Path):
    """A file to write: a place that takes none is refused before the work begins."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail."""
        path = Path(value)
        if fault := fault_of(path):
            self.fail(fault, param, ctx)
        return path


OUT_FILE = _OutFile()
"""The type of options that name a file to write."""


def complete_name(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the competitions that begin like this, for the shell."""
    del ctx, param
    from click.shell_completion import CompletionItem

    from mlegrade.competitions import ids

    wanted = incomplete.lower()
    return [CompletionItem(name) for name in ids() if name.lower().startswith(wanted)]


def _note_json(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    del param
    ctx.meta[JSON] = value
    return value


competition = click.argument("competition", shell_complete=complete_name)

competitions = click.argument(
    "competitions", metavar="[COMPETITION]...", nargs=-1, shell_complete=complete_name
)

SPLIT = click.Choice(tuple(SPLITS), case_sensitive=False)
"""The type of options that name a split."""

split = click.option("--split", type=SPLIT, help="The competitions of a split.")

json_flag = click.option(
    "--json", "as_json", is_flag=True, callback=_note_json, help="Print JSON instead of text."
)

data_dir = click.option(
    "--data-dir",
    metavar="DIR",
    help="Where prepared data lives, by default $MLEGRADE_DATA_DIR or the user's cache.",
)


def one_form(**given: bool) -> str | None:
    """Return which of the forms of the output was asked for, if any; two are one too many."""
    asked = [name for name, wanted in given.items() if wanted]
    if len(asked) > 1:
        raise click.UsageError(f"choose one of {', '.join(f'--{name}' for name in asked)}.")
    return asked[0] if asked else None


def competition_of(name: str) -> Competition:
    """Return the competition that stands behind a submission."""
    from mlegrade.competitions import get
    from mlegrade.errors import UnknownCompetitionError

    try:
        return get(name)
    except UnknownCompetitionError as error:
        if not Path(name).is_file():
            raise
        raise click.BadParameter(
            f"{name} is a file. The submission comes first, then the competition.",
            param_hint="'COMPETITION'",
        ) from error


def refuse_to_replace(out: Path | None, read: Iterable[str]) -> None:
    """Look whether a file that is to be written is one of those that are read."""
    if out is not None and out.is_file() and any(_is_same_file(path, out) for path in read):
        raise click.BadParameter(f"{out} is read; name another file.", param_hint="'--out'")


def _is_same_file(path: str, other: Path) -> bool:
    """Tell whether two names are of one file."""
    try:
        return other.samefile(path)
    except (OSError, ValueError):
        return False


def require_data_dir(named: str | None) -> None:
    """Raise `NotPreparedError` if a data directory is named that is none."""
    from mlegrade.errors import NotPreparedError

    if named is not None and not Path(named).expanduser().is_dir():
        raise NotPreparedError(
            f"there is no data directory {named}.", "Name one that there is, or none at all."
        )


def submission_source(submission: str) -> str | BinaryIO:
    """Return what to read a submission from: ``-`` is the standard input."""
    return sys.stdin.buffer if submission == "-" else submission
