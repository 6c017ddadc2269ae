"""IceCube: one tenth of the batches of events becomes the test set."""

from mlegrade.prepare import Workspace, filled, split_by, write_csv

ANGLES = ("azimuth", "zenith")


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    import pandas as pd  # noqa: PLC0415 reads parquet with the extra `prepare`

    train, test = split_by(pd.read_parquet(files.raw("train_meta.parquet")), "batch_id", 0.1)
    ids = test[["event_id"]]
    write_csv(files.private / "test.csv", test[["event_id", *ANGLES]])
    write_csv(files.public / "sample_submission.csv", filled(ids, ANGLES, 1))
    if files.answers_only:
        return
    train.to_parquet(files.public / "train_meta.parquet", index=False)
    test.drop(columns=list(ANGLES)).to_parquet(files.public / "test_meta.parquet", index=False)
    files.copy("sensor_geometry.csv")
    for part, rows in (("train", train), ("test", test)):
        names = [f"batch_{batch}.parquet" for batch in rows["batch_id"].unique()]
        files.copy_files("train", names, to=part)
