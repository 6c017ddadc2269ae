"""Leaf Classification: one tenth of the labelled leaves becomes the test set."""

from mlegrade.competitions.leaf_classification.grader import SPECIES
from mlegrade.prepare import Workspace, filled, one_hot, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data; images of both parts are in one folder."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    sample = filled(test[["id"]], SPECIES, 1 / len(SPECIES))
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="species"))
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", test[["id"]].join(one_hot(test["species"], SPECIES)))
    names = [f"{name}.jpg" for part in (train, test) for name in part["id"]]
    files.copy_files("images", names, to="images")
    (files.private / "images").mkdir()  # MLE-bench has this empty folder
