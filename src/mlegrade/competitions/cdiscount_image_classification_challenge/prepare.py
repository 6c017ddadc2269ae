"""Cdiscount: one tenth of the products becomes the test set; their pictures are not looked at."""

from contextlib import ExitStack

import pandas as pd

from mlegrade.prepare import BsonReader, Workspace, split, without_key, write_csv

SAMPLE = 1000010653
EXAMPLES = 100


def prepare(files: Workspace) -> None:
    """Make public and private data: one pass for the labels, and one for the documents."""
    path = files.raw("train.bson")
    rows = [(d["_id"], d["category_id"]) for d in BsonReader(path).integers("_id", "category_id")]
    table = pd.DataFrame(rows, columns=["_id", "category_id"])
    _, test = split(table, 0.1)
    answers = test.sort_values("_id")
    write_csv(files.private / "answers.csv", answers)
    write_csv(files.public / "sample_submission.csv", answers.assign(category_id=SAMPLE))
    files.copy("category_names.csv")
    is_test = table["_id"].isin(test["_id"]).tolist()
    with ExitStack() as stack:
        train_file, test_file, examples = (
            stack.enter_context((files.public / f"{name}.bson").open("wb"))
            for name in ("train", "test", "train_example")
        )
        written = 0
        for document, hidden in zip(BsonReader(path), files.track(is_test, "products"), strict=True):
            if hidden:
                test_file.write(without_key(document, "category_id"))
                continue
            train_file.write(document)
            if written < EXAMPLES:
                examples.write(document)
            written += 1
