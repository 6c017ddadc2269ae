"""The facts of every competition: complete, consistent, and as the index says."""

from __future__ import annotations

import importlib.util
import math
import shutil
from pathlib import Path

import pytest

from cases import GOLDEN, graded
from mlegrade.competitions import ISSUE_KINDS, _catalogue, get, ids
from mlegrade.competitions._index import INDEX
from mlegrade.errors import SetupError, UnknownCompetitionError

ROOT = Path(__file__).parents[1]
KINDS = {"leak", "wrong_prepare", "saturated", "unavailable", "score_oddity"}


def test_there_are_five_kinds_of_issues() -> None:
    assert set(ISSUE_KINDS) == KINDS


def test_index_is_current() -> None:
    script = ROOT / "scripts" / "make_index.py"
    spec = importlib.util.spec_from_file_location("make_index", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    current = (ROOT / "src/mlegrade/competitions/_index.py").read_text(encoding="utf-8")
    assert current == module.render(), "run: python scripts/make_index.py"


def test_splits() -> None:
    sizes = {split: len(ids(split)) for split in ("lite", "low", "medium", "high", "all", "dev")}
    assert sizes == {"lite": 22, "low": 22, "medium": 38, "high": 15, "all": 75, "dev": 7}
    assert set(ids("all")) | set(ids("dev")) == {folder.name for folder in GOLDEN.iterdir()}


@pytest.mark.parametrize("name", INDEX)
def test_facts_are_complete(name: str) -> None:
    competition = get(name)
    facts = competition.facts
    assert facts["id"] == name
    assert INDEX[name].folder == competition.folder.name
    assert competition.complexity in {"low", "medium", "high", "dev", "demo"}
    assert competition.name
    assert competition.category
    lines = competition.thresholds
    assert lines is not None
    ordered = [lines.gold, lines.silver, lines.bronze, lines.median]
    assert all(map(math.isfinite, ordered))
    assert ordered == sorted(ordered, reverse=competition.higher_is_better)
    assert facts["medals"]["teams"] > 0
    assert {issue.kind for issue in competition.known_issues} <= KINDS
    for issue in competition.known_issues:
        assert issue.what.endswith(".")
        assert issue.source
        assert competition.fixes or not issue.mended
    for sums in (competition.checksums.public, competition.checksums.private):
        assert all(len(md5) == 32 for md5 in sums.values())
    board = competition.leaderboard()
    if board is not None:
        assert len(board) == facts["leaderboard"]["teams"]


def test_flags_are_those_of_the_data() -> None:
    hidden, kept = get("random-acts"), get("hubmap")
    assert hidden.flags == hidden.flags_of("mle-bench") == ("leak",)
    assert kept.flags == kept.flags_of(None) == ("leak", "score_oddity")
    assert hidden.flags_of("fixes") == ()
    assert kept.flags_of("fixes") == ("score_oddity",)
    assert [issue.kind for issue in kept.issues_of("fixes")] == ["score_oddity"]
    corpus = get("billion-word")  # two leaks, one of which nobody can mend
    assert [len(corpus.issues_of(variant)) for variant in (None, "fixes")] == [2, 1]
    assert corpus.flags_of("fixes") == ("leak",)


@pytest.mark.parametrize("name", graded())
def test_facts_agree_with_the_grader(name: str) -> None:
    competition = get(name)
    info = competition.grading.metric.info
    assert competition.metric == info.name
    assert competition.higher_is_better == info.higher_is_better


def test_names_resolve_by_prefix_in_any_case() -> None:
    assert get("spooky-author").id == "spooky-author-identification"
    assert get("AI4CODE").id == "AI4Code"
    assert get(" detecting ").id == "detecting-insults-in-social-commentary"
    assert get(get("tgs-salt")).id == "tgs-salt-identification-challenge"


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("spoky-author", "spooky-author-identification"),
        ("titanic", "spaceship-titanic"),
        ("leaf", "leaf-classification"),
        ("hubmapp", "hubmap-kidney-segmentation"),
        ("text-normalisation-challenge-english", "text-normalization-challenge-english-language"),
    ],
)
def test_near_names_are_suggested(name: str, suggestion: str) -> None:
    if name == "leaf":
        assert get(name).id == suggestion
        return
    with pytest.raises(UnknownCompetitionError) as caught:
        get(name)
    assert suggestion in caught.value.suggestions
    assert suggestion in str(caught.value)


@pytest.mark.parametrize("name", ["", " ", "zzzzzz", "../spooky", "*"])
def test_names_of_nothing(name: str) -> None:
    with pytest.raises(UnknownCompetitionError) as caught:
        get(name)
    assert name.strip() or not caught.value.suggestions


def test_ambiguous_prefix_lists_what_it_could_be() -> None:
    with pytest.raises(UnknownCompetitionError, match="could be any of") as caught:
        get("herbarium")
    assert len(caught.value.suggestions) == 3


def test_unknown_split() -> None:
    with pytest.raises(ValueError, match="there is no split"):
        ids("easy")


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a competition that may be changed and registered."""
    monkeypatch.setattr(_catalogue, "_registered", {})
    return shutil.copytree(
        Path(__file__).parent / "coin-toss/src/mlegrade_coin_toss", tmp_path / "coin_toss"
    )


def test_ids_of_ones_own_stand_before_beginnings_of_others(toy: Path) -> None:
    facts = (toy / "competition.toml").read_text()
    assert get("leaf").id == "leaf-classification"
    for name in ("leaf-of-mine", "leaf"):
        (toy / "competition.toml").write_text(facts.replace("coin-toss", name))
        _catalogue.register(toy)
    assert get("leaf").id == get("LEAF").id == "leaf"
    assert get("leaf-of").id == "leaf-of-mine"
    assert get("leaf-").id == "leaf-classification"
    for taken in ("leaf-classification", "Leaf-Classification", "ai4code"):
        (toy / "competition.toml").write_text(facts.replace("coin-toss", taken))
        with pytest.raises(SetupError, match=f"the id '{taken}' is taken"):
            _catalogue.register(toy)


def test_the_leaderboard_of_a_competition_of_ones_own(toy: Path) -> None:
    with (toy / "competition.toml").open("a") as file:
        file.write("\n[leaderboard]\nteams = 3\n")
    competition = _catalogue.register(toy)
    assert competition.leaderboard() is None
    (toy / "leaderboard.csv").write_text("Team,Score\na,0.5\nb,1.0\nc,0.25\n")
    assert competition.leaderboard() == (1.0, 0.5, 0.25)
    (toy / "leaderboard.csv").write_text("place\n1\n")
    with pytest.raises(SetupError, match=r"leaderboard\.csv is no leaderboard: it has no column"):
        competition.leaderboard()


def test_folder_that_holds_no_competition(tmp_path: Path) -> None:
    from mlegrade import register

    with pytest.raises(SetupError, match=r"competition\.toml"):
        register(tmp_path)
