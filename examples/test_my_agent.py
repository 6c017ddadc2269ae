"""Tests of an agent with pytest: that it still earns its medal, and gets by with other data.

``pytest examples/test_my_agent.py``; it takes ``pip install 'mlegrade[testing]' pytest``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from sklearn.neighbors import KNeighborsClassifier

import mlegrade
from mlegrade.prepare import prepare
from mlegrade.testing import synthesize

if TYPE_CHECKING:
    from pathlib import Path

COMPETITION = "optical-digits"


def my_agent(public: Path, seed: int) -> pd.DataFrame:
    """Stand in for an agent: make a submission out of public data."""
    train, test = pd.read_csv(public / "train.csv"), pd.read_csv(public / "test.csv")
    train = train.sample(frac=0.9, random_state=seed)
    pixels = [name for name in test if name.startswith("pixel")]
    model = KNeighborsClassifier(3).fit(train[pixels], train["digit"])
    return test[["id"]].assign(digit=model.predict(test[pixels]))


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare the data; a benchmark's own tests would have it in place."""
    folder = tmp_path_factory.mktemp("data")
    prepare(COMPETITION, data_dir=folder)
    return folder


@pytest.mark.parametrize("seed", range(3))
def test_it_earns_a_medal(data_dir: Path, seed: int) -> None:
    """Say what is wrong with the submission, if it is refused."""
    public = data_dir / COMPETITION / "prepared" / "public"
    report = mlegrade.grade(my_agent(public, seed), COMPETITION, data_dir=data_dir)
    assert report.valid_submission, report.error
    assert report.medal is not None, f"{report.score}, bronze is {report.bronze_threshold}"


@pytest.mark.parametrize("name", mlegrade.competitions("lite"))
def test_my_harness_takes_every_competition(name: str) -> None:
    """Grade synthetic submissions: no download, the real formats, graders and medal lines."""
    made = synthesize(name, rows=20, seed=1)
    grader = mlegrade.Grader(name, answers=made.answers)
    assert grader(made.perfect).valid_submission
    assert not grader(b"id,answer\n1,42\n").valid_submission
