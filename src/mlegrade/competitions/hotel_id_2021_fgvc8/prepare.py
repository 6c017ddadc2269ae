"""Hotel-ID 2021: one tenth of the photographs becomes the test set, which hides the chain."""

from mlegrade.prepare import Workspace, split, write_csv

LISTED_TWICE = "ce27d36c9147cc19.jpg"
SAMPLE = "36363 53586 18807 64314 60181"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    table = files.read_csv("train.csv")
    train, test = split(table[table["image"] != LISTED_TWICE], 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test[["image"]].assign(hotel_id=SAMPLE))
    write_csv(files.private / "test.csv", test)
    kept = train["chain"].astype(str) + "/" + train["image"]
    files.copy_files("train_images", kept, to="train_images")
    hidden = test["chain"].astype(str) + "/" + test["image"]
    flat = dict(zip(hidden, test["image"], strict=True))
    files.copy_files("train_images", flat, to="test_images")
