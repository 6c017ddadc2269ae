"""Facebook Recruiting III: one tenth of the questions becomes the test set."""

import numpy as np
import pandas as pd

from mlegrade.prepare import Workspace, split

RAW = "Train.csv"
SAMPLE = "javascript c# python php java"


def prepare(files: Workspace) -> None:
    """Make public and private data; the questions are never in memory as a whole."""
    questions = files.lines(RAW, dtype=str)
    train, test = split(np.arange(len(questions)), 0.1)
    sample = files.public / "sample_submission.csv"
    questions.write(sample, test, lambda table: table.assign(Tags=SAMPLE))
    questions.write(files.private / "test.csv", test)
    if files.answers_only:
        return
    if files.fixes:
        asked = [
            pd.util.hash_pandas_object(part, index=False)
            for part in files.read_parts(RAW, dtype=str, usecols=["Title", "Body"])
        ]
        what = np.concatenate(asked)
        train = train[~np.isin(what[train], what[test])]
    questions.write(files.public / "train.csv", train)
    questions.write(files.public / "test.csv", test, lambda table: table.drop(columns="Tags"))
