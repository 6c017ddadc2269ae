"""Text Normalization, English: one tenth of the sentences becomes the test set."""

import csv

import pandas as pd

from mlegrade.prepare import Workspace, split_by, write_csv

TEXTS = dict.fromkeys(("class", "before", "after"), str)


def prepare(files: Workspace, language: str = "en") -> None:
    """Make public and private data; sentences are numbered anew, tokens keep their numbers."""
    train_name, test_name = f"{language}_train.csv", f"{language}_test_2.csv"
    sample_name = f"{language}_sample_submission_2.csv"
    # Tokens such as "null" are lost, unless they are kept on purpose.
    table = files.read_csv(train_name, dtype=TEXTS, keep_default_na=not files.fixes)
    train, test = (
        part.assign(sentence_id=pd.factorize(part["sentence_id"])[0])
        for part in split_by(table, "sentence_id", 0.1)
    )
    ids = test["sentence_id"].astype(str) + "_" + test["token_id"].astype(str)
    answers, sample = (pd.DataFrame({"id": ids, "after": test[key]}) for key in ("after", "before"))
    write_csv(files.private / "answers.csv", answers, quoting=csv.QUOTE_NONNUMERIC)
    write_csv(files.private / "sample_submission.csv", sample, quoting=csv.QUOTE_NONNUMERIC)
    if files.answers_only:
        return
    shown = test.drop(columns=["class", "after"])
    for name, table in ((train_name, train), (test_name, shown), (sample_name, sample)):
        write_csv(files.scratch / name, table, quoting=csv.QUOTE_NONNUMERIC)
        files.write_zip(f"{name}.zip", files.scratch, [name], stored=True)
        (files.scratch / name).unlink()
