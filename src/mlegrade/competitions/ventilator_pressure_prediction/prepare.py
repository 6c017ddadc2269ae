"""Ventilator Pressure Prediction: one tenth of the breaths becomes the test set."""

import numpy as np

from mlegrade.prepare import Workspace, split, write_csv

TYPES = {
    **dict.fromkeys(("id", "breath_id"), np.int32),
    **dict.fromkeys(("R", "C", "u_out"), np.int8),
    **dict.fromkeys(("time_step", "u_in", "pressure"), np.float64),
}
FORM = "%.10g"


def prepare(files: Workspace) -> None:
    """Make public and private data; the rows of a breath stay together, in a new order."""
    table = files.read_csv("train.csv", dtype=TYPES)
    breaths = [rows for _, rows in sorted(table.groupby("breath_id").indices.items())]
    train, test = (table.iloc[np.concatenate(part)].copy() for part in split(breaths, 0.1))
    for part in (train, test):
        part["id"] = np.arange(1, len(part) + 1)
    write_csv(files.public / "train.csv", train, float_format=FORM)
    write_csv(files.public / "test.csv", test.drop(columns="pressure"), float_format=FORM)
    write_csv(files.public / "sample_submission.csv", test[["id"]].assign(pressure=0))
    write_csv(files.private / "test.csv", test, float_format=FORM)
