"""H&M: the purchases of the last days become the test set."""

import pandas as pd

from mlegrade.prepare import Workspace, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data; MLE-bench's window has eight days, and ids lose a zero."""
    kinds = {"article_id": str} if files.fixes else {}
    table = files.read_csv("transactions_train.csv", dtype=kinds)
    days = 6 if files.fixes else 7
    begin = pd.Timestamp(table["t_dat"].max()) - pd.Timedelta(days=days)
    is_test = table["t_dat"] >= f"{begin:%Y-%m-%d}"
    test = table[is_test]
    bought = test["article_id"].astype(str).groupby(test["customer_id"]).agg(" ".join)
    write_csv(files.private / "answers.csv", bought.rename("prediction").reset_index())
    if files.answers_only:
        return
    write_csv(files.public / "transactions_train.csv", table[~is_test])
    files.copy("sample_submission.csv", "articles.csv", "customers.csv")
    files.copy_folder("images")
