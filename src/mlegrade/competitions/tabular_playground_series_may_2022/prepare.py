"""Tabular Playground, May 2022: 100,000 of the labelled rows become the test set."""

from mlegrade.prepare import Workspace, split, write_csv

TEST_ROWS = 100_000


def prepare(files: Workspace) -> None:
    """Make public and private data; rows are numbered anew in the order of the split."""
    train, test = split(files.read_csv("train.csv"), TEST_ROWS)
    train = train.assign(id=range(len(train)))
    test = test.assign(id=range(len(train), len(train) + len(test)))
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="target"))
    write_csv(files.public / "sample_submission.csv", test[["id"]].assign(target=0.5))
    write_csv(files.private / "test.csv", test)
    write_csv(files.private / "gold_submission.csv", test[["id", "target"]])
