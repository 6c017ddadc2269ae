"""Humpback Whale Identification: a tenth of the flukes; a known whale is in the training set."""

import numpy as np

from mlegrade.prepare import Workspace, split, write_csv

NEW = "new_whale"
GUESS = "new_whale w_1287fbc w_98baff9 w_7554f44 w_1eafe46"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    table = files.read_csv("train.csv")
    rng = np.random.default_rng(0)
    sides = dict.fromkeys(table.index, "")
    for _, flukes in table.groupby("Id", sort=False):
        if len(flukes) > 1:
            first, second = flukes.sample(2, random_state=0).index
            sides[first], sides[second] = "train", "test"
        else:
            sides[flukes.index[0]] = rng.choice(["train", "test"], replace=False, p=[0.9, 0.1])
    _, rest = split([row for row, side in sides.items() if not side], 0.1)
    is_test = np.array([side == "test" for side in sides.values()])
    is_test[rest] = True
    train, test = table[~is_test], table[is_test]
    test = test.assign(Id=test["Id"].where(test["Id"].isin(train["Id"]), NEW))
    files.require((test["Id"] == NEW).any(), "a test image of a new whale")
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(Id=GUESS))
    write_csv(files.private / "test.csv", test)
    files.copy_files("train", train["Image"], to="train")
    files.copy_files("train", test["Image"], to="test")
