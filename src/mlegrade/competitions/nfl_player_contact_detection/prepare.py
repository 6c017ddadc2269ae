"""NFL Player Contact Detection: one tenth of the plays becomes the test set."""

from mlegrade.prepare import Workspace, read_csv_as_pandas_2, split, write_csv

TABLES = ("baseline_helmets", "player_tracking", "video_metadata")
VIEWS = ("All29", "Endzone", "Sideline")


def prepare(files: Workspace) -> None:
    """Make public and private data; numbers are read as pandas 2 does, as for the sums."""
    labels = read_csv_as_pandas_2(files.raw("train_labels.csv"))
    train, test = split(list(labels["game_play"].unique()), 0.1)
    answers = labels[labels["game_play"].isin(test)]
    sample = answers[["contact_id"]].assign(contact=0)
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", answers)
    if files.answers_only:
        return
    write_csv(files.public / "train_labels.csv", labels[labels["game_play"].isin(train)])
    for table in TABLES:
        rows = read_csv_as_pandas_2(files.raw(f"train_{table}.csv"))
        for part, plays in (("train", train), ("test", test)):
            write_csv(files.public / f"{part}_{table}.csv", rows[rows["game_play"].isin(plays)])
    for part, plays in (("train", train), ("test", test)):
        files.copy_files("train", [f"{play}_{view}.mp4" for play in plays for view in VIEWS], part)
