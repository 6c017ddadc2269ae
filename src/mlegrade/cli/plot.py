"""The command ``plot``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlegrade.cli import _options, _reports
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo, echo_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mlegrade.summary import Grid, Loaded

    Drawn = tuple[Figure, Any]

_KINDS = ("leaderboard", "medals-over-time", "pass-at-k", "heat-map", "effort", "familiarity")


@click.command(
    cls=Command,
    example="mlegrade plot heat-map reports.jsonl --out medals.svg\n"
    "mlegrade plot leaderboard reports.jsonl --competition spooky --out spooky.png",
)
@click.argument("kind", metavar=f"[{'|'.join(_KINDS)}]", type=click.Choice(_KINDS))
@_reports.paths
@_reports.options
@click.option(
    "--out",
    type=_options.OUT_FILE,
    required=True,
    metavar="FILE",
    help="Where to write it; ends in .png or .svg.",
)
@click.option("--competition", help="leaderboard: which one, where there are several.")
@click.option(
    "--effort",
    "key",
    default="elapsed",
    show_default=True,
    metavar="KEY",
    help="effort: the number in the reports' meta to draw, such as cost.",
)
@click.option(
    "--documents",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="familiarity: JSON Lines with competition_id and token_logprobs, one document a line.",
)
@click.option(
    "--sample-scores",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="familiarity: a JSON object, the score of the sample submission by competition.",
)
@_options.json_flag
def command(
    kind: str,
    paths: tuple[Path, ...],
    out: Path,
    competition: str | None,
    key: str,
    documents: Path | None,
    sample_scores: Path | None,
    as_json: bool,
    **reading: Any,
) -> None:
    """Draw reports: medals over time, pass@k, a heat map, a place on the leaderboard.

    Each PATH is a file or folder of reports, as `mlegrade summarize` takes them. The same
    reports give the same SVG, byte for byte.
    """
    if out.suffix.lower() not in {".png", ".svg"}:
        raise click.BadParameter("has to end in .png or .svg.", param_hint="'--out'")
    if kind == "familiarity" and (documents is None or sample_scores is None):
        raise click.UsageError("familiarity needs --documents and --sample-scores.")
    from mlegrade.plots import save

    loaded, grid = _reports.read_grid(paths, **reading)
    _reports.say(grid.notes)
    if documents is not None and sample_scores is not None:
        figure, data = _familiarity(grid, documents, sample_scores)
    elif kind == "leaderboard":
        figure, data = _leaderboard(loaded, grid, competition)
    else:
        figure, data = _of_grid(kind, grid, key)
    save(figure, out)
    if as_json:
        echo_json({"kind": kind, "written": str(out), "data": data})
    else:
        echo(clean(str(out)))


def _of_grid(kind: str, grid: Grid, key: str) -> Drawn:
    from mlegrade import plots, summary

    if kind == "medals-over-time":
        course = summary.over_time(grid)
        return plots.medals_over_time(course), [moment.to_dict() for moment in course]
    if kind == "pass-at-k":
        curve = summary.pass_curve(grid)
        return plots.pass_at_k(curve), [found.to_dict() for found in curve]
    if kind == "effort":
        return plots.effort(grid, key=key), None
    return plots.heat_map(grid), None


def _leaderboard(loaded: Loaded, grid: Grid, name: str | None) -> Drawn:
    from mlegrade import plots
    from mlegrade.errors import ReportsError

    wanted = (name or "").lower()
    exact = [one for one in grid.competitions if one.lower() == wanted]
    found = exact or [one for one in grid.competitions if one.lower().startswith(wanted)]
    if len(found) != 1:
        listed = ", ".join(found or grid.competitions)
        raise click.BadParameter(f"choose one of: {listed}.", param_hint="'--competition'")
    board = loaded.boards.facts(found[0]).leaderboard()
    if board is None:
        raise ReportsError(
            f"{found[0]} has no leaderboard; give it in a file by --leaderboards DIR."
        )
    reports = [report for seed in grid.seeds if (report := grid.report(found[0], seed))]
    return plots.leaderboard(reports, board), {"competition": found[0], "teams": len(board)}


def _familiarity(grid: Grid, documents: Path, sample_scores: Path) -> Drawn:
    from mlegrade import plots, summary
    from mlegrade.errors import ReportsError

    try:
        scores = json.loads(sample_scores.read_text(encoding="utf-8"))
        scores = {str(name): float(score) for name, score in scores.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise ReportsError(f"{sample_scores} is no JSON object of scores ({error!r}).") from error
    found = summary.familiarity(grid, summary.read_log_probabilities(documents), scores)
    _reports.say(found.left_out)
    return plots.familiarity(found), found.to_dict()
