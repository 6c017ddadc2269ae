"""The medal rule, its boundaries, and what others published of it."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.competitions import get, ids
from mlegrade.medals import (
    Medal,
    Thresholds,
    above_median,
    award,
    medal_positions,
    medal_thresholds,
    percentile,
    rank,
)

PUBLISHED = Path(__file__).parent / "data" / "medals"
ORDER = [None, Medal.BRONZE, Medal.SILVER, Medal.GOLD]

scores = st.floats(-1e6, 1e6).map(lambda score: round(score, 5))
boards = st.lists(scores, min_size=1, max_size=300)


def published(name: str) -> Any:
    return json.loads((PUBLISHED / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("n_teams", "places"),
    [
        (1, (1, 1, 1)),
        (4, (1, 1, 1)),
        (9, (1, 1, 3)),
        (10, (1, 2, 4)),
        (99, (9, 19, 39)),
        (100, (10, 20, 40)),
        (249, (10, 49, 99)),
        (250, (10, 50, 100)),
        (499, (10, 50, 100)),
        (500, (11, 50, 100)),
        (999, (11, 50, 100)),
        (1000, (12, 50, 100)),
        (1999, (13, 99, 199)),
        (4539, (19, 226, 453)),
    ],
)
def test_places_at_the_boundaries(n_teams: int, places: tuple[int, int, int]) -> None:
    assert medal_positions(n_teams) == places


def test_whole_numbers_and_truncated_floats_give_the_same_places() -> None:
    for n in range(1, 20_001):
        if n < 100:
            shares = (int(n * 0.1), int(n * 0.2), int(n * 0.4))
        elif n < 250:
            shares = (10, int(n * 0.2), int(n * 0.4))
        elif n < 1000:
            shares = (10 + int(n * 0.002), 50, 100)
        else:
            shares = (10 + int(n * 0.002), int(n * 0.05), int(n * 0.1))
        assert medal_positions(n) == tuple(max(1, share) for share in shares)


@given(boards, st.booleans())
def test_lines_are_ordered_and_stand_on_the_board(board: list[float], higher: bool) -> None:
    lines = medal_thresholds(board, higher_is_better=higher)
    ordered = [lines.gold, lines.silver, lines.bronze]
    assert ordered == sorted(ordered, reverse=higher)
    assert set(ordered) <= set(board)


@given(boards, st.randoms(), st.booleans())
def test_order_of_the_board_does_not_matter(board: list[float], random: Any, higher: bool) -> None:
    shuffled = board.copy()
    random.shuffle(shuffled)
    assert medal_thresholds(board, higher_is_better=higher) == medal_thresholds(
        shuffled, higher_is_better=higher
    )


@given(boards, st.booleans())
def test_mirrored_board_has_mirrored_lines(board: list[float], higher: bool) -> None:
    lines = medal_thresholds(board, higher_is_better=higher)
    other = medal_thresholds([-score for score in board], higher_is_better=not higher)
    assert other == Thresholds(-lines.gold, -lines.silver, -lines.bronze, -lines.median)


@given(boards, scores, scores, st.booleans())
def test_a_better_score_never_earns_less(
    board: list[float], one: float, two: float, higher: bool
) -> None:
    lines = medal_thresholds(board, higher_is_better=higher)
    worse, better = sorted([one, two], reverse=not higher)
    medals = [ORDER.index(award(s, lines, higher_is_better=higher)) for s in (worse, better)]
    assert medals[0] <= medals[1]
    ranked = sorted(board, reverse=higher)
    assert rank(better, ranked, higher_is_better=higher) <= rank(
        worse, ranked, higher_is_better=higher
    )


@given(boards, scores, st.booleans())
def test_rank_and_percentile_count_the_board(
    board: list[float], score: float, higher: bool
) -> None:
    ranked = sorted(board, reverse=higher)
    better = sum(s > score if higher else s < score for s in board)
    equal = sum(s == score for s in board)
    assert rank(score, ranked, higher_is_better=higher) == better + 1
    expected = (len(board) - better - equal / 2) / len(board)
    assert percentile(score, ranked, higher_is_better=higher) == expected


def test_a_score_on_the_line_is_inside_and_on_the_median_is_not_above() -> None:
    lines = Thresholds(0.9, 0.8, 0.7, 0.5)
    assert award(0.9, lines, higher_is_better=True) is Medal.GOLD
    assert award(0.89999, lines, higher_is_better=True) is Medal.SILVER
    assert award(0.7, lines, higher_is_better=True) is Medal.BRONZE
    assert award(0.69999, lines, higher_is_better=True) is None
    assert not above_median(0.5, lines, higher_is_better=True)
    assert above_median(0.50001, lines, higher_is_better=True)
    assert award(-math.inf, Thresholds(-3, -2, -1, 0), higher_is_better=False) is Medal.GOLD


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(-1, 10))
def test_a_board_turned_upside_down_says_the_same(board: list[int], score: int) -> None:
    lines = medal_thresholds(board, higher_is_better=True)
    turned = medal_thresholds([-other for other in board], higher_is_better=False)
    ordered = sorted(board, reverse=True)
    for judge, one, other in (
        (award, lines, turned),
        (above_median, lines, turned),
        (rank, ordered, [-each for each in ordered]),
        (percentile, ordered, [-each for each in ordered]),
    ):
        found = judge(score, one, higher_is_better=True)
        assert judge(-score, other, higher_is_better=False) == found


@pytest.mark.parametrize("board", [[], [1.0, math.nan], [math.inf]])
def test_boards_without_lines(board: list[float]) -> None:
    with pytest.raises(ValueError, match="leaderboard"):
        medal_thresholds(board, higher_is_better=True)


@pytest.mark.parametrize("competition", ids("all") + ids("dev"))
def test_thresholds_follow_from_an_exact_leaderboard(competition: str) -> None:
    facts = get(competition)
    board = facts.leaderboard()
    lines = facts.thresholds
    assert lines is not None
    if board is None:
        return
    assert list(board) == sorted(board, reverse=facts.higher_is_better)
    made = medal_thresholds(board, higher_is_better=facts.higher_is_better)
    if facts.leaderboard_is_exact:
        assert len(board) == facts.facts["medals"]["teams"]
        assert made.median == pytest.approx(lines.median, abs=6e-6, rel=1e-7)
        for medal in Medal:
            assert getattr(made, medal) == pytest.approx(getattr(lines, medal), abs=6e-6, rel=1e-7)


# Published pairs of score and medal


def check_report(report: dict[str, Any], lines: Thresholds) -> None:
    higher = not report["is_lower_better"]
    if report["score"] is None:
        assert not report["valid_submission"]
        assert not report["any_medal"]
        return
    medal = award(report["score"], lines, higher_is_better=higher)
    assert report["any_medal"] == (medal is not None)
    for each in Medal:
        assert report[f"{each}_medal"] == (medal is each)
    assert report["above_median"] == above_median(report["score"], lines, higher_is_better=higher)


@pytest.mark.parametrize(
    "report", published("official_grades.json"), ids=lambda report: report["competition_id"]
)
def test_official_grades(report: dict[str, Any]) -> None:
    competition = get(report["competition_id"])
    assert competition.thresholds is not None
    assert competition.higher_is_better != report["is_lower_better"]
    for line in ("gold", "silver", "bronze", "median"):
        published_line = report[f"{line}_threshold"]
        assert getattr(competition.thresholds, line) == pytest.approx(published_line, abs=6e-6)
    check_report(report, competition.thresholds)


def test_the_three_runs_over_the_lite_split() -> None:
    content = published("lite_three_runs.json")
    best = dict.fromkeys(Medal, 0)
    assert sorted(content["runs"]) == sorted(ids("lite"))
    shares = [0.0, 0.0, 0.0]
    for name, runs in content["runs"].items():
        competition = get(name)
        assert competition.thresholds is not None
        medals = [
            award(
                run["score"],
                competition.thresholds,
                higher_is_better=competition.higher_is_better,
            )
            if run["score"] is not None
            else None
            for run in runs
        ]
        assert [medal and medal.value for medal in medals] == [run["medal"] for run in runs]
        for number, medal in enumerate(medals):
            shares[number] += 100 * (medal is not None) / len(content["runs"])
        if top := max(medals, key=ORDER.index):
            best[top] += 1
    assert [round(share, 2) for share in shares] == [
        content["published"]["any_medal_percentage"]
    ] * 3
    # The publication's split of the lower medals (5 silver, 3 bronze) counts other runs, too: by
    # its own medals, run by run, no three of these competitions but four have bronze at best.
    stated = content["published"]["best_medals"]
    assert best[Medal.GOLD] == stated["gold"]
    assert sum(best.values()) == sum(stated.values())


def test_groups_with_their_own_leaderboards() -> None:
    for report in published("custom_boards.json"):
        if report["gold_threshold"] is None:
            assert not report["submission_exists"]
            continue
        path = PUBLISHED / "leaderboards" / f"{report['competition_id']}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            board = [float(row["score"]) for row in csv.DictReader(file)]
        lines = medal_thresholds(board, higher_is_better=not report["is_lower_better"])
        for medal in Medal:
            assert getattr(lines, medal) == pytest.approx(report[f"{medal}_threshold"], abs=6e-6)
        # One of the boards got another row between the groups, which moved its median.
        check_report(report, dataclasses.replace(lines, median=report["median_threshold"]))


@pytest.mark.parametrize("place_of", [rank, percentile])
def test_what_is_no_number_has_no_place(place_of: Any) -> None:
    with pytest.raises(ValueError, match="no place"):
        place_of(math.nan, [3.0, 2.0], higher_is_better=True)
