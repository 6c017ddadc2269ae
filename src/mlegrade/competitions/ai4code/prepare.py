"""AI4Code: whole families of notebooks go to the test set until it has twenty thousand."""

import json

import pandas as pd

from mlegrade.prepare import Workspace, write_csv

TEST = 20_000


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    ancestors = files.read_csv("train_ancestors.csv")
    ancestors = ancestors.sample(frac=1, random_state=0).reset_index(drop=True)
    in_test = ancestors["id"].isin(_test_ids(ancestors))
    files.require(in_test.sum() == TEST, f"a choice of families with {TEST:,} notebooks")
    orders = files.read_csv("train_orders.csv")
    is_test = orders["id"].isin(ancestors["id"][in_test])
    write_csv(files.private / "test_orders.csv", orders[is_test])
    if files.answers_only:
        return
    write_csv(files.public / "train_ancestors.csv", ancestors[~in_test])
    write_csv(files.public / "train_orders.csv", orders[~is_test])
    files.copy_files("train", ancestors["id"][~in_test] + ".json", to="train")
    files.copy_files("train", ancestors["id"][in_test] + ".json", to="test")
    # The file of a notebook names its code in order, then its texts in any order.
    shown = [
        " ".join(json.loads((files.public / "test" / f"{name}.json").read_bytes())["cell_type"])
        for name in orders["id"][is_test]
    ]
    sample = orders[is_test].assign(cell_order=shown)
    write_csv(files.public / "sample_submission.csv", sample)


def _test_ids(ancestors: pd.DataFrame) -> list[str]:
    """Return the notebooks of the families, in order of first appearance, that still have room."""
    chosen: list[str] = []
    for _, family in ancestors.groupby("ancestor_id", sort=False)["id"]:
        if len(chosen) + len(family) <= TEST:
            chosen += list(family)
    return chosen
