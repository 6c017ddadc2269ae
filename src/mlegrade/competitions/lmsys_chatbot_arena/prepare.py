"""LMSYS Chatbot Arena: one tenth of the judged conversations becomes the test set."""

from mlegrade.competitions.lmsys_chatbot_arena.grader import OUTCOMES
from mlegrade.prepare import Workspace, filled, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    sample = filled(test[["id"]], OUTCOMES, 1 / len(OUTCOMES))
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test[["id", "prompt", "response_a", "response_b"]])
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "answers.csv", test)
