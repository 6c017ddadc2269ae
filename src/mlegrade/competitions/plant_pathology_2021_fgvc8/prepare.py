"""Plant Pathology 2021: a fifth of the labelled leaves becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.2)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(labels="healthy"))
    write_csv(files.private / "answers.csv", test)
    files.copy_files("train_images", train["image"], to="train_images")
    files.copy_files("train_images", test["image"], to="test_images")
