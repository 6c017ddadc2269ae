"""H&M: the purchases of the last days become the test set."""

import pandas as pd

from mlegrade.prepare import Workspace, append_csv, write_csv

RAW = "transactions_train.csv"


def prepare(files: Workspace) -> None:
    """Make public and private data; MLE-bench's window has eight days, and ids lose a zero."""
    kinds = {"article_id": str} if files.fixes else {}
    days = 6 if files.fixes else 7
    last = max(part["t_dat"].max() for part in files.read_parts(RAW, usecols=["t_dat"]))
    begin = f"{pd.Timestamp(last) - pd.Timedelta(days=days):%Y-%m-%d}"
    taken = []
    for part in files.read_parts(RAW, dtype=kinds):
        is_test = part["t_dat"] >= begin
        taken.append(part[is_test])
        if not files.answers_only:
            append_csv(files.public / RAW, part[~is_test])
    test = pd.concat(taken)
    bought = test["article_id"].astype(str).groupby(test["customer_id"]).agg(" ".join)
    write_csv(files.private / "answers.csv", bought.rename("prediction").reset_index())
    files.copy("sample_submission.csv", "articles.csv", "customers.csv")
    files.copy_folder("images")
