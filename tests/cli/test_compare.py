"""`mlegrade compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.spooky import parsed
from summary.reports import LITE, report, write

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call


def reports(path: Path, *rows: str) -> Path:
    return write(
        path,
        [
            report(LITE[at], medal, seed=seed)
            for at, row in enumerate(rows)
            for seed, medal in enumerate(row)
        ],
    )


def test_two_files_are_compared(call: Call, tmp_path: Path) -> None:
    one = reports(tmp_path / "one.jsonl", "vv", "gv", "vv")
    two = reports(tmp_path / "two.jsonl", "gg", "gg", "vv")
    result = call("compare", one, two)
    assert result.exit_code == 0
    assert "any_medal: pairs 6, competitions 3" in result.stdout
    assert "+50.00" in result.stdout
    assert "0 only the first, 3 only the second" in result.stdout
    data = parsed(call("compare", one, two, "--json"))
    assert data["difference"] == 50
    assert data["p_mcnemar"] == 0.25
    assert data["p_permutation"] == 0.5


def test_what_is_left_out_is_said(call: Call, tmp_path: Path) -> None:
    one = reports(tmp_path / "one.jsonl", "v")
    two = reports(tmp_path / "two.jsonl", "g", "g")
    result = call("compare", one, two, "--measure", "normalized")
    assert "McNemar" not in result.stdout
    assert f"left out, no counterpart: second: {LITE[1]}, seed 0" in result.stderr
    assert "one seed only" in result.stderr


def test_of_many_runs_that_are_left_out_the_first_are_shown(call: Call, tmp_path: Path) -> None:
    one = reports(tmp_path / "one.jsonl", "g")
    two = reports(tmp_path / "two.jsonl", *["gg"] * 8)
    told = call("compare", one, two).stderr
    assert told.count("left out, no counterpart: second: ") == 10
    assert "left out, no counterpart: 5 more; --json lists them all." in told
    assert len(parsed(call("compare", one, two, "--json"))["unpaired"]) == 15


def test_json_tells_what_the_numbers_rest_on(call: Call, tmp_path: Path) -> None:
    one = reports(tmp_path / "one.jsonl", "gg", "gg")
    two = write(
        tmp_path / "two.jsonl", [report(LITE[0], seed=0), report(LITE[1], score="x", seed=1)]
    )
    data = parsed(call("compare", one, two, "--keep-going", "--incomplete", "fail", "--json"))
    assert data["padded"] == {"first": 0, "second": 3}
    assert data["notes"] == ["3 missing runs are padded, thus counted as without a submission."]
    assert len(data["left_out"]) == 1
    assert f"{two}, line 2" in data["left_out"][0]


def test_nothing_in_common(call: Call, tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", [report(LITE[0], "g", seed="x")])
    two = write(tmp_path / "two.json", [report(LITE[0], "g", seed="y")])
    result = call("compare", one, two)
    assert result.exit_code == 3
    assert "--pair order" in result.stderr
    assert call("compare", one, two, "--pair", "order").exit_code == 0


def test_a_measure_that_reports_lack(call: Call, tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", [report("mlsp-2013-birds", "g", seed="x")])
    result = call("compare", one, one, "--measure", "percentile")
    assert result.exit_code == 3
    assert "no percentile" in result.stderr
    assert "--measure any_medal" in result.stderr
    assert "kind=" not in result.stderr


@pytest.mark.parametrize("measure", ["percentile", "normalized"])
def test_a_score_is_enough_for_finer_measures(call: Call, tmp_path: Path, measure: str) -> None:
    scores = [report(LITE[0], medal)["score"] for medal in "vg"]
    one, two = (
        write(tmp_path / f"{at}.json", {"competition_id": LITE[0], "score": score, "seed": 1})
        for at, score in enumerate(scores)
    )
    data = parsed(call("compare", one, two, "--measure", measure, "--json"))
    assert data["difference"] > 50
