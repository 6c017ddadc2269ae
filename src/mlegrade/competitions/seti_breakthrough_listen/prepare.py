"""SETI Breakthrough Listen: one tenth of the labelled snippets becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train_labels.csv", dtype={"id": str}), 0.1)
    write_csv(files.public / "train_labels.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(target=0.5))
    write_csv(files.private / "test.csv", test)
    if not files.fixes:
        files.copy_folder("old_leaky_data")
    for part, ids in (("train", train["id"]), ("test", test["id"])):
        files.copy_files("train", ids.str[0] + "/" + ids + ".npy", to=part)
