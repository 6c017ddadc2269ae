"""Spaceship Titanic: one tenth of the labelled passengers becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), test_size=0.1)
    sample = test[["PassengerId"]].assign(Transported=False)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="Transported"))
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", test)
