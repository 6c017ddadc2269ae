"""`mlegrade summarize`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from cli.spooky import parsed
from summary.reports import LITE, PUBLISHED, published, report, write, write_group

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call

A, B = LITE[:2]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Two seeds of two competitions."""
    items = [report(A, "g", seed=1), report(A, "v", seed=2)]
    items += [report(B, "b", seed=1), report(B, "-", seed=2)]
    return write(tmp_path / "reports.jsonl", items)


def test_the_table_is_for_people(call: Call, reports: Path) -> None:
    result = call("summarize", reports, "--pass-at", 2)
    assert result.exit_code == 0
    assert "Any medal" in result.stdout
    assert "50.00 ± 50.00" in result.stdout
    assert "Best of all seeds: 1 gold, 0 silver, 1 bronze; competitions: 2." in result.stdout
    assert "pass@2, any medal: 100.00" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("form", "last"),
    [
        ("--markdown", "\n\npass@2, any medal: 100.00 (100.0 to 100.0)\n"),
        ("--latex", "\n% pass@2, any medal: 100.00 (100.0 to 100.0)\n"),
        ("--csv", "\nall given,2,2,0,pass@2,100.0,,100.0,100.0\n"),
    ],
)
def test_every_form_has_what_was_asked_for(call: Call, reports: Path, form: str, last: str) -> None:
    result = call("summarize", reports, "--pass-at", 2, form)
    assert result.exit_code == 0
    assert result.stdout.endswith(last)


@pytest.mark.parametrize("forms", [["--csv", "--latex"], ["--markdown", "--json"]])
def test_one_form_at_a_time(call: Call, reports: Path, forms: list[str]) -> None:
    result = call("summarize", reports, *forms)
    assert result.exit_code == 2
    assert all(form in result.stderr for form in ["choose one of", *forms])


def test_json_holds_everything(call: Call, reports: Path) -> None:
    data = parsed(call("summarize", reports, "--json", "--pass-at", 1, "--pass-at", 2))
    measures = data["rows"][-1]["measures"]
    assert measures["any_medal"] == {"mean": 50, "sem": 50, "interval": [50, 50]}
    assert measures["made_submission"]["mean"] == 75
    assert [found["mean"] for found in data["pass_at_k"]] == [50, 100]
    assert data["best_medals"] == {"gold": 1, "silver": 0, "bronze": 1}
    assert data["seeds"] == ["1", "2"]


def test_other_forms(call: Call, reports: Path) -> None:
    assert "| 50.00 ± 50.00 |" in call("summarize", reports, "--markdown").stdout
    assert r"50.00 $\pm$ 50.00" in call("summarize", reports, "--latex").stdout
    rows = list(csv.DictReader(io.StringIO(call("summarize", reports, "--csv").stdout)))
    assert rows[-1]["measure"] == "any_medal"
    assert call("summarize", reports, "--csv", "--json").exit_code == 2


def test_the_published_runs_over_lite(call: Call, tmp_path: Path) -> None:
    """Three runs over the lite split: 86.36 per cent any medal, without any spread."""
    runs = published("lite_three_runs.json")["runs"]
    entries = [
        {"competition_id": name, "score": attempt["score"]}
        for name, attempts in runs.items()
        for attempt in attempts
    ]
    path = write(tmp_path / "lite.json", entries)
    result = call("summarize", path, "--split", "lite")
    assert "86.36 ± 0.00" in result.stdout
    assert "11 gold" in result.stdout
    assert "by the order of reading" in result.stderr


def test_groups_with_their_own_leaderboards(call: Call, tmp_path: Path) -> None:
    """The published medals of each of the three groups, from its scores."""
    reports = published("custom_boards.json")
    for at in (0, 45, 90):
        group = reports[at : at + 45]
        bare = [{k: v for k, v in item.items() if "medal" not in k} for item in group]
        path = write(tmp_path / f"{at}.json", bare)
        data = parsed(
            call("summarize", path, "--leaderboards", PUBLISHED / "leaderboards", "--json")
        )
        measures = data["rows"][-1]["measures"]
        for key in ("gold", "silver", "bronze"):
            share = 100 * sum(item[f"{key}_medal"] for item in group) / 45
            assert measures[key]["mean"] == pytest.approx(share)
        assert len(data["seeds"]) == 5


def test_a_run_group_is_summed_up(call: Call, tmp_path: Path) -> None:
    folder = write_group(tmp_path / "runs" / "dummy-1", {A: "gg", B: "v-"})
    data = parsed(call("summarize", folder, "--json"))
    assert data["rows"][-1]["measures"]["gold"]["mean"] == 50


def test_runs_of_a_group_without_a_report_are_listed(call: Call, tmp_path: Path) -> None:
    folder = write_group(tmp_path / "g", {A: "gg ", B: " "})
    result = call("summarize", folder)
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"{A}: no run of seed 2" in result.stderr
    assert f"{B}: no run of seed 0, 1, 2" in result.stderr
    padded = call("summarize", folder, "--incomplete", "fail", "--json")
    assert parsed(padded)["rows"][-1]["padded"] == 4


def test_missing_runs(call: Call, reports: Path) -> None:
    result = call("summarize", reports, "--split", "lite")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "40 runs are missing" in result.stderr
    padded = call("summarize", reports, "--split", "lite", "--incomplete", "fail")
    assert padded.exit_code == 0
    assert "lite*" in padded.stdout
    assert "Padded runs" in padded.stdout
    data = parsed(call("summarize", reports, "--split", "lite", "--incomplete", "drop", "--json"))
    assert len(data["dropped"]) == 20


def test_broken_reports_stop_it_unless_asked_to_go_on(call: Call, reports: Path) -> None:
    with reports.open("a") as file:
        file.write('{"competition_id": "nope", "score": 1}\n{"comp')
    result = call("summarize", reports, "--json")
    assert result.exit_code == 3
    failure = parsed(result)["error"]
    assert failure["code"] == "ReportsError"
    assert "line 5" in failure["message"]
    assert "line 6" in failure["message"]
    kept = call("summarize", reports, "--json", "--keep-going")
    assert kept.exit_code == 0
    assert len(parsed(kept)["left_out"]) == 2
    assert kept.stderr.count("left out:") == 2


def test_one_seed_warns(call: Call, tmp_path: Path) -> None:
    path = write(tmp_path / "one.json", report(A, "g", seed=1))
    result = call("summarize", path)
    assert "±" not in result.stdout.splitlines()[-12]
    assert "one seed only" in result.stdout
    assert parsed(call("summarize", path, "--json"))["rows"][0]["measures"]["gold"]["sem"] is None


def test_too_many_attempts_are_refused(call: Call, reports: Path) -> None:
    result = call("summarize", reports, "--pass-at", 1, "--pass-at", 3)
    assert result.exit_code == 2
    assert result.stdout == ""
    said = " ".join(result.stderr.split())
    assert "'--pass-at': pass@3 cannot be estimated: there are 2 seeds" in said
    assert "Choose a K of at most 2" in said


def test_flags_give_both_numbers(call: Call, tmp_path: Path) -> None:
    items = [report("random-acts-of-pizza", "g", seed=1), report(A, "v", seed=1)]
    path = write(tmp_path / "a.json", items)
    result = call("summarize", path, "--exclude-flag", "leak")
    assert "all given without leak" in result.stdout
    assert "random-acts-of-pizza (leak)" in result.stdout


def test_no_such_file(call: Call, tmp_path: Path) -> None:
    assert call("summarize", tmp_path / "none.json").exit_code == 2
    assert call("summarize").exit_code == 2
