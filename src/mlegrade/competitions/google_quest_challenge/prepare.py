"""Google QUEST: one tenth of the rated questions and answers becomes the test set."""

import numpy as np
import pandas as pd

from mlegrade.competitions.google_quest_challenge.grader import TARGETS
from mlegrade.prepare import Workspace, filled, split, write_csv

RARE = "question_type_spelling"
QUESTION = ["question_title", "question_body"]


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    if test[RARE].nunique() == 1:
        train, test = _exchange(train, test)
    answers = test[["qa_id", *TARGETS]]
    files.require(answers[list(TARGETS)].nunique().gt(1).all(), "no target has one value only")
    if files.fixes:
        known = pd.MultiIndex.from_frame(test[QUESTION])
        train = train[~pd.MultiIndex.from_frame(train[QUESTION]).isin(known)]
    sample = filled(test[["qa_id"]], TARGETS, np.linspace(0, 1, len(test)))
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns=list(TARGETS)))
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", answers)


def _exchange(train: pd.DataFrame, test: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the test part a row with the rare target, for its first one."""
    at = int(np.flatnonzero(train[RARE].to_numpy() != 0)[0])
    rare, first = train.iloc[at : at + 1], test.iloc[:1]
    return (
        pd.concat([train.iloc[:at], first, train.iloc[at + 1 :]]),
        pd.concat([rare, test.iloc[1:]]),
    )
