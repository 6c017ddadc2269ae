"""Cdiscount: one tenth of the products becomes the test set; their pictures are not looked at."""

from contextlib import ExitStack

import numpy as np
import pandas as pd

from mlegrade.prepare import (
    Workspace,
    bson_documents,
    bson_integers,
    bson_without,
    split,
    write_csv,
)

COLUMNS = {"_id": np.int64, "category_id": np.int64}
SAMPLE = 1000010653
EXAMPLES = 100


def prepare(files: Workspace) -> None:
    """Make public and private data: one pass for the labels, and one for the documents."""
    path = files.raw("train.bson")
    rows = (tuple(bson_integers(document, *COLUMNS)) for document in bson_documents(path))
    table = pd.DataFrame(np.fromiter(rows, list(COLUMNS.items())))
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
        hidden = files.track(is_test, "products")
        for document, is_hidden in zip(bson_documents(path), hidden, strict=True):
            if is_hidden:
                test_file.write(bson_without(document, "category_id"))
                continue
            train_file.write(document)
            if written < EXAMPLES:
                examples.write(document)
            written += 1
