"""Tabular Playground, December 2021: one tenth of the labelled rows becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="Cover_Type"))
    write_csv(files.public / "sample_submission.csv", test[["Id"]].assign(Cover_Type=2))
    write_csv(files.private / "test.csv", test)
