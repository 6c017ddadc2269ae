"""Other seeds and sizes of the generators: what was scored for seed 1 holds for the rest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from cases import GOLDEN, Case, generator, golden_cases, graded, grader, read_cases
from mlegrade.errors import InvalidSubmissionError

if TYPE_CHECKING:
    from pathlib import Path

SIZES = {2: 23, 3: 97}
# Some generators count in units that have a least size, or need more to hold every case.
LEAST: dict[str, int] = {}
ALONE = {"vesuvius-challenge-ink-detection": 5}  # one row is one image of the real size


def made(competition: str, seed: int, folder: Path) -> list[Case]:
    size = ALONE.get(competition, max(SIZES[seed], LEAST.get(competition, 0)))
    cases = generator(competition).make(seed, size, folder)
    answers = golden_cases(competition)[0].answers
    return read_cases(
        folder,
        {
            "competition": competition,
            "answers": answers,
            "cases": [{**case, "score": math.nan} for case in cases],
        },
    )


# Generators may ask pandas for exact doubles in a way that the newest release finds old.
@pytest.mark.filterwarnings("ignore:The 'float_precision' argument is deprecated")
@pytest.mark.parametrize("seed", SIZES)
@pytest.mark.parametrize("competition", graded())
def test_generated_cases(competition: str, seed: int, tmp_path: Path) -> None:
    wrong = []
    by_name = {}
    for case in made(competition, seed, tmp_path):
        of_competition = grader(competition, tmp_path / case.answers)
        try:
            by_name[case.name] = of_competition.score(case.folder / case.submission)
            valid = True
        except InvalidSubmissionError:
            valid = False
        if valid != (case.score is not None):
            wrong.append(case.name)
    assert not wrong
    # Laws that hold whatever the seed: the names say what a case must equal.
    golden = {case.name: case.score for case in golden_cases(competition)}
    if "shuffled" in by_name and golden.get("shuffled") == golden.get("noisy"):
        assert math.isclose(by_name["shuffled"], by_name["noisy"], rel_tol=1e-12)
    if "extra_column" in by_name and golden.get("extra_column") == golden.get("noisy"):
        assert by_name["extra_column"] == by_name["noisy"]


def test_every_competition_with_golden_cases_has_a_generator() -> None:
    for folder in GOLDEN.iterdir():
        assert generator(folder.name).make
