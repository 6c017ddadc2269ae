"""Tweet Sentiment Extraction: one tenth of the tweets becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="selected_text"))
    write_csv(files.public / "sample_submission.csv", test[["textID"]].assign(selected_text=""))
    write_csv(files.private / "test.csv", test)
