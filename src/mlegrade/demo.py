"""The way of a submission from data to medal, on a competition that needs no download."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlegrade.grading import Grader, validate
from mlegrade.prepare import Prepared, prepare

if TYPE_CHECKING:
    import os

    import pandas as pd

    from mlegrade.report import GradeReport, Validation

__all__ = ["COMPETITION", "Demo", "run_demo"]

COMPETITION = "optical-digits"


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demonstration came to.

    Parameters
    ----------
    prepared : Prepared
        The data.
    model : str
        The baseline that was trained.
    validation : Validation
        What a check of the baseline's submission without answers found.
    report : GradeReport
        The baseline's grade.
    broken : dict of str to GradeReport
        What became of submissions that were broken on purpose, by what was done to them.
    seconds : float
        How long all of it took.
    """

    prepared: Prepared
    model: str
    validation: Validation
    report: GradeReport
    broken: dict[str, GradeReport]
    seconds: float


def run_demo(data_dir: str | os.PathLike[str] | None = None) -> Demo:
    """Prepare the built-in competition, train a baseline, validate and grade it.

    Parameters
    ----------
    data_dir : path, optional
        Where to put data and submissions; by default in a temporary folder that is removed.

    Returns
    -------
    Demo
    """
    import pandas as pd  # noqa: PLC0415 dear to import

    begin = time.perf_counter()
    with ExitStack() as stack:
        if data_dir is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mlegrade-")))
        else:
            folder = Path(data_dir)
        prepared = prepare(COMPETITION, data_dir=folder)
        public = prepared.folder / "public"
        model, submission = _baseline(
            pd.read_csv(public / "train.csv"), pd.read_csv(public / "test.csv")
        )
        path = folder / COMPETITION / "submission.csv"
        submission.to_csv(path, index=False)
        grader = Grader(COMPETITION, data_dir=folder)
        return Demo(
            prepared=prepared,
            model=model,
            validation=validate(path, COMPETITION, data_dir=folder),
            report=grader(path),
            broken={what: grader(table) for what, table in _broken(submission).items()},
            seconds=time.perf_counter() - begin,
        )


def _baseline(train: pd.DataFrame, test: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Train a model; return what it is, and its submission."""
    from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415 dear to import

    pixels = [name for name in test if name != "id"]
    model = KNeighborsClassifier(3).fit(train[pixels], train["digit"])
    submission = test[["id"]].assign(digit=model.predict(test[pixels]))
    return "3 nearest neighbours", submission


def _broken(submission: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return what goes wrong most often."""
    words = submission.astype({"digit": object})
    words.loc[words.index[41], "digit"] = "seven"
    return {
        "the last row is missing": submission.iloc[:-1],
        "the label column has another name": submission.rename(columns={"digit": "label"}),
        "a digit is written out": words,
    }
