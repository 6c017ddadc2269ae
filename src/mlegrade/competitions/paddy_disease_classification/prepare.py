"""Paddy Disease Classification: a quarter of the labelled leaves becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), train_size=0.75)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test[["image_id"]].assign(label=""))
    write_csv(files.private / "test.csv", test)
    files.copy_files("train_images", train["label"] + "/" + train["image_id"], to="train_images")
    old = test["label"] + "/" + test["image_id"]
    images = dict(zip(old, test["image_id"], strict=True))
    files.copy_files("train_images", images, to="test_images")
