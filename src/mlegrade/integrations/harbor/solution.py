"""The solution of a task: the submission that the answers are, if that is as good as it should be.

Harbor brings a task's solution to its oracle alone; no other agent ever sees it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade.errors import SetupError
from mlegrade.grading import Grader
from mlegrade.medals import Medal
from mlegrade.testing import perfect_submission

if TYPE_CHECKING:
    from mlegrade.integrations.harbor.task import Task

__all__ = ["solution"]

_SOLVE = """\
#!/bin/sh
# Hand in what the answers say: the best that there is.
set -e
mkdir -p /home/submission
cp /solution/submission.csv /home/submission/submission.csv
"""


def solution(task: Task) -> dict[str, bytes]:
    """Return the files of a task's solution by their names in the task.

    Raises
    ------
    SetupError
        If no submission that is right everywhere can be made of the answers.
    """
    content = perfect_submission(task.competition, task.answers.read_bytes())
    report = Grader(task.competition, answers=task.answers)(content)
    short = None
    if not report.valid_submission:
        short = f"invalid: {report.error['message']}" if report.error else "invalid"
    elif report.gold_threshold is not None and report.medal is not Medal.GOLD:
        short = f"no gold medal: its score is {report.score}"
    if short is not None:
        raise SetupError(
            f"the submission that says what the answers say would be {short}.",
            "The task has no solution, and the oracle no way to solve it.",
        )
    return {"solution/solve.sh": _SOLVE.encode(), "solution/submission.csv": content}
