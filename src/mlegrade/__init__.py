"""mlegrade grades submissions to MLE-bench's Kaggle competitions.

>>> import mlegrade
>>> report = mlegrade.grade("submission.csv", "spooky-author")  # doctest: +SKIP
>>> report.score, report.medal  # doctest: +SKIP

Everything is imported when it is first used: ``import mlegrade`` itself loads neither pandas nor
scikit-learn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    "Competition": "mlegrade.competitions",
    "GradeFailure": "mlegrade.report",
    "GradeReport": "mlegrade.report",
    "Grader": "mlegrade.grading",
    "InvalidSubmissionError": "mlegrade.errors",
    "Item": "mlegrade.batch",
    "Medal": "mlegrade.medals",
    "MlegradeError": "mlegrade.errors",
    "NotPreparedError": "mlegrade.errors",
    "RewardKind": "mlegrade.rewards",
    "SetupError": "mlegrade.errors",
    "UnknownCompetitionError": "mlegrade.errors",
    "Validation": "mlegrade.report",
    "competition": "mlegrade.competitions:get",
    "competitions": "mlegrade.competitions:",
    "grade": "mlegrade.grading",
    "grade_many": "mlegrade.batch",
    "medals": "mlegrade.medals:",
    "metrics": "mlegrade.metrics:",
    "register": "mlegrade.competitions",
    "reward": "mlegrade.rewards",
    "validate": "mlegrade.grading",
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


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, colon, other = _HOMES[name].partition(":")
    module = import_module(home)
    value = module if colon and not other else getattr(module, other or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
