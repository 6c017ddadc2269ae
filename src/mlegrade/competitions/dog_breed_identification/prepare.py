"""Dog Breed Identification: one tenth of the labelled photographs becomes the test set."""

from mlegrade.competitions.dog_breed_identification.grader import BREEDS
from mlegrade.prepare import Workspace, filled, one_hot, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("labels.csv"), 0.1)
    answers = test[["id"]].join(one_hot(test["breed"], BREEDS))
    sample = filled(test[["id"]], BREEDS, 1 / len(BREEDS))
    write_csv(files.public / "labels.csv", train)
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", answers)
    files.copy_files("train", train["id"] + ".jpg", to="train")
    files.copy_files("train", test["id"] + ".jpg", to="test")
