"""TensorFlow Speech Recognition: one tenth of the recordings; their folders are the labels."""

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    raw = files.folder("train")
    paths = [name for name in raw.names() if name.startswith("audio/") and name.endswith(".wav")]
    train, test = split(sorted(paths, key=lambda path: "_".join(path.split("/")[-2:])), 0.1)
    clips = [f"clip_{at:08d}.wav" for at in range(len(test))]
    answers = pd.DataFrame({"fname": clips, "label": [path.split("/")[-2] for path in test]})
    write_csv(files.public / "sample_submission.csv", answers.assign(label="silence"))
    write_csv(files.private / "test.csv", answers)
    kept = {path: "/".join(path.split("/")[-2:]) for path in train}
    files.copy_files(raw, kept, to="train/audio")
    files.copy_files(raw, dict(zip(test, clips, strict=True)), to="test/audio")
