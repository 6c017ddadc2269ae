"""RSNA-MICCAI Brain Tumor: one tenth of the labelled subjects becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    table = files.read_csv("train_labels.csv", dtype={"BraTS21ID": str})
    train, test = split(table, 0.1)
    write_csv(files.public / "train_labels.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(MGMT_value=0.5))
    write_csv(files.private / "test.csv", test)
    files.copy_folders("train", train["BraTS21ID"], to="train")
    files.copy_folders("train", test["BraTS21ID"], to="test")
