"""Molecular Translation: a fifth of the labelled drawings becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv

WATER = "InChI=1S/H2O/h1H2"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train_labels.csv"), 0.2)
    write_csv(files.public / "train_labels.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(InChI=WATER))
    write_csv(files.private / "test.csv", test)
    files.copy("extra_approved_InChIs.csv")
    for part, rows in (("train", train), ("test", test)):
        # The first three characters of an id are the folders.
        names = [f"{name[0]}/{name[1]}/{name[2]}/{name}.png" for name in rows["image_id"]]
        files.copy_files("train", names, to=part)
