"""SIIM-FISABIO-RSNA COVID-19: one tenth of the studies, and their images, are for test."""

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv

LABELS = {
    "Negative for Pneumonia": "negative",
    "Typical Appearance": "typical",
    "Indeterminate Appearance": "indeterminate",
    "Atypical Appearance": "atypical",
}
REST = " 1 0 0 1 1"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    parts = split(files.read_csv("train_study_level.csv"), 0.1)
    train, test = (part.sort_values("id") for part in parts)
    images = files.read_csv("train_image_level.csv").sort_values("id")
    studies = images["StudyInstanceUID"] + "_study"
    known = studies.isin(train["id"]) | studies.isin(test["id"])
    files.require(known.all(), "a study of each image")
    test_images = images[studies.isin(test["id"])]
    found = test[list(LABELS)].to_numpy().argmax(axis=1)
    labels = [f"{list(LABELS.values())[at]}{REST}" for at in found]
    answers = pd.DataFrame(
        {
            "id": [*test["id"], *test_images["id"]],
            "PredictionString": [*labels, *test_images["label"]],
        }
    )
    guesses = [f"negative{REST}"] * len(test) + [f"none{REST}"] * len(test_images)
    sample = answers.assign(PredictionString=guesses)
    write_csv(files.public / "train_study_level.csv", train)
    write_csv(files.public / "train_image_level.csv", images[studies.isin(train["id"])])
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", answers)
    files.copy_folders("train", train["id"].str.removesuffix("_study"), to="train")
    files.copy_folders("train", test["id"].str.removesuffix("_study"), to="test")
