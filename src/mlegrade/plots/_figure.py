"""How figures look, and how they are written: the same figure gives the same bytes."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade._files import write_atomically
from mlegrade.errors import PrerequisiteError
from mlegrade.medals import Medal

if TYPE_CHECKING:
    import os

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlegrade.report import GradeReport

__all__ = ["COLOURS", "INK", "new_figure", "outcome", "save", "set_title", "to_svg"]

INK = "#1f2933"
FAINT = "#7b8794"
GRID = "#e4e7eb"
ACCENT = "#1c5d99"
COLOURS = {Medal.GOLD: "#d9a400", Medal.SILVER: "#9aa5b1", Medal.BRONZE: "#b87333"}
# Of runs without a medal, with an invalid submission, and without one.
NO_MEDAL, INVALID, ABSENT = "#dbe4ee", "#f3c6c6", "#ffffff"

_STYLE: dict[Any, Any] = {
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "DejaVu Sans",  # matplotlib brings it along: the same everywhere
    "font.size": 9,
    "savefig.dpi": 160,
    "svg.hashsalt": "mlegrade",
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is no formula
    "xtick.color": INK,
    "ytick.color": INK,
}
_ID = re.compile(r'(\bid="|url\(#|href="#)')
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """Return an empty figure of a size in inches, in the style of all figures.

    Raises
    ------
    PrerequisiteError
        If matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 dear to import
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise PrerequisiteError("plots need matplotlib: pip install 'mlegrade[plots]'") from error
    with mpl.rc_context(_STYLE):
        # No pyplot: nothing global is touched, and no display is needed.
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
    axes.grid(visible=True, axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def set_title(axes: Axes, text: str, *, above: float = 6.0) -> None:
    """Write the title of a figure."""
    axes.set_title(text, loc="left", fontsize=10, fontweight="bold", pad=above)


def save(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure as PNG or SVG, as the name says.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What to write.
    path : path
        Ends in ``.png`` or ``.svg``.

    Raises
    ------
    ValueError
        If it ends in something else.
    """
    target = Path(path)
    form = target.suffix.lower().removeprefix(".")
    if form not in {"png", "svg"}:
        raise ValueError(f"{target.name} has to end in .png or .svg.")
    write_atomically(target, [_drawn(figure, form)])


def to_svg(figure: Figure, name: str) -> str:
    """Return a figure as an SVG element to put into HTML.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What to draw.
    name : str
        Begins every id in it, so that those of several figures differ.
    """
    text = _METADATA.sub("", _PROLOGUE.sub("", _drawn(figure, "svg").decode("utf-8"), count=1))
    text = _ID.sub(lambda match: f"{match[0]}{name}-", text)
    # The page decides how wide it is; who cannot see it reads the text beside it.
    first, rest = text.split(">", 1)
    first = re.sub(r'\s(?:width|height)="[^"]*"', "", first)
    return f'{first} aria-hidden="true" focusable="false">{rest}'


def _drawn(figure: Figure, form: str) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 dear to import
    from matplotlib.text import Text  # noqa: PLC0415

    for text in figure.findobj(Text):  # those that were made outside of the style
        text.set_parse_math(False)
    file = io.BytesIO()
    metadata = {"Date": None, "Creator": None} if form == "svg" else {"Software": None}
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format=form, metadata=metadata)
    return file.getvalue()


def outcome(report: GradeReport | None) -> tuple[str, str, str]:
    """Return how a run went: in words, as a letter, and as a colour."""
    if report is None:
        return "missing", "", ABSENT
    if report.medal:
        return report.medal.value, report.medal.value[0].upper(), COLOURS[report.medal]
    if report.valid_submission:
        return "no medal", "·", NO_MEDAL
    return ("invalid", "x", INVALID) if report.submission_exists else ("no submission", "-", ABSENT)
