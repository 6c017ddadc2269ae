"""RANZCR CLiP: one tenth of the radiographs becomes the test set."""

from mlegrade.competitions.ranzcr_clip_catheter_line_classification.grader import FINDINGS
from mlegrade.prepare import Workspace, filled, split, write_csv

ID = "StudyInstanceUID"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", filled(test[[ID]], FINDINGS, 0))
    write_csv(files.private / "test.csv", test)
    if files.answers_only:
        return
    notes = files.read_csv("train_annotations.csv")
    write_csv(files.public / "train_annotations.csv", notes[notes[ID].isin(train[ID])])
    files.copy_files("train", train[ID] + ".jpg", to="train")
    files.copy_files("train", test[ID] + ".jpg", to="test")
