"""Histopathologic Cancer Detection: as large a share of the patches as Kaggle's test set had."""

from mlegrade.prepare import Workspace, split, write_csv

KAGGLES_TEST, KAGGLES_TRAIN = 57_458, 220_025


def prepare(files: Workspace) -> None:
    """Make public and private data; the tables keep their order."""
    labels = files.read_csv("train_labels.csv")
    _, test_ids = split(labels["id"], KAGGLES_TEST / (KAGGLES_TRAIN + KAGGLES_TEST))
    is_test = labels["id"].isin(test_ids)
    train, test = labels[~is_test], labels[is_test]
    write_csv(files.public / "train_labels.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(label=0))
    write_csv(files.private / "answers.csv", test)
    files.copy_files("train", train["id"] + ".tif", to="train")
    files.copy_files("train", test["id"] + ".tif", to="test")
