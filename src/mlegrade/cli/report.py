"""The command ``report``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mlegrade._files import write_atomically
from mlegrade.cli import _options, _reports
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo, echo_json

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    cls=Command,
    example="mlegrade report runs/aide-5f0c2a91 --out report.html\n"
    "mlegrade report reports.jsonl --split lite --title 'AIDE on lite' --out report.html",
)
@_reports.paths
@_reports.options
@_reports.by
@_reports.exclude_flag
@click.option("--title", help="The headline, by default the name of the first PATH.")
@click.option(
    "--out",
    type=_options.OUT_FILE,
    default="report.html",
    show_default=True,
    metavar="FILE",
    help="Where to write it.",
)
@_options.json_flag
def command(
    paths: tuple[Path, ...],
    by: Any,
    flags: tuple[str, ...],
    title: str | None,
    out: Path,
    as_json: bool,
    **reading: Any,
) -> None:
    """Write a report in HTML: one file, with tables, figures and every competition.

    Each PATH is a file or folder of reports, as `mlegrade summarize` takes them. The file needs
    no network and no scripts.
    """
    if out.suffix.lower() not in {".html", ".htm"}:
        raise click.BadParameter(f"{out} has to end in .html.", param_hint="'--out'")
    from mlegrade.plots import html_report

    loaded, grid = _reports.read_grid(paths, **reading)
    text = html_report(
        grid,
        title=title or paths[0].resolve().stem,
        name=str(reading["split"] or "all given"),
        by=by,
        exclude_flags=flags,
        notes=[*loaded.notes, *(f"Left out: {problem}" for problem in loaded.problems)],
    )
    write_atomically(out, [text])
    if as_json:
        echo_json(
            {
                "written": str(out),
                "bytes": len(text.encode()),
                "competitions": list(grid.competitions),
                "seeds": list(grid.seeds),
            }
        )
    else:
        echo(clean(str(out)))
