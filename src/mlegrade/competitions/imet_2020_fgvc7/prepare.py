"""iMet 2020: 15 per cent of the labelled photographs become the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.15)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(attribute_ids="0 1 2"))
    write_csv(files.private / "answers.csv", test)
    files.copy("labels.csv")
    files.copy_files("train", train["id"] + ".png", to="train")
    files.copy_files("train", test["id"] + ".png", to="test")
