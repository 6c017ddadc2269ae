"""chaii: one tenth of the questions becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    answers = test[["id"]].assign(PredictionString=test["answer_text"])
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns=["answer_start", "answer_text"]))
    sample = answers.assign(PredictionString="dummy text")
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", answers)
