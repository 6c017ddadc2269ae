"""ALASKA2: five thousand photographs, of each the cover or one of three versions with a message."""

import random

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv

METHODS = ["JMiPOD", "JUNIWARD", "UERD"]
TEST = 5000


def prepare(files: Workspace) -> None:
    """Make public and private data; photographs get new numbers."""
    covers = [name for name in files.folder("Cover").names() if name.endswith(".jpg")]
    train, test = split(covers, TEST, random_state=42)
    draw = random.Random(0)
    draw.shuffle(test)
    rows = []
    for number, name in enumerate(test, start=1):
        clean = draw.choice([True, False])
        folder = "Cover" if clean else draw.choice(METHODS)
        rows.append((f"{number:04d}.jpg", 0 if clean else 1, folder, name))
    answers = pd.DataFrame(rows, columns=["Id", "Label", "folder", "name"])
    write_csv(files.private / "test.csv", answers[["Id", "Label"]])
    write_csv(files.public / "sample_submission.csv", answers[["Id"]].assign(Label=0))
    numbered = {name: f"{number:05d}.jpg" for number, name in enumerate(train, start=1)}
    for folder in ("Cover", *METHODS):
        files.copy_files(folder, numbered, to=folder)
        chosen = answers[answers["folder"] == folder]
        files.copy_files(folder, dict(zip(chosen["name"], chosen["Id"], strict=True)), to="Test")
