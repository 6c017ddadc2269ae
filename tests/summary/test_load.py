"""Reading reports: every form, and what is wrong with each broken one."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.competitions import get
from mlegrade.errors import ReportsError
from mlegrade.medals import Medal, percentile, rank
from mlegrade.summary import arrange, load, read_board, summarize
from summary.reports import LITE, PUBLISHED, published, report, write, write_group

A, B = LITE[:2]


def seeds_of(*paths: Path, **options: Any) -> list[tuple[str, str]]:
    return [(run.competition_id, run.seed) for run in load(*paths, **options).runs]


def test_all_forms_say_the_same(tmp_path: Path) -> None:
    reports = [report(A, "g", meta={"seed": 1}), report(B, "v", meta={"seed": 1})]
    forms = [
        write(tmp_path / "a.json", reports),
        write(tmp_path / "b.jsonl", reports),
        write(tmp_path / "c.json", {"competition_reports": reports, "total_runs": 2}),
        write(tmp_path / "folder" / "one.json", reports[0]).parent,
    ]
    write(tmp_path / "folder" / "deep" / "two.json", reports[1])
    for form in forms:
        loaded = load(form)
        assert {run.competition_id: run.report.medal for run in loaded.runs} == {
            A: Medal.GOLD,
            B: None,
        }
        assert loaded.notes == ()


@pytest.mark.parametrize("hours", [[2.0], [1.0, 2.0], [2.0, 0.5, 1.0]])
def test_snapshots_alone_make_a_run_that_is_worth_the_last_of_them(
    hours: list[float], tmp_path: Path
) -> None:
    lines = [
        {"elapsed": 3600 * hour, "report": report(A, "g" if hour == 2.0 else "b", seed=1)}
        for hour in hours
    ]
    path = write(tmp_path / "snapshots.jsonl", lines)
    (run,) = load(path).runs
    assert run.report.medal is Medal.GOLD
    assert [elapsed for elapsed, _ in run.timeline] == [3600 * hour for hour in sorted(hours)]
    assert run.source == f"{path}, line 1"


def test_snapshots_need_a_seed(tmp_path: Path) -> None:
    """Four of one run are not four runs."""
    lines = [{"elapsed": hour, "report": report(A)} for hour in range(4)]
    path = write(tmp_path / "a.jsonl", [*lines, report(A)])
    with pytest.raises(ReportsError, match="line 1: is a snapshot without a seed") as caught:
        load(path)
    assert len(caught.value.problems) == 4
    assert seeds_of(path, keep_going=True) == [(A, "1")]


def test_mle_bench_reports_have_their_medals(tmp_path: Path) -> None:
    reports = published("official_grades.json")
    path = write(tmp_path / "grading_report.json", {"competition_reports": reports})
    loaded = load(path)
    assert [run.report.any_medal for run in loaded.runs] == [r["any_medal"] for r in reports]
    assert "n-th on each competition has seed n" in loaded.notes[0]


def test_seeds_are_explicit_or_by_order(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.jsonl", [report(A), report(B), report(A)])
    assert seeds_of(plain) == [(A, "1"), (B, "1"), (A, "2")]
    named = write(tmp_path / "named.jsonl", [report(A, seed=7), report(A, meta={"seed": 8})])
    assert seeds_of(named) == [(A, "7"), (A, "8")]
    group = {"competition_reports": [report(A), report(B)], "run_group": "tuesday"}
    assert seeds_of(write(tmp_path / "group.json", group)) == [(A, "tuesday"), (B, "tuesday")]


def test_equal_seeds_of_two_groups_are_two_seeds(tmp_path: Path) -> None:
    both = [report(A, seed=1, run_group=name) for name in ("x", "y")]
    assert seeds_of(write(tmp_path / "a.jsonl", both)) == [(A, "x/1"), (A, "y/1")]


def test_groups_may_share_the_work(tmp_path: Path) -> None:
    both = [report(A, seed=1, run_group="x"), report(B, seed=1, run_group="y")]
    assert seeds_of(write(tmp_path / "a.jsonl", both)) == [(A, "1"), (B, "1")]


def test_two_variants_of_the_data_are_not_mixed(tmp_path: Path) -> None:
    made = [report(A, seed=n, data_variant=v) for n, v in enumerate((None, "fixes", "mle-bench"))]
    made.append(report(B, seed=0, data_variant="mle-bench"))
    path = write(tmp_path / "a.json", made)
    with pytest.raises(ReportsError, match="entry 3: was graded on the data 'mle-bench'") as caught:
        load(path)
    assert len(caught.value.problems) == 1


def test_it_is_noted_how_many_reports_are_on_other_data(tmp_path: Path) -> None:
    made = [report(A, seed=n, data_variant="synthetic") for n in range(2)]
    made.append(report(B, seed=0, data_variant="fixes"))
    fixes, synthetic = load(write(tmp_path / "a.json", made)).notes
    assert fixes.startswith("1 of 3 reports was graded on data with fixes: ")
    assert synthetic.startswith("2 of 3 reports were graded on synthetic data: ")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)


KEYS = [*report(A), "meta", "error", "seed", "report", "elapsed", "failure", "warnings", "flags"]


@given(st.dictionaries(st.sampled_from(KEYS), values))
def test_whatever_stands_in_a_report_is_read_or_refused(changes: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "a.json", [report(A) | changes])
        try:
            loaded = load(path)
        except ReportsError as error:
            assert str(path) in str(error)
        else:
            found = summarize(arrange(loaded)).to_dict()
            assert json.dumps(found, allow_nan=False)


def test_a_score_alone_is_awarded_its_medal(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [{"competition_id": A, "score": report(A, "s")["score"]}])
    (found,) = load(path).runs
    assert found.report.any_medal
    assert found.report.above_median


def test_a_score_is_awarded_its_medal_as_grading_rounds_it(tmp_path: Path) -> None:
    score = {"competition_id": "aerial-cactus-identification", "score": 0.999998}
    (found,) = load(write(tmp_path / "a.json", [score])).runs
    assert found.report.gold_medal
    assert (found.report.score, found.report.raw_score) == (1.0, 0.999998)


def test_a_score_with_a_medal_is_set_beside_the_median(tmp_path: Path) -> None:
    score = report(A, "s")["score"]
    path = write(tmp_path / "a.json", [{"competition_id": A, "score": score, "medal": "silver"}])
    (found,) = load(path).runs
    assert found.report.above_median


def test_what_a_report_says_of_the_median_counts(tmp_path: Path) -> None:
    said = {"competition_id": A, "score": report(A, "s")["score"], "above_median": False}
    (found,) = load(write(tmp_path / "a.json", [said])).runs
    assert found.report.any_medal
    assert not found.report.above_median


def test_a_medal_that_the_lines_do_not_give_is_noted(tmp_path: Path) -> None:
    wrong = [report(A, "v", seed=seed) | {"medal": "gold"} for seed in range(3)]
    loaded = load(write(tmp_path / "a.json", wrong))
    assert loaded.runs[0].report.gold_medal
    (note,) = loaded.notes
    assert "entry 1: says gold, but the medal lines of mlegrade give no medal" in note
    assert note.endswith("The same goes for 2 more reports on that competition.")


def test_an_unknown_competition_is_named_once(tmp_path: Path) -> None:
    of_others = [report(A) | {"competition_id": name} for name in ("mine", "yours", "mine")]
    path = write(tmp_path / "a.json", [report(A), *of_others])
    with pytest.raises(ReportsError) as caught:
        load(path)
    mine, yours = caught.value.problems
    assert mine.startswith(f"{path}, entry 2: no competition is called 'mine'")
    assert mine.endswith("The same goes for 1 more report on that competition.")
    assert yours.startswith(f"{path}, entry 3: no competition is called 'yours'")
    assert yours.endswith("(--leaderboards DIR).")


def test_a_run_group_is_read_as_data(tmp_path: Path) -> None:
    folder = write_group(tmp_path / "runs" / "dummy-1", {A: "gv", B: "-i"})
    for place in (folder, tmp_path / "runs"):
        loaded = load(place)
        assert sorted((r.competition_id, r.seed) for r in loaded.runs) == [
            (A, "0"), (A, "1"), (B, "0"), (B, "1"),
        ]  # fmt: skip
        first = next(run for run in loaded.runs if run.seed == "0" and run.competition_id == A)
        assert [moment[0] for moment in first.timeline] == [3600.0, 7200.0, 10800.0]
        assert first.report.gold_medal


def test_a_part_of_a_run_group_is_read_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Journals, lists of snapshots and validations in it are no reports."""
    group = write_group(tmp_path / "g", {A: "gv ", B: "-i"})
    write(group / A / "seed-0" / "validations.jsonl", [{"ok": True}])
    part = load(group / A)
    assert [(run.competition_id, run.seed) for run in part.runs] == [(A, "0"), (A, "1")]
    assert part.missing == ((A, "2"),)
    assert len(part.runs[0].timeline) == 3
    one = group / A / "seed-1"
    assert seeds_of(one) == seeds_of(one / "report.json") == [(A, "1")]
    assert seeds_of(one, group / A, group) == [(A, "1"), (A, "0"), (B, "0"), (B, "1")]
    monkeypatch.chdir(one)
    assert seeds_of(Path("..") / "seed-0") == [(A, "0")]
    write(group / "notes" / "own.json", report(A, seed=7))
    assert seeds_of(group / "notes") == [(A, "7")]


def test_runs_without_a_grade_are_told_apart(tmp_path: Path) -> None:
    folder = write_group(tmp_path / "g", {A: "g "})
    assert "failed because of the set-up" in load(folder).notes[0]
    write(folder / A / "seed-1" / "journal.json", {"state": "running"})
    assert "is running" in load(folder).notes[0]
    (folder / A / "seed-1" / "journal.json").unlink()
    assert "has not begun" in load(folder).notes[0]
    write(folder / A / "seed-1" / "journal.json", {"state": "timed_out", "fault": None})
    with pytest.raises(ReportsError, match="grade-run"):
        load(folder)
    (folder / A / "seed-1" / "journal.json").write_text('{"state')
    with pytest.raises(ReportsError, match="no journal"):
        load(folder)
    (folder / A / "seed-0" / "report.json").write_text("{")
    with pytest.raises(ReportsError, match=r"seed-0/report\.json: is no JSON"):
        load(folder)
    (folder / "group.json").write_text("[]")
    with pytest.raises(ReportsError, match="no record of a run group"):
        load(folder)


def test_runs_without_a_report_are_missing(tmp_path: Path) -> None:
    """Also where no other competition has the seed, or none of the competition's runs a report."""
    loaded = load(write_group(tmp_path / "g", {A: "gg ", B: " "}))
    assert loaded.missing == ((A, "2"), (B, "0"))
    with pytest.raises(ReportsError) as caught:
        arrange(loaded)
    assert caught.value.problems == (f"{A}: no run of seed 2", f"{B}: no run of seed 0, 1, 2")
    padded = summarize(arrange(loaded, incomplete="fail")).overall
    assert (padded.competitions, padded.seeds, padded.padded) == (2, 3, 4)
    assert padded.measures["any_medal"].mean == pytest.approx(100 * 2 / 6)


def test_a_run_that_cannot_be_read_is_missing(tmp_path: Path) -> None:
    folder = write_group(tmp_path / "g", {A: "gg", B: "gg"})
    for name in (A, B):
        (folder / name / "seed-1" / "report.json").write_text("{")
        (folder / name / "seed-1" / "snapshots.jsonl").unlink()
    assert load(folder, keep_going=True).missing == ((A, "1"), (B, "1"))


def test_a_competition_without_any_report_has_to_be_known(tmp_path: Path) -> None:
    folder = write_group(tmp_path / "g", {A: "g"})
    runs = [{"competition_id": name, "seed": 0} for name in (A, "mine")]
    write(folder / "group.json", {"runs": runs})
    with pytest.raises(ReportsError, match="g: no competition is called 'mine'") as caught:
        load(folder)
    assert len(caught.value.problems) == 1
    assert load(folder, keep_going=True).missing == ()


def test_a_group_may_make_up_for_what_another_lacks(tmp_path: Path) -> None:
    one = write_group(tmp_path / "one", {A: "g", B: " "})
    two = write_group(tmp_path / "two", {B: "g"})
    assert seeds_of(one, two) == [(A, "0"), (B, "0")]
    assert load(one, two).missing == ()
    nothing = write_group(tmp_path / "three", {A: " "})
    assert load(one, two, nothing).missing == ((B, "one/0"), (A, "three/0"))


@pytest.mark.parametrize(
    "broken",
    [
        report(B, seed=2) | {"score": "good"},
        {"failure": True, "competition_id": B, "error": {}, "meta": {"seed": 2}},
        {"failure": True, "competition_id": B[:-3], "error": {}, "meta": {"seed": 2}},
    ],
)
def test_what_is_left_out_is_missing_where_its_place_is_known(
    tmp_path: Path, broken: dict[str, Any]
) -> None:
    path = write(tmp_path / "a.jsonl", [report(A, seed=1), broken])
    loaded = load(path, keep_going=True)
    assert loaded.missing == ((B, "2"),)
    found = arrange(loaded, incomplete="fail")
    assert (found.competitions, found.seeds) == ((A, B), ("1", "2"))
    again = write(tmp_path / "b.jsonl", [report(B, "v", seed=2)])
    assert load(path, again, keep_going=True).missing == ()


def test_a_file_is_read_once_under_whatever_name(tmp_path: Path) -> None:
    path = write(tmp_path / "one" / "a.jsonl", [report(A, "g"), report(A, "v")])
    (tmp_path / "one" / "b.jsonl").symlink_to(path)
    (tmp_path / "latest").symlink_to(path.parent)
    for paths in ([path, path], [tmp_path], [tmp_path / "latest", path.parent]):
        loaded = load(*paths)
        assert [run.seed for run in loaded.runs] == ["1", "2"]
        assert any("which is read once" in note for note in loaded.notes)
    assert f"{tmp_path / 'latest'}: is a link and not followed" in load(tmp_path).notes[0]
    group = write_group(tmp_path / "runs" / "g", {A: "gv"})
    assert seeds_of(group, group.parent, group) == [(A, "0"), (A, "1")]


def test_what_is_left_out_keeps_its_place_in_the_count(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [report(A), report(A, score="good"), report(A), report(B)])
    loaded = load(path, keep_going=True)
    assert [(run.competition_id, run.seed) for run in loaded.runs] == [(A, "1"), (A, "3"), (B, "1")]
    assert loaded.missing == ((A, "2"),)


def test_other_json_in_a_folder_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path / "report.json", report(A))
    write(tmp_path / "metadata.json", {"agent": "x"})
    loaded = load(tmp_path)
    assert len(loaded.runs) == 1
    assert any("metadata.json holds no reports" in note for note in loaded.notes)
    (tmp_path / "submission.csv").write_text("id,x\n")
    assert len(load(tmp_path).runs) == 1
    with pytest.raises(ReportsError, match="holds no reports"):
        load(tmp_path / "metadata.json")


BROKEN = {
    "no object": ([1], "entry 2: is no JSON object"),
    "no id": ({"score": 1.0}, "entry 2: is no grade report: competition_id"),
    "unknown": (report(A) | {"competition_id": "nope"}, "entry 2: no competition is called 'nope'"),
    "a prefix": (report(A) | {"competition_id": A[:-3]}, f"Did you mean: {A}"),
    "NaN": (report(A) | {"score": float("nan")}, "entry 2: its score is nan"),
    "infinite": (report(A) | {"score": float("inf")}, "entry 2: its score is inf"),
    "words": (report(A) | {"score": "good"}, "entry 2: is no grade report"),
    "no score": ({"competition_id": A}, "entry 2: is no grade report"),
    "scoring version": (report(B) | {"scoring_version": 2}, "entry 2: was scored by scoring"),
    "layout": (report(B) | {"schema_version": 99}, "entry 2: has schema version 99"),
    "same seed": (report(A, seed=1), f"entry 2: is a second report on {A} with seed 1"),
    "no seed": (report(B), "entry 2: has no seed"),
    "failure": ({"failure": True, "competition_id": A, "error": {"message": "no answers"}},
                "entry 2: was not graded (no answers)"),
    "valid without": (report(A) | {"score": None}, "valid without a score"),
    "direction": (report(A) | {"is_lower_better": True}, "not the direction"),
    "medal of none": (report(A, "i") | {"medal": "gold"}, "invalid and has a medal"),
    "above of none": (report(A, "i") | {"above_median": True}, "invalid and above the median"),
    "a medal of none": ({"competition_id": A, "score": 1.0, "any_medal": True},
                        "its any_medal is True, but its medal is none"),
    "no medal of one": ({"competition_id": A, "score": 1.0, "any_medal": False,
                         "gold_medal": True}, "its any_medal is False, but its medal is gold"),
    "two medals": ({"competition_id": A, "score": 1.0, "gold_medal": True, "bronze_medal": True},
                   "its bronze_medal is True, but its medal is gold"),
    "another medal": (report(A, "b") | {"gold_medal": True},
                      "its gold_medal is True, but its medal is bronze"),
    "no medal beside a flag": (report(A, "v") | {"gold_medal": True},
                               "its gold_medal is True, but its medal is none"),
    "medal as text": (report(A) | {"gold_medal": "false"}, "gold_medal is 'false'"),
    "rank as text": (report(A) | {"rank": "first"}, "rank is 'first'"),
    "meta": (report(A) | {"meta": 3}, "entry 2: is no grade report (meta is 3)"),
    "truth as text": (report(A) | {"above_median": "no"}, "above_median is 'no'"),
    "truth as score": (report(A) | {"score": True}, "score is True"),
    "huge": (report(A) | {"score": 10**400}, "entry 2: is no grade report"),
    "endless line": (report(A) | {"gold_threshold": float("inf")}, "no finite number"),
    "no line": (report(A) | {"bronze_threshold": float("nan")}, "no finite number"),
    "valid of nothing": (report(A) | {"submission_exists": False}, "there is no submission"),
    "odd seed": (report(A, seed=[1]), "its seed or run_group is [1]"),
    "bare failure": ({"failure": True, "error": 1}, "was not graded (no reason given)"),
    "snapshot": ({"report": report(A)}, "without elapsed"),
    "snapshot of nothing": ({"report": 1, "elapsed": 1}, "its report is no JSON object"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_entry_is_named_and_can_be_left_out(tmp_path: Path, name: str) -> None:
    data, message = BROKEN[name]
    path = write(tmp_path / "reports.json", [report(A, seed=1), data])
    with pytest.raises(ReportsError) as caught:
        load(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    loaded = load(path, keep_going=True)
    assert len(loaded.runs) == 1
    assert len(loaded.problems) == 1


def test_truncated_files_are_named(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.json", [report(A, seed=1)])
    cut = tmp_path / "cut.json"
    cut.write_text(whole.read_text()[:-9])
    lines = write(tmp_path / "lines.jsonl", [report(B, seed=1), report(A, seed=2)])
    lines.write_text(lines.read_text()[:-9])
    with pytest.raises(ReportsError) as caught:
        load(whole, cut, lines)
    assert len(caught.value.problems) == 2
    assert f"{cut}: is no JSON (" in caught.value.problems[0]
    assert f"{lines}, line 2: is no JSON" in caught.value.problems[1]
    assert len(load(tmp_path, keep_going=True).runs) == 2
    with pytest.raises(ReportsError, match="no reports to summarise"):
        load(cut, keep_going=True)
    with pytest.raises(ReportsError, match="no file or folder"):
        load(tmp_path / "none.json")


def test_what_preparing_notes_is_no_report(tmp_path: Path) -> None:
    write(tmp_path / "reports.json", [report(A, seed=1)])
    note = tmp_path / "data" / A / "prepared" / "mlegrade.json"
    note.parent.mkdir(parents=True)
    note.write_text(json.dumps({"competition_id": A, "variant": "fixes"}))
    assert len(load(tmp_path).runs) == 1


def test_minus_infinity_is_a_score(tmp_path: Path) -> None:
    best = report("champs-scalar-coupling", "g") | {"score": "-inf"}
    (run,) = load(write(tmp_path / "a.json", best)).runs
    assert run.report.score == float("-inf")


# Leaderboards by file


def test_medals_from_leaderboards_by_file(tmp_path: Path) -> None:
    """All published medals follow from the scores; the board's own groups have theirs."""
    reports = published("custom_boards.json")
    bare = [{k: v for k, v in r.items() if "medal" not in k} for r in reports]
    path = write(tmp_path / "bare.json", bare)
    loaded = load(path, leaderboards=PUBLISHED / "leaderboards")
    assert [run.report.any_medal for run in loaded.runs] == [r["any_medal"] for r in reports]
    for medal in Medal:
        got = [run.report.medal is medal for run in loaded.runs]
        assert got == [r[f"{medal}_medal"] for r in reports]
    groups = [sum(r.report.any_medal for r in loaded.runs[at : at + 45]) for at in (0, 45, 90)]
    assert groups == [5, 11, 10]
    with pytest.raises(ReportsError, match="--leaderboards DIR"):
        load(path)


def test_a_published_file_that_contradicts_itself() -> None:
    """Padded submissions were declared invalid there, but five kept their medals."""
    path = PUBLISHED / "filtered_group.json"
    with pytest.raises(ReportsError) as caught:
        load(path, leaderboards=PUBLISHED / "leaderboards")
    kept = [r["competition_id"] for r in published(path.name) if r["any_medal"]]
    assert len(caught.value.problems) == len(kept) == 5
    assert all("invalid and has a medal" in problem for problem in caught.value.problems)
    loaded = load(path, leaderboards=PUBLISHED / "leaderboards", keep_going=True)
    assert len(loaded.runs) == 40
    assert arrange(loaded, incomplete="fail").values("valid_submission").sum() == 2


def test_a_place_comes_from_the_board_that_awards_the_medal(tmp_path: Path) -> None:
    board = tmp_path / "boards" / f"{A}.csv"
    board.parent.mkdir()
    board.write_text("score\n0.1\n0.3\n0.2\n0.4\n")
    said = {"competition_id": A, "score": 0.35, "rank": 9, "percentile": 0.0, "medal": None}
    path = write(tmp_path / "a.json", said)
    (found,) = load(path, leaderboards=board.parent).runs
    assert (found.report.rank, found.report.percentile) == (2, 0.75)
    (as_said,) = load(path).runs
    assert (as_said.report.rank, as_said.report.percentile) == (9, 0.0)


def test_what_a_report_does_not_say_follows_from_the_catalogues_board(tmp_path: Path) -> None:
    score = report(A, "s")["score"]
    said = [{"competition_id": A, "score": score}, {"competition_id": A, "score": score}]
    said[1] |= {"medal": "silver", "gold_threshold": 5.0}
    first, second = (run.report for run in load(write(tmp_path / "a.json", said)).runs)
    board, lines = get(A).leaderboard(), get(A).thresholds
    assert board is not None
    assert lines is not None
    higher = not first.is_lower_better
    assert first.rank == rank(score, board, higher_is_better=higher) == second.rank
    assert first.percentile == percentile(score, board, higher_is_better=higher)
    assert (first.gold_threshold, first.bronze_threshold) == (lines.gold, lines.bronze)
    assert (second.gold_threshold, second.bronze_threshold) == (5.0, lines.bronze)


@pytest.mark.parametrize("header", ["\ufeffscore", "TeamId,Score", "Score,score"])
def test_a_leaderboard_comes_as_spreadsheets_and_kaggle_write_it(
    tmp_path: Path, header: str
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"{header}\n7,0.5\n" if "," in header else f"{header}\n0.5\n", "utf-8")
    assert read_board(path) == (0.5,)


def test_a_leaderboard_without_scores_names_the_column(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("place\n1\n")
    with pytest.raises(ReportsError, match="it has no column score"):
        read_board(path)


@pytest.mark.parametrize("text", ["", "score\n", "score\nx\n", "place\n1\n", "score\nnan\n"])
def test_a_broken_leaderboard_is_named(tmp_path: Path, text: str) -> None:
    data = {"competition_id": "mine", "score": 1.0, "is_lower_better": False}
    path = write(tmp_path / "a.json", [data])
    boards = tmp_path / "boards"
    boards.mkdir()
    with pytest.raises(ReportsError, match="holds no leaderboard"):
        load(path, leaderboards=boards)
    (boards / "mine.csv").write_text(text)
    with pytest.raises(ReportsError, match=r"mine\.csv is no leaderboard"):
        load(path, leaderboards=boards)


def test_a_competition_of_ones_own_needs_its_direction(tmp_path: Path) -> None:
    boards = PUBLISHED / "leaderboards"
    score = {"competition_id": "gnss-classification", "score": 0.9}
    with pytest.raises(ReportsError, match="is_lower_better is missing"):
        load(write(tmp_path / "a.json", score), leaderboards=boards)
    known = score | {"is_lower_better": False}
    assert load(write(tmp_path / "b.json", known), leaderboards=boards).runs[0].report.gold_medal
    none = {"competition_id": "gnss-classification", "score": None, "is_lower_better": None}
    (found,) = load(write(tmp_path / "c.json", none), leaderboards=boards).runs
    assert not found.report.valid_submission


def test_a_name_may_begin_like_one_of_the_catalogue(tmp_path: Path) -> None:
    board = tmp_path / "boards" / "spooky.csv"
    board.parent.mkdir()
    board.write_text("score\n0.5\n")
    data = {"competition_id": "spooky", "score": 0.5, "is_lower_better": False}
    (found,) = load(write(tmp_path / "a.json", data), leaderboards=board.parent).runs
    assert (found.competition_id, found.report.medal) == ("spooky", Medal.GOLD)
