"""Tabular Playground, December 2021: one tenth of the labelled rows becomes the test set."""

import numpy as np

from mlegrade.prepare import Workspace, split


def prepare(files: Workspace) -> None:
    """Make public and private data; of the four million rows some are in memory at a time."""
    rows = files.lines("train.csv")
    train, test = split(np.arange(len(rows)), 0.1)
    sample = files.public / "sample_submission.csv"
    rows.write(sample, test, lambda table: table[["Id"]].assign(Cover_Type=2))
    rows.write(files.private / "test.csv", test)
    if not files.answers_only:
        rows.write(files.public / "train.csv", train)
    rows.write(files.public / "test.csv", test, lambda table: table.drop(columns="Cover_Type"))
