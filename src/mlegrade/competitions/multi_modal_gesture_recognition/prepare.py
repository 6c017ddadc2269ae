"""Multi-modal Gesture Recognition: the last of four archives of training sessions is for test."""

import random
import tarfile
from pathlib import PurePosixPath

import pandas as pd

from mlegrade.prepare import Workspace, write_csv

GESTURES = range(1, 21)
TEST = "training4.tar.gz"
SHOWN = (
    *(f"training{at}.tar.gz" for at in (1, 2, 3)),
    *(f"validation{at}.tar.gz" for at in (1, 2, 3)),
    "devel01-40.7z",
    "valid_all_files_combined.7z",
    "sample_code_mmrgc.zip",
)


def prepare(files: Workspace) -> None:
    """Make public and private data; the sessions stay in their archives."""
    with tarfile.open(files.raw(TEST)) as archive:
        sessions = [PurePosixPath(name) for name in archive.getnames()]
    ids = sorted(session.stem[-4:] for session in sessions if session.suffix == ".zip")
    table = files.read_csv("training.csv", dtype=str)
    is_test = table["Id"].isin(ids)
    files.require(is_test.sum() == len(ids), "a row of each test session")
    rng = random.Random(0)
    guesses = [" ".join(map(str, rng.sample(GESTURES, len(GESTURES)))) for _ in ids]
    sample = pd.DataFrame({"Id": ids, "Sequence": guesses})
    write_csv(files.public / "training.csv", table[~is_test])
    write_csv(files.public / "test.csv", sample[["Id"]])
    write_csv(files.public / "randomPredictions.csv", sample)
    write_csv(files.private / "test.csv", table[is_test])
    files.copy(*SHOWN)
    files.copy_as(TEST, "test.tar.gz")
