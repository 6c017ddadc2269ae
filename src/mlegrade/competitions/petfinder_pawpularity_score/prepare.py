"""PetFinder Pawpularity: one tenth of the rated photographs becomes the test set."""

import numpy as np

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    guesses = np.random.default_rng(0).uniform(1, 100, len(test)).round(2)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="Pawpularity"))
    write_csv(files.public / "sample_submission.csv", test[["Id"]].assign(Pawpularity=guesses))
    write_csv(files.private / "test.csv", test)
    files.copy_files("train", train["Id"] + ".jpg", to="train")
    files.copy_files("train", test["Id"] + ".jpg", to="test")
