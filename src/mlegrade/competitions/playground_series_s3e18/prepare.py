"""Playground Series S3E18: one tenth of the labelled enzymes becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv

TARGETS = ["EC1", "EC2", "EC3", "EC4", "EC5", "EC6"]


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns=TARGETS))
    write_csv(files.public / "sample_submission.csv", test[["id"]].assign(EC1=0.5, EC2=0.5))
    write_csv(files.private / "test.csv", test)
