"""Invasive Species Monitoring: a fifth of the labelled photographs becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data; unlike MLE-bench's, the archives hold the photographs."""
    train, test = split(files.read_csv("train_labels.csv"), 0.2)
    sample = test.assign(invasive=0.5)
    write_csv(files.private / "answers.csv", test)
    write_csv(files.private / "sample_submission.csv", sample)
    for name, table in (("train_labels.csv", train), ("sample_submission.csv", sample)):
        write_csv(files.scratch / name, table)
        files.write_zip(f"{name}.zip", files.scratch, [name])
    for part, rows in (("train", train), ("test", test)):
        names = {f"{name}.jpg": f"{part}/{name}.jpg" for name in rows["name"]}
        files.write_7z(f"{part}.7z", "train", names)
