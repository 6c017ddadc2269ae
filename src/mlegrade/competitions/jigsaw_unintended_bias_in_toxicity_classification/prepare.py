"""Jigsaw Unintended Bias: Kaggle's private test set, whose labels were published."""

import shutil

from mlegrade.prepare import Workspace, write_csv

ANSWERS = "test_private_expanded.csv"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    test = files.read_csv(ANSWERS, usecols=["id", "comment_text"])[["id", "comment_text"]]
    shutil.copyfile(files.raw(ANSWERS), files.private / "test.csv")
    write_csv(files.public / "test.csv", test)
    write_csv(files.public / "sample_submission.csv", test[["id"]].assign(prediction=0.0))
    files.copy("train.csv")
