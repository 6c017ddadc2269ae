"""Billion Word Imputation: one line in a hundred loses a word, the others are for training."""

from itertools import islice

import numpy as np

from mlegrade.prepare import Workspace

LINES = 30_301_028
SHARE = 0.01
HEADER = b'"id","sentence"\n'


def prepare(files: Workspace) -> None:
    """Make public and private data in one pass; the draws depend on the lines before."""
    rng = np.random.RandomState(0)
    count = 0
    partial = files.scratch / "test_v2.txt"
    with (
        files.raw("train_v2.txt").open(encoding="utf-8") as lines,
        files.new_zip_member("train_v2.txt.zip", "train_v2.txt") as train,
        (files.private / "test.csv").open("wb") as answers,
        partial.open("wb") as test,
    ):
        for file in (answers, test):
            file.write(HEADER)
        for line in islice(lines, LINES):
            if rng.uniform() > SHARE or len(line.split()) <= 2:  # noqa: PLR2004 first and last
                train.write(line.encode())
                continue
            sentence = line.strip().replace('"', '""')
            words = sentence.split()
            del words[rng.randint(1, len(words) - 1)]
            answers.write(f'{count},"{sentence}"\n'.encode())
            test.write(f'{count},"{" ".join(words)}"\n'.encode())
            count += 1
    files.require(count, "one line in a hundred is a test row")
    files.write_zip("test_v2.txt.zip", files.scratch, ["test_v2.txt"])
    partial.replace(files.private / "sample_submission.csv")
