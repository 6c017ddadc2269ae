"""OSIC Pulmonary Fibrosis: one tenth of the patients becomes the test set."""

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data; the answers have a row for every week of every patient."""
    patients = list(files.read_csv("train.csv").groupby("Patient"))
    parts = split(patients, 0.1)
    train, test = (pd.concat([rows for _, rows in part]) for part in parts)
    names = [[str(name) for name, _ in part] for part in parts]
    weeks = range(test["Weeks"].min(), test["Weeks"].max() + 1)
    every = pd.DataFrame(
        [(name, week) for name in names[1] for week in weeks], columns=["Patient", "Weeks"]
    )
    answers = every.merge(test, on=["Patient", "Weeks"], how="left")
    files.require(len(answers) == len(every), "one measurement a week")
    ids = answers["Patient"] + "_" + answers["Weeks"].astype(str)
    answers = answers.assign(Patient_Week=ids, Confidence=100)
    sample = answers[["Patient_Week"]].assign(FVC=2000, Confidence=100)
    first = test.sort_values("Weeks").groupby("Patient").first().reset_index()
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", first)
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", answers)
    files.copy_folders("train", names[0], to="train")
    files.copy_folders("train", names[1], to="test")
