"""What agents are told: complete, in step with the schema, and obfuscated where it says so."""

from __future__ import annotations

import re

import pytest

from mlegrade import competition, competitions

# Names that lead to a data set: hosts, titles, projects. Column and file names are what they are.
IDENTIFYING = (  # noqa: SIM905 one word a line would fill pages
    "ai4code alaska alaska2 aptos artworks asia-pacific bms bristol-myers cdiscount chaii "
    "champs cornell cubs drivendata eap-hpl facebook fgvc fgvc6 fgvc7 fgvc8 fgvc9 freesound "
    "google h&m herbarium hms hubmap icecube icml imagenet imet inaturalist ingv instagram "
    "isic iwildcam jigsaw kaggle keras kernels kuzushiji lmsys lovecraft lyft merck mlsp "
    "mnist muse nfl nist noaa nomad nomad2018 nvidia openvaccine osic paddy petfinder pku "
    "playground poe quora ranzcr reddit rotten rsna seti siim spaceship spooky stackexchange "
    "stanford statoil tensorflow tgs titanic transfermarkt twitter uspto uw-madison vesuvius "
    "vinbigdata vincent yelp zillow "
).split()
CHALLENGE = re.compile(
    r"\b(kaggle|competition|leaderboard|challenge host|mle-bench)\b", re.IGNORECASE
)


MANY = 16


def plain_text(name: str) -> str:
    """Return the obfuscated description without the names of files and columns."""
    text = (competition(name).folder / "description_obfuscated.md").read_text(encoding="utf-8")
    return re.sub(r"`[^`]*`", "", text)


@pytest.mark.parametrize("name", competitions())
@pytest.mark.parametrize("obfuscated", [False, True], ids=["plain", "obfuscated"])
def test_a_description_says_what_an_agent_needs(name: str, obfuscated: bool) -> None:
    text = competition(name).description(obfuscated=obfuscated)
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections[0] == "Task"
    assert "Data" in sections
    assert "Evaluation" in sections
    assert sections.count("Submission") == 1
    assert sections[-1] == "Submission"
    columns = competition(name).grading.submission.columns
    # Of very many columns that are alike, the first and the last are named.
    for column in columns if len(columns) <= MANY else (columns[0], columns[1], columns[-1]):
        assert f"`{column}`" in text
    assert competition(name).sample_submission_file in text
    better = "higher" if competition(name).higher_is_better else "lower"
    assert re.search(rf"\b{better}\b", text, re.IGNORECASE)


@pytest.mark.parametrize("name", competitions())
def test_an_obfuscated_description_hides_title_and_origin(name: str) -> None:
    text = plain_text(name)
    lower = text.lower()
    assert name.lower() not in lower
    assert competition(name).name.lower() not in lower
    found = [word for word in IDENTIFYING if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lower)]
    assert not found
    assert not CHALLENGE.search(text)
    assert "http" not in lower


def test_a_plain_description_names_its_competition() -> None:
    assert competition("spooky").description().startswith("# Spooky Author Identification")
