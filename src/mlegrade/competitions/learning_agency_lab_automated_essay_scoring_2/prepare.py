"""Automated Essay Scoring 2: one tenth of the marked essays becomes the test set."""

import numpy as np

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    marks = np.random.RandomState(42).randint(1, 7, size=len(test))
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="score"))
    write_csv(files.public / "sample_submission.csv", test[["essay_id"]].assign(score=marks))
    write_csv(files.private / "answers.csv", test)
