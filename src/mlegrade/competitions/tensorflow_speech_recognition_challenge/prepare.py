"""TensorFlow Speech Recognition: one tenth of the recordings; their folders are the labels."""

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv

COMMANDS = {"yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"}
NOISE = "_background_noise_"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    raw = files.folder("train")
    paths = [name for name in raw.names() if name.startswith("audio/") and name.endswith(".wav")]
    train, test = split(sorted(paths, key=lambda path: "_".join(path.split("/")[-2:])), 0.1)
    clips = [f"clip_{at:08d}.wav" for at in range(len(test))]
    labels = [path.split("/")[-2] for path in test]
    if files.fixes:
        labels = [_folded(label) for label in labels]
    answers = pd.DataFrame({"fname": clips, "label": labels})
    write_csv(files.public / "sample_submission.csv", answers.assign(label="silence"))
    write_csv(files.private / "test.csv", answers)
    kept = {path: "/".join(path.split("/")[-2:]) for path in train}
    files.copy_files(raw, kept, to="train/audio")
    files.copy_files(raw, dict(zip(test, clips, strict=True)), to="test/audio")


def _folded(label: str) -> str:
    """Return which of the twelve labels of the task a folder's recordings have."""
    if label in COMMANDS:
        return label
    return "silence" if label == NOISE else "unknown"
