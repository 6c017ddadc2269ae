"""Right Whale Redux: the recordings of the last two of four days become the test set."""

import re
from pathlib import PurePosixPath

import pandas as pd

from mlegrade.prepare import Workspace, write_csv

DAYS = 4


def prepare(files: Workspace) -> None:
    """Make public and private data; the files are numbered anew in the order of time."""
    raw = files.folder("train2")
    names = [name for name in raw.names() if name.endswith(".aif")]
    days = sorted({name.split("_")[0] for name in names})
    files.require(len(days) == DAYS, "clips of four days")
    train = [name for name in names if name.split("_")[0] in days[: DAYS // 2]]
    test = [name for name in names if name.split("_")[0] in days[DAYS // 2 :]]
    clips = [f"{name.split('TRAIN')[0]}Test{at}.aif" for at, name in enumerate(test)]
    labels = [int(PurePosixPath(name).stem.endswith("_1")) for name in test]
    answers = pd.DataFrame({"clip": clips, "probability": labels})
    write_csv(files.public / "sampleSubmission.csv", answers.assign(probability=0))
    write_csv(files.private / "test.csv", answers)
    numbered = [re.sub(r"TRAIN\d+", f"TRAIN{at}", name) for at, name in enumerate(train)]
    for part, old, new in (("train2", train, numbered), ("test2", test, clips)):
        inside = {name: f"{part}/{clip}" for name, clip in zip(old, new, strict=True)}
        files.write_zip(f"{part}.zip", raw, inside)
