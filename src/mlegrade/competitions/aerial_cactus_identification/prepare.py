"""Aerial Cactus Identification: 19 per cent of the labelled thumbnails become the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.19)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(has_cactus=0.5))
    write_csv(files.private / "test.csv", test)
    files.write_zip("train.zip", "train", train["id"])
    files.write_zip("test.zip", "train", test["id"])
