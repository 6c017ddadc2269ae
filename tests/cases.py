"""The golden cases: answers, submissions and the scores that MLE-bench gives them."""

from __future__ import annotations

import importlib.util
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mlegrade.competitions import get, ids
from mlegrade.errors import InvalidSubmissionError
from mlegrade.grading import Grader

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
GENERATORS = HERE / "generators"

# Angles near a perfect prediction come from an ill-conditioned arc cosine.
ABSOLUTE = {"icecube-neutrinos-in-deep-ice": 1e-7}


@dataclass(frozen=True)
class Case:
    """One submission and what grading it has to give."""

    competition: str
    name: str
    folder: Path
    answers: str
    submission: str
    score: float | None

    def __str__(self) -> str:
        return f"{self.competition}-{self.name}"


def graded() -> list[str]:
    """Return the ids of the competitions that have a grader and golden cases."""
    return [
        name
        for name in ids()
        if (GOLDEN / name).is_dir() and (get(name).folder / "grader.py").is_file()
    ]


def read_cases(folder: Path, content: dict[str, Any]) -> list[Case]:
    return [
        Case(
            content["competition"],
            case["name"],
            folder,
            content["answers"],
            case["submission"],
            float(case["score"]) if case["expect"] == "score" else None,
        )
        for case in content["cases"]
    ]


def golden_cases(competition: str) -> list[Case]:
    folder = GOLDEN / competition
    return read_cases(folder, json.loads((folder / "cases.json").read_text(encoding="utf-8")))


def generator(competition: str) -> Any:
    """Import the program that makes a competition's synthetic data."""
    path = GENERATORS / f"{competition}.py"
    spec = importlib.util.spec_from_file_location("generator_" + path.stem.replace("-", "_"), path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def grader(competition: str, answers: Path) -> Grader:
    return Grader(competition, answers=answers)


def check(case: Case) -> None:
    """Grade a case and compare with what is expected."""
    of_competition = grader(case.competition, case.folder / case.answers)
    try:
        score = of_competition.score(case.folder / case.submission)
    except InvalidSubmissionError:
        assert case.score is None, "a valid submission was refused"
        raise
    assert case.score is not None, f"an invalid submission got the score {score}"
    tolerance = ABSOLUTE.get(case.competition, 1e-15)
    assert math.isclose(score, case.score, rel_tol=1e-9, abs_tol=tolerance)
