"""Measure the grading of one competition in this process and print the figures as JSON.

``python measure.py COMPETITION ANSWERS SUBMISSION``
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from mlegrade import Grader
from mlegrade.competitions import get

if TYPE_CHECKING:
    from collections.abc import Callable

ENOUGH_S = 1.0
MOST_RUNS = 15


def best_of(action: Callable[[], object]) -> float:
    """Return the least time of several runs, in seconds."""
    times: list[float] = []
    while sum(times) < ENOUGH_S and len(times) < MOST_RUNS:
        gc.collect()
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def peak_mib() -> float:
    """Return the largest resident memory of this process so far."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux hands the figure of getrusage on from parent to child
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measure(name: str, answers: Path, submission: Path) -> dict[str, object]:
    """Return times in seconds and memory in MiB."""
    grading = get(name).grading
    imports = peak_mib()
    report = Grader(name, answers=answers)(submission)
    peak = peak_mib()  # before pandas reads anything
    grader = Grader(name, answers=answers)
    decoded = grading.read_answers(answers.read_bytes())
    read_s = best_of(lambda: (pd.read_csv(submission), read_plainly(answers)))
    return {
        "competition_id": name,
        "score": report.score,
        "pandas_read_s": read_s,
        "answers_s": best_of(lambda: Grader(name, answers=answers)),
        "check_s": best_of(lambda: grading.check(submission.read_bytes(), decoded)),
        "grade_s": best_of(lambda: grader(submission)),
        "total_s": best_of(lambda: Grader(name, answers=answers)(submission)),
        "imports_mib": imports,
        "peak_mib": peak,
        "files_mib": (answers.stat().st_size + submission.stat().st_size) / 2**20,
    }


def read_plainly(answers: Path) -> pd.DataFrame:
    """Read the answers as a user of pandas would."""
    if answers.suffix == ".csv":
        return pd.read_csv(answers)
    return pd.read_json(answers, lines=True)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
