"""HMS: one tenth of the spectrograms becomes the test set, with all of their windows."""

from mlegrade.competitions.hms_harmful_brain_activity_classification.grader import VOTES
from mlegrade.prepare import Workspace, filled, split_by, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split_by(files.read_csv("train.csv"), "spectrogram_id", 0.1)
    files.require(not set(train["eeg_id"]) & set(test["eeg_id"]), "recordings on one side only")
    votes = test[list(VOTES)]
    gold = test[["eeg_id"]].join(votes.div(votes.sum(axis=1), axis=0))
    shown = ["spectrogram_id", "eeg_id", "patient_id"]
    # Without its offset a window is not told from the others of its recording.
    shown += ["eeg_label_offset_seconds", "spectrogram_label_offset_seconds"] * files.fixes
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test[shown])
    sample = filled(test[["eeg_id"]], VOTES, 1 / len(VOTES))
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", test)
    write_csv(files.private / "gold_submission.csv", gold)
    files.copy_folder("example_figures")
    for part, rows in (("train", train), ("test", test)):
        for kind in ("eeg", "spectrogram"):
            names = [f"{name}.parquet" for name in rows[f"{kind}_id"].unique()]
            files.copy_files(f"train_{kind}s", names, to=f"{part}_{kind}s")
