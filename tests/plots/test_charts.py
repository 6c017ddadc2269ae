"""Figures: what is drawn, and that it is drawn the same every time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from mlegrade import plots
from mlegrade.competitions import get
from mlegrade.errors import PrerequisiteError, ReportsError
from mlegrade.medals import medal_positions
from mlegrade.summary import Familiarity, arrange, over_time, pass_curve
from summary.reports import LITE, graded, grid, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from mlegrade.report import GradeReport

PIZZA = "random-acts-of-pizza"
SPOOKY = "spooky-author-identification"


def several(competition: str, *medals: str) -> list[GradeReport]:
    return [graded(competition, medal) for medal in medals]


def board(competition: str) -> tuple[float, ...]:
    scores = get(competition).leaderboard()
    assert scores is not None
    return scores


def with_hours() -> Figure:
    hours = iter((1.0, 2.0, 0.5, 0.25))
    runs = [
        run(name, seed, "g", meta={"elapsed": 3600 * next(hours)})
        for name in LITE[:2]
        for seed in "12"
    ]
    return plots.effort(arrange(runs))


FIGURES: dict[str, Callable[[], Figure]] = {
    "leaderboard": lambda: plots.leaderboard(several(PIZZA, "g", "b", "v", "i"), board(PIZZA)),
    "leaderboard, lower": lambda: plots.leaderboard(several(SPOOKY, "s", "v"), board(SPOOKY)),
    "leaderboard, few teams": lambda: plots.leaderboard(several(PIZZA, "g"), [0.9, 0.5, 0.1]),
    "leaderboard, one team": lambda: plots.leaderboard(several(PIZZA, "g"), [0.5]),
    "heat map": lambda: plots.heat_map(grid("gsb", "vi-", "gg ", incomplete="fail")),
    "pass@k": lambda: plots.pass_at_k(pass_curve(grid("gsbv", "vvvv"))),
    "pass@k, one": lambda: plots.pass_at_k(pass_curve(grid("g"))),
    "effort": with_hours,
    "familiarity": lambda: plots.familiarity(Familiarity({"a": (0.4, 9.0)}, None, ())),
}


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_has_the_same_bytes(tmp_path: Path, name: str) -> None:
    for form in ("svg", "png"):
        for number in (1, 2):
            plots.save(FIGURES[name](), tmp_path / f"{number}.{form}")
        one, two = (tmp_path / f"{number}.{form}" for number in (1, 2))
        assert one.read_bytes() == two.read_bytes()
    text = (tmp_path / "1.svg").read_text()
    assert ET.fromstring(text).tag.endswith("svg")  # noqa: S314 our own
    assert "<dc:date>" not in text
    with Image.open(tmp_path / "1.png") as image:
        pixels = np.asarray(image.convert("L"))
    assert pixels.min() < 100
    assert pixels.max() > 250
    # Nothing is cut off: the outermost pixels are paper.
    edge = [pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]
    assert all(line.min() > 250 for line in edge)


def test_a_score_stands_at_its_place_between_the_zones() -> None:
    figure = plots.leaderboard(several(PIZZA, "g", "b", "v"), board(PIZZA))
    (axes,) = figure.axes
    points = [line for line in axes.lines if line.get_marker() != "None"]
    places = [float(line.get_xdata()[0]) for line in points]
    gold, silver, bronze = medal_positions(len(board(PIZZA)))
    assert places[0] <= gold
    assert silver < places[1] <= bronze
    assert places[2] == len(board(PIZZA)) + 1
    assert points[2].get_marker() == "v"
    assert [text.get_text() for text in axes.texts] == ["gold", "silver", "bronze"]


def test_a_hopeless_score_points_off_the_figure_whatever_the_direction() -> None:
    (axes,) = plots.leaderboard(several(SPOOKY, "v"), board(SPOOKY)).axes
    assert axes.lines[-1].get_marker() == "v"
    assert axes.yaxis_inverted()


def test_no_score_no_place() -> None:
    with pytest.raises(ReportsError, match="no report has a score"):
        plots.leaderboard(several(PIZZA, "i"), board(PIZZA))


def test_medals_over_time_are_a_step_line() -> None:
    line = tuple((3600.0 * h, graded(LITE[0], m)) for h, m in ((1, "v"), (2, "g")))
    runs = [run(LITE[0], seed, "g", timeline=line) for seed in "12"]
    course = over_time(arrange(runs), [0, 1, 2, 3])
    (axes,) = plots.medals_over_time(course).axes
    assert list(axes.lines[0].get_ydata()) == [0, 0, 100, 100]
    assert axes.lines[0].get_drawstyle() == "steps-post"
    assert len(axes.collections) == 1
    assert axes.get_xlabel() == "hours since the run began"
    short = plots.medals_over_time(over_time(arrange(runs), [0, 0.5])).axes[0]
    assert short.get_xlabel() == "minutes since the run began"
    assert short.get_xlim() == pytest.approx((0, 30.6))
    alone = plots.medals_over_time(over_time(arrange(runs[:1]), [2]))
    assert not alone.axes[0].collections


def test_the_heat_map_says_everything_twice() -> None:
    """In colour and by a letter: nobody has to tell colours apart."""
    figure = plots.heat_map(grid("gsb", "vi-"))
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["G", "S", "B", "·", "x", "-"]
    assert len({patch.get_facecolor() for patch in axes.patches}) == 6
    (legend,) = figure.legends
    words = [text.get_text() for text in legend.get_texts()]
    assert words == ["G gold", "S silver", "B bronze", "· no medal", "x invalid", "- no submission"]


def test_hundreds_of_seeds_make_a_heat_map_that_one_can_open() -> None:
    figure = plots.heat_map(arrange([run(LITE[0], str(seed), "g") for seed in range(300)]))
    assert figure.get_figwidth() < 25
    (axes,) = figure.axes
    assert len(axes.patches) == 300
    assert not axes.texts
    assert axes.get_xticklabels()[1].get_text() == f"{axes.get_xticks()[1] - 0.5:.0f}"


def test_effort_needs_what_runs_took() -> None:
    (axes,) = with_hours().axes
    assert [float(line.get_xdata()[0]) for line in axes.lines] == [1.0, 2.0, 0.5, 0.25]
    (short,) = plots.effort(arrange([run(LITE[0], "1", "v", meta={"elapsed": 90})])).axes
    assert short.get_xlabel() == "minutes"
    assert float(short.lines[0].get_xdata()[0]) == 1.5
    with pytest.raises(ReportsError, match=r"no report says .* \(cost\)"):
        plots.effort(grid("g"), key="cost")


@pytest.mark.parametrize("elapsed", [float("nan"), float("inf"), 10**400, True, "90"])
def test_effort_passes_over_what_is_no_number(elapsed: object) -> None:
    runs = [run(LITE[0], str(n), "v", meta={"elapsed": e}) for n, e in enumerate((elapsed, 90))]
    assert len(plots.effort(arrange(runs)).axes[0].lines) == 1
    with pytest.raises(ReportsError, match="no report says"):
        plots.effort(arrange(runs[:1]))


def test_names_are_no_formulas(tmp_path: Path) -> None:
    figure = plots.heat_map(arrange([run(LITE[0], seed, "g") for seed in ("$_$", "1")]))
    plots.save(figure, tmp_path / "heat.svg")
    assert "$_$" in (tmp_path / "heat.svg").read_text()


def test_familiarity_needs_a_point() -> None:
    with pytest.raises(ReportsError, match="no competition has both"):
        plots.familiarity(Familiarity({}, None, ()))


def test_only_png_and_svg(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.png or \.svg"):
        plots.save(FIGURES["heat map"](), tmp_path / "a.pdf")


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("matplotlib.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PrerequisiteError, match=r"pip install 'mlegrade\[plots\]'"):
        plots.heat_map(grid("g"))
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(PrerequisiteError, match=r"pip install 'mlegrade\[plots\]'"):
        plots.html_report(grid("g"))
