"""Measure the grading of one competition in this process and print the figures as JSON.

``python measure.py COMPETITION ANSWERS SUBMISSION``
"""

from __future__ import annotations

import gc
import importlib
import json
import math
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from mlegrade import Grader
from mlegrade.competitions import get

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENOUGH_S = 5.0
MOST_RUNS = 15


def least_times(actions: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least time of several runs of each action, in seconds.

    They take turns: what disturbs a machine for a while then falls on all of them, and the ratio of
    two of them stays what it is.
    """
    least = dict.fromkeys(actions, math.inf)
    begin = time.perf_counter()
    for _ in range(MOST_RUNS):
        for name, action in actions.items():
            gc.collect()
            start = time.perf_counter()
            action()
            least[name] = min(least[name], time.perf_counter() - start)
        if time.perf_counter() - begin > ENOUGH_S:
            break
    return least


def peak_mib() -> float:
    """Return the largest resident memory of this process so far."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux hands the figure of getrusage on from parent to child
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def imports_mib(modules: set[str]) -> float:
    """Return the peak of a process that imports what this one does, and no more."""
    command = [sys.executable, __file__, "--imports", *sorted(modules)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)


def import_all(modules: list[str]) -> None:
    """Import modules, but for those that only others can."""
    for name in modules:
        with suppress(ImportError):
            importlib.import_module(name)


def measure(name: str, answers: Path, submission: Path) -> dict[str, object]:
    """Return times in seconds and memory in MiB."""
    grading = get(name).grading
    before = set(sys.modules)
    report = Grader(name, answers=answers)(submission)
    peak = peak_mib()  # before pandas reads anything
    # Some modules are imported when a grader first needs them.
    imports = imports_mib(set(sys.modules) - before)
    grader = Grader(name, answers=answers)
    decoded = grading.read_answers(answers.read_bytes())
    least = least_times(
        {
            "pandas_read_s": lambda: (pd.read_csv(submission), read_plainly(answers)),
            "answers_s": lambda: Grader(name, answers=answers),
            "check_s": lambda: grading.check(submission.read_bytes(), decoded),
            "grade_s": lambda: grader(submission),
            "total_s": lambda: Grader(name, answers=answers)(submission),
        }
    )
    return {
        "competition_id": name,
        "score": report.score,
        **least,
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
    if sys.argv[1] == "--imports":
        import_all(sys.argv[2:])
        print(peak_mib())
    else:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
