"""Medals over time, and two sets of runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mlegrade.errors import ReportsError
from mlegrade.summary import arrange, compare, load, over_time
from summary.reports import LITE, graded, grid, report, run, write, write_group

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.report import GradeReport

A, B, C = LITE[:3]


def timeline(*medals: tuple[float, str]) -> tuple[tuple[float, GradeReport], ...]:
    return tuple((3600 * hour, graded(A, m)) for hour, m in medals)


def test_the_course_of_a_run_group(tmp_path: Path) -> None:
    found = arrange(load(write_group(tmp_path / "g", {A: "gg", B: "vg", C: "--"}, hours=20)))
    course = over_time(found)
    assert [moment.hours for moment in course[::2]] == list(range(21))  # each half hour
    assert [moment.mean for moment in course[:-1]] == [0] * 40
    assert course[-1].mean == pytest.approx(50)
    assert course[-1].sem == pytest.approx(100 / 6)


def test_what_counts_is_how_the_submission_stood() -> None:
    late = run(A, "1", "v", timeline=timeline((1, "i"), (2, "b"), (5, "v")))
    course = over_time(arrange([late]), [0, 1, 1.99, 2, 4.9, 5, 100])
    assert [moment.mean for moment in course] == [0, 0, 0, 100, 100, 0, 0]
    assert all(moment.sem is None for moment in course)
    valid = over_time(arrange([late]), [1, 2], measure="valid_submission")
    assert [moment.mean for moment in valid] == [0, 100]


def test_hourly_reports_without_a_runner(tmp_path: Path) -> None:
    lines = [
        {"elapsed": 3600 * hour, "report": report(A, medal, seed=1)}
        for hour, medal in ((1, "v"), (100, "g"))
    ]
    course = over_time(arrange(load(write(tmp_path / "hours.jsonl", lines))))
    assert len(course) == 101
    assert [course[99].mean, course[100].mean] == [0, 100]


@pytest.mark.parametrize(
    ("hours", "step"), [(1, 1 / 60), (1.01, 1 / 12), (5, 1 / 12), (10, 1 / 6), (30, 0.5), (31, 1)]
)
def test_a_course_has_60_steps_or_hours(hours: float, step: float) -> None:
    course = over_time(arrange([run(A, "1", "g", timeline=timeline((hours, "g")))]))
    assert [moment.hours for moment in course[:3]] == pytest.approx([0, step, 2 * step])
    assert hours <= course[-1].hours < hours + step
    assert course[0].to_dict() == {"hours": 0.0, "mean": 0.0, "sem": None, "interval": None}


def test_no_course_without_snapshots() -> None:
    with pytest.raises(ReportsError, match="no graded snapshots"):
        over_time(grid("g"))


def test_padded_runs_never_have_a_medal() -> None:
    runs = [run(A, "1", "g", timeline=timeline((1, "g"))), run(B, "2", "-")]
    found = arrange(runs, incomplete="fail")
    assert over_time(found)[-1].mean == 25


def test_a_comparison_by_hand() -> None:
    first, second = grid("gg", "vv", "gv", "bb"), grid("gg", "gg", "vg", "bb")
    found = compare(first, second)
    assert (found.pairs, found.competitions) == (8, 4)
    assert (found.first, found.second, found.difference) == (62.5, 87.5, 25)
    assert (found.only_first, found.only_second) == (1, 3)
    assert found.p_mcnemar == pytest.approx(0.625)
    assert found.p_permutation == 1.0  # one competition differs
    assert found.interval is not None
    assert found.interval[0] <= 25 <= found.interval[1]
    assert found.unpaired == ()


def test_comparing_the_other_way_turns_the_sign() -> None:
    first, second = grid("gv", "vv", "gv", "bi"), grid("gg", "gg", "vg", "bb")
    one, two = compare(first, second), compare(second, first)
    assert one.difference == -two.difference
    assert one.interval is not None
    assert two.interval == pytest.approx((-one.interval[1], -one.interval[0]))
    assert (one.p_mcnemar, one.p_permutation) == (two.p_mcnemar, two.p_permutation)
    same = compare(first, first)
    assert (same.difference, same.p_mcnemar, same.p_permutation) == (0, 1, 1)


def test_what_has_no_counterpart_is_left_out_and_named() -> None:
    found = compare(grid("gg", "gg"), grid("vvv"))
    assert (found.pairs, found.competitions) == (2, 1)
    assert found.unpaired == (
        f"first: {B}, seed 1",
        f"first: {B}, seed 2",
        f"second: {A}, seed 3",
    )


def test_seeds_can_be_paired_by_order() -> None:
    first = arrange([run(A, "x", "g"), run(A, "y", "v")])
    with pytest.raises(ReportsError, match="--pair order"):
        compare(first, grid("gg"))
    assert compare(first, grid("gg"), pair="order").pairs == 2
    with pytest.raises(ValueError, match="choose seed or order"):
        compare(first, first, pair="luck")


def test_padded_cells_count_as_failed() -> None:
    found = compare(grid("g ", "gg", incomplete="fail"), grid("gg", "gg"))
    assert found.pairs == 4
    assert found.difference == 25


def test_finer_measures_have_no_mcnemar() -> None:
    found = compare(grid("gg"), grid("vg"), measure="normalized")
    assert (found.first, found.second) == (100, 50)
    assert found.p_mcnemar is None
    assert found.only_first is None
    assert found.to_dict()["measure"] == "normalized"
    with pytest.raises(ValueError, match="no measure"):
        compare(grid("g"), grid("g"), measure="luck")
