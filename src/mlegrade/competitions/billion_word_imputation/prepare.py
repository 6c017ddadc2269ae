"""Billion Word Imputation: one line in a hundred loses a word, the others are for training."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from mlegrade.prepare import Workspace

LINES = 30_301_028
SHARE = 0.01
HEADER = b'"id","sentence"\n'


def prepare(files: Workspace) -> None:
    """Make public and private data, line by line."""
    known = {line.strip() for line, gap in _lines(files) if gap is not None} if files.fixes else {}
    count = total = 0
    partial = files.scratch / "test_v2.txt"
    with (
        files.new_zip_member("train_v2.txt.zip", "train_v2.txt") as train,
        (files.private / "test.csv").open("wb") as answers,
        partial.open("wb") as test,
    ):
        for file in (answers, test):
            file.write(HEADER)
        for line, gap in _lines(files):
            total += 1
            if gap is not None:
                sentence = line.strip().replace('"', '""')
                answers.write(f'{count},"{sentence}"\n'.encode())
                test.write(f'{count},"{gap}"\n'.encode())
                count += 1
            elif line.strip() not in known:
                train.write(line.encode())
    files.require(total == LINES, f"{LINES:,} lines")
    files.require(count, "one line in a hundred is a test row")
    files.write_zip("test_v2.txt.zip", files.scratch, ["test_v2.txt"])
    partial.replace(files.private / "sample_submission.csv")


def _lines(files: Workspace) -> Iterator[tuple[str, str | None]]:
    """Yield each line, and what is left of it if it is a test row; every line is drawn for."""
    rng = np.random.RandomState(0)
    with files.raw("train_v2.txt").open(encoding="utf-8") as lines:
        for line in islice(lines, LINES):
            if rng.uniform() > SHARE or len(line.split()) <= 2:  # noqa: PLR2004 first and last
                yield line, None
                continue
            words = line.replace('"', '""').split()
            del words[rng.randint(1, len(words) - 1)]
            yield line, " ".join(words)
