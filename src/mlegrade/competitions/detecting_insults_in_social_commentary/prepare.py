"""Detecting Insults in Social Commentary: the original test set, whose labels were published."""

import shutil

from mlegrade.prepare import Workspace, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    gold = files.read_csv("test_with_solutions.csv")[["Insult", "Date", "Comment"]]
    shutil.copyfile(files.raw("train.csv"), files.public / "train.csv")
    write_csv(files.public / "test.csv", gold.drop(columns="Insult"))
    write_csv(files.public / "sample_submission_null.csv", gold.assign(Insult=0))
    shutil.copyfile(files.raw("test_with_solutions.csv"), files.private / "test.csv")
    write_csv(files.private / "gold_submission.csv", gold)
