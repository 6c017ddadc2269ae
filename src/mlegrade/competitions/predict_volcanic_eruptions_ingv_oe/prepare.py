"""Predict Volcanic Eruptions: one tenth of the recorded segments becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(time_to_eruption=0))
    write_csv(files.private / "test.csv", test)
    files.copy_files("train", train["segment_id"].astype(str) + ".csv", to="train")
    files.copy_files("train", test["segment_id"].astype(str) + ".csv", to="test")
