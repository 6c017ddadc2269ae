"""Statoil Iceberg Classifier: a fifth of the labelled radar images becomes the test set."""

import json

import pandas as pd

from mlegrade.prepare import Workspace, first_of_json, split, write_csv, write_json


def prepare(files: Workspace) -> None:
    """Make public and private data, each public file in an archive of its own."""
    samples = json.loads(files.raw("train.json").read_bytes())
    files.require(all(row.keys() == samples[0].keys() for row in samples), "one set of fields")
    train, test = split(samples, 0.2)
    answers = pd.DataFrame(test)[["id", "is_iceberg"]]
    write_csv(files.private / "test.csv", answers)
    write_csv(files.private / "sample_submission.csv", answers.assign(is_iceberg=0.5))
    write_json(files.scratch / "train.json", train)
    # Of Kaggle's own test samples, which are many, the first tells the fields.
    fields = list(first_of_json(files.raw("test.json")))
    shown = [{name: row[name] for name in fields} for row in test]
    write_json(files.scratch / "test.json", shown)
    for name in ("train.json", "test.json"):
        files.write_7z(f"{name}.7z", files.scratch, [name])
    files.write_7z("sample_submission.csv.7z", files.private, ["sample_submission.csv"])
