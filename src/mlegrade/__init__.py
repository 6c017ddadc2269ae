"""mlegrade grades submissions to MLE-bench's Kaggle competitions.

>>> import mlegrade
>>> report = mlegrade.grade("submission.csv", "spooky-author")  # doctest: +SKIP
>>> report.score, report.medal  # doctest: +SKIP

Everything is imported when it is first used: ``import mlegrade`` itself loads neither pandas nor
scikit-learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade._lazy import lazily

if TYPE_CHECKING:
    from mlegrade import medals, metrics
    from mlegrade.batch import Item, grade_many
    from mlegrade.competitions import Competition, register
    from mlegrade.competitions import get as competition
    from mlegrade.competitions import ids as competitions
    from mlegrade.errors import (
        InvalidSubmissionError,
        MlegradeError,
        NotPreparedError,
        SetupError,
        UnknownCompetitionError,
    )
    from mlegrade.grading import Grader, grade, validate
    from mlegrade.medals import Medal
    from mlegrade.report import GradeFailure, GradeReport, Validation
    from mlegrade.rewards import RewardKind, reward

__version__ = "0.1.0"

_HOMES = {
    "Competition": "competitions",
    "GradeFailure": "report",
    "GradeReport": "report",
    "Grader": "grading",
    "InvalidSubmissionError": "errors",
    "Item": "batch",
    "Medal": "medals",
    "MlegradeError": "errors",
    "NotPreparedError": "errors",
    "RewardKind": "rewards",
    "SetupError": "errors",
    "UnknownCompetitionError": "errors",
    "Validation": "report",
    "competition": "competitions:get",
    "competitions": "competitions:",
    "grade": "grading",
    "grade_many": "batch",
    "medals": "medals:",
    "metrics": "metrics:",
    "register": "competitions",
    "reward": "rewards",
    "validate": "grading",
}

__all__ = [
    "Competition",
    "GradeFailure",
    "GradeReport",
    "Grader",
    "InvalidSubmissionError",
    "Item",
    "Medal",
    "MlegradeError",
    "NotPreparedError",
    "RewardKind",
    "SetupError",
    "UnknownCompetitionError",
    "Validation",
    "__version__",
    "competition",
    "competitions",
    "grade",
    "grade_many",
    "medals",
    "metrics",
    "register",
    "reward",
    "validate",
]

if not TYPE_CHECKING:  # type checkers are to find names that there are not
    __getattr__ = lazily(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
