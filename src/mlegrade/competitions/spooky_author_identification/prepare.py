"""Spooky Author Identification: one tenth of the labelled sentences becomes the test set."""

from mlegrade.competitions.spooky_author_identification.grader import AUTHORS
from mlegrade.prepare import Workspace, one_hot, split, write_csv

SHARES = (0.403493538995863, 0.287808366106543, 0.308698094897594)


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), test_size=0.1)
    ids = test[["id"]]
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="author"))
    shares = dict(zip(AUTHORS, SHARES, strict=True))
    write_csv(files.public / "sample_submission.csv", ids.assign(**shares))
    write_csv(files.private / "test.csv", ids.join(one_hot(test["author"], AUTHORS)))
