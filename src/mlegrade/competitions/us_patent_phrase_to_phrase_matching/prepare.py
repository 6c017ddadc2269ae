"""U.S. Patent Phrase to Phrase Matching: one tenth of the pairs becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="score"))
    write_csv(files.public / "sample_submission.csv", test[["id"]].assign(score=0))
    write_csv(files.private / "test.csv", test)
