"""APTOS 2019: one tenth of the graded photographs becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="diagnosis"))
    write_csv(files.public / "sample_submission.csv", test[["id_code"]].assign(diagnosis=0))
    write_csv(files.private / "test.csv", test)
    files.copy_files("train_images", train["id_code"] + ".png", to="train_images")
    files.copy_files("train_images", test["id_code"] + ".png", to="test_images")
