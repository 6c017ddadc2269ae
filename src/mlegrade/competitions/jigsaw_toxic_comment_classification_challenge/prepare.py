"""Jigsaw Toxic Comments: Kaggle's own split, whose test labels were published."""

from mlegrade.prepare import Workspace, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    write_csv(files.private / "test.csv", files.read_csv("test_labels.csv"))
    write_csv(files.public / "sample_submission.csv", files.read_csv("sample_submission.csv"))
    if files.answers_only:
        return
    for name in ("train.csv", "test.csv"):
        write_csv(files.public / name, files.read_csv(name))
