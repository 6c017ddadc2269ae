"""The command ``summarize``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mlegrade.cli import _options, _reports
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo, echo_json

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.summary import Grid, Row


@click.command(
    cls=Command,
    example="mlegrade summarize reports.jsonl --split lite\n"
    "mlegrade summarize runs/aide-5f0c2a91 --by category --exclude-flag leak --markdown",
)
@_reports.paths
@_reports.options
@_reports.by
@_reports.exclude_flag
@click.option(
    "--pass-at",
    "ks",
    type=click.IntRange(min=1),
    multiple=True,
    metavar="K",
    help="Also estimate pass@K, each seed being an attempt; can be repeated.",
)
@click.option("--markdown", is_flag=True, help="Write the table as Markdown.")
@click.option("--csv", is_flag=True, help="Write the table as CSV, with all digits.")
@click.option("--latex", is_flag=True, help="Write the table as LaTeX (booktabs).")
@_options.json_flag
def command(
    paths: tuple[Path, ...],
    by: Any,
    flags: tuple[str, ...],
    ks: tuple[int, ...],
    markdown: bool,
    csv: bool,
    latex: bool,
    as_json: bool,
    **reading: Any,
) -> None:
    """Sum reports up: shares of runs with their standard errors over seeds.

    Each PATH is a file of reports (JSON or JSON Lines, of mlegrade or of MLE-bench), the folder
    of a run group, or a folder with any of these. An interval is from a bootstrap over
    competitions.
    """
    form = _options.one_form(json=as_json, markdown=markdown, csv=csv, latex=latex)
    from mlegrade.summary import FORMATS, best_medals, summarize

    loaded, grid = _reports.read_grid(paths, **reading)
    name = str(reading["split"] or "all given")
    found = summarize(grid, by=by, exclude_flags=flags, name=name)
    curve = _passes(grid, ks)
    if as_json:
        best = {medal.value: count for medal, count in best_medals(grid).items()}
        extra = {"pass_at_k": curve, "best_medals": best, "left_out": list(loaded.problems)}
        notes = [*loaded.notes, *found.notes]
        echo_json(found.to_dict() | extra | {"notes": notes})
        return
    echo(clean(FORMATS[form or "text"](found)))
    if form is None:
        _show_best(grid)
    for estimate in curve:
        echo(_in_form(form, estimate, found.overall))


def _passes(grid: Grid, ks: tuple[int, ...]) -> list[dict[str, Any]]:
    from mlegrade.summary import pass_curve

    n = len(grid.seeds)
    if max(ks, default=0) > n:
        seeds = "there is one seed" if n == 1 else f"there are {n} seeds, each an attempt"
        raise click.BadParameter(
            f"pass@{max(ks)} cannot be estimated: {seeds}. Choose a K of at most {n}, or make more "
            "runs.",
            param_hint="'--pass-at'",
        )
    return [found.to_dict() for found in pass_curve(grid, ks)] if ks else []


def _show_best(grid: Grid) -> None:
    from mlegrade.summary import best_medals

    best = ", ".join(f"{count} {medal}" for medal, count in best_medals(grid).items())
    echo()
    echo(f"Best of all seeds: {best}; competitions: {len(grid.competitions)}.")


def _in_form(form: str | None, estimate: dict[str, Any], row: Row) -> str:
    """Return pass@k as a line below the table, or as one more line of CSV."""
    name, mean, bounds = f"pass@{estimate['k']}", estimate["mean"], estimate["interval"]
    if form == "csv":
        low, high = bounds or ("", "")
        counts = f"{row.competitions},{row.seeds},{row.padded}"
        return f"{row.name},{counts},{name},{mean},,{low},{high}"
    interval = f" ({bounds[0]:.1f} to {bounds[1]:.1f})" if bounds else ""
    before = {"markdown": "\n", "latex": "% "}.get(form or "", "")
    return f"{before}{name}, any medal: {mean:.2f}{interval}"
