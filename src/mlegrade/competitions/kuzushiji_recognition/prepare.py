"""Kuzushiji Recognition: one tenth of the pages becomes the test set."""

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv

SAMPLE = "U+003F 1 1 U+FF2F 2 2"
TOKENS = 5  # of a character: its code, left, top, width, height


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test[["image_id"]].assign(labels=SAMPLE))
    write_csv(files.private / "test.csv", test)
    gold = test[["image_id"]].assign(labels=[_points(labels) for labels in test["labels"]])
    write_csv(files.private / "gold_submission.csv", gold)
    files.copy("unicode_translation.csv")
    for part, rows in (("train", train), ("test", test)):
        files.write_zip(f"{part}_images.zip", "train_images", rows["image_id"] + ".jpg")


def _points(labels: str) -> str:
    """Return for each character its code and a point inside of it."""
    tokens = [] if pd.isna(labels) else labels.split()
    starts = range(0, len(tokens), TOKENS)
    return " ".join(
        f"{tokens[at]} {int(tokens[at + 1]) + 1} {int(tokens[at + 2]) + 1}" for at in starts
    )
