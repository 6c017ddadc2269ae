"""Text Normalization, English: one tenth of the sentences becomes the test set."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from mlegrade.prepare import Workspace, append_csv, split

SENTENCE = "sentence_id"
TEXTS = dict.fromkeys(("class", "before", "after"), str)


def prepare(files: Workspace, language: str = "en") -> None:
    """Make public and private data; sentences are numbered anew, tokens keep their numbers."""
    raw = f"{language}_train.csv"
    numbers = pd.concat(files.read_parts(raw, usecols=[SENTENCE]))[SENTENCE].unique()
    _, hidden = split(list(numbers), 0.1)
    in_test = np.isin(numbers, hidden)
    anew = pd.Series(np.where(in_test, in_test.cumsum(), (~in_test).cumsum()) - 1, numbers)
    # Tokens such as "null" are lost, unless they are kept on purpose.
    for part in files.read_parts(raw, dtype=TEXTS, keep_default_na=not files.fixes):
        is_test = part[SENTENCE].isin(hidden)
        part[SENTENCE] = anew[part[SENTENCE]].to_numpy()
        test = part[is_test]
        ids = test[SENTENCE].astype(str) + "_" + test["token_id"].astype(str)
        answers = pd.DataFrame({"id": ids, "after": test["after"]})
        sample = answers.assign(after=test["before"])
        _append(files.private / "answers.csv", answers)
        _append(files.private / "sample_submission.csv", sample)
        if files.answers_only:
            continue
        _append(files.scratch / raw, part[~is_test])
        _append(files.scratch / f"{language}_test_2.csv", test.drop(columns=["class", "after"]))
        _append(files.scratch / f"{language}_sample_submission_2.csv", sample)
    for name in (raw, f"{language}_test_2.csv", f"{language}_sample_submission_2.csv"):
        files.write_zip(f"{name}.zip", files.scratch, [name], stored=True)


def _append(path: Path, table: pd.DataFrame) -> None:
    append_csv(path, table, quoting=csv.QUOTE_NONNUMERIC)
