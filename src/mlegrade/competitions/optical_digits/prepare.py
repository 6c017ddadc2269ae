"""Optical Digits: half of the digits that come with scikit-learn become the test set."""

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv

SIDE = 8


def prepare(files: Workspace) -> None:
    """Make public and private data; nothing has to be downloaded."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 dear to import

    digits = load_digits()
    pixels = [f"pixel_{row}_{column}" for row in range(SIDE) for column in range(SIDE)]
    table = pd.DataFrame(digits.data.astype(int), columns=pixels)
    table.insert(0, "id", range(len(table)))
    train, test = split(table.assign(digit=digits.target), test_size=0.5)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="digit"))
    write_csv(files.public / "sample_submission.csv", test[["id"]].assign(digit=0))
    write_csv(files.private / "test.csv", test[["id", "digit"]])
