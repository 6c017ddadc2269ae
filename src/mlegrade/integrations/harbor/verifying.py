"""The verifier's part: what an agent left behind, to a reward and a report.

A submission that is wrong or missing has the reward 0. A fault of the set-up has none: there is no
file then, which Harbor takes for an error of the trial.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.competitions import register
from mlegrade.errors import MlegradeError, SetupError
from mlegrade.grading import Grader
from mlegrade.integrations._below import opened_below
from mlegrade.integrations.harbor.task import SCHEMA_VERSION
from mlegrade.rewards import reward
from mlegrade.runner.files import read_record, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlegrade.report import GradeReport

__all__ = ["REPORT", "REWARD", "main", "verify"]

REWARD = "reward.json"
REPORT = "report.json"

_CONFIG = "/tests/verify.json"
_OUT = "/logs/verifier"
_SETUP = 3
_FLAGS = (
    "submission_exists",
    "valid_submission",
    "above_median",
    "any_medal",
    "bronze_medal",
    "silver_medal",
    "gold_medal",
)
_NUMBERS = ("score", "percentile")


def verify(config: str | os.PathLike[str], out: str | os.PathLike[str]) -> GradeReport:
    """Grade what is in the place of the submission; write ``reward.json`` and ``report.json``.

    Parameters
    ----------
    config : path
        The task's ``verify.json``; the answers it names are found beside it.
    out : path
        The folder for both files. ``reward.json`` holds ``reward``, the report's truth values as 0
        and 1, and as far as there are such, ``score`` and ``percentile``.

    Returns
    -------
    GradeReport

    Raises
    ------
    SetupError
        If nothing could be graded. Then there is no ``reward.json``.
    """
    config, out = Path(config), Path(out)
    (out / REWARD).unlink(missing_ok=True)
    try:
        task = read_record(config, SCHEMA_VERSION)
        submission = Path(task["submission"])
        home = task["competition_folder"]
        competition = register(config.parent / home) if home else task["competition"]
        answers = config.parent / task["answers"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise SetupError(
            f"{config} does not say what to verify: {error}.", "Export the task again."
        ) from error
    if not os.path.lexists(submission.parent):
        raise SetupError(
            f"{submission.parent} was not brought here from the agent's environment.",
            "Look for what the harness says of its artifacts; then run the trial again.",
        )
    grader = Grader(competition, answers=answers)
    if grader.answers_sha256 != task["answers_sha256"]:
        raise SetupError(f"{answers} is not what was exported.", "Export the task again.")
    root = submission.parent.parent.resolve()  # all below it is what an agent left
    with opened_below(root, submission.parts[-2:], submission) as file:
        report = replace(grader(file), submission_path=str(submission))
    given = _numbers(report, reward(report, task["reward"]))
    out.mkdir(parents=True, exist_ok=True)
    (out / REPORT).write_text(report.to_json(indent=2) + "\n", encoding="utf-8")
    # The last one: a part of it is no JSON, and no reward either.
    (out / REWARD).write_text(to_json(given, indent=2) + "\n", encoding="ascii")
    return report


def _numbers(report: GradeReport, given: float) -> dict[str, float]:
    found: dict[str, Any] = {"reward": given}
    found |= {name: int(getattr(report, name)) for name in _FLAGS}
    known = {name: getattr(report, name) for name in _NUMBERS}
    # A score of minus infinity is one, but none that a harness could average.
    return found | {n: value for n, value in known.items() if value is not None and isfinite(value)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify, as a program; return its exit code: 0, or 3 for a fault of the set-up."""
    parser = argparse.ArgumentParser(
        prog="python -m mlegrade.integrations.harbor",
        description="Grade what an agent left behind in a task of Harbor.",
        epilog="Exit codes: 0 good, whatever the reward; 3 set-up: then there is no reward.",
    )
    parser.add_argument("config", nargs="?", default=_CONFIG, help=f"by default {_CONFIG}")
    parser.add_argument("--out", default=_OUT, help=f"the folder to write to, by default {_OUT}")
    given = parser.parse_args(arguments)
    try:
        verify(given.config, given.out)
    except (MlegradeError, OSError) as error:
        sys.stderr.write(f"no reward: {error}\n")
        return _SETUP
    sys.stdout.write((Path(given.out) / REWARD).read_text(encoding="ascii"))
    return 0
