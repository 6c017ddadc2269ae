"""IceCube: one tenth of the batches of events becomes the test set."""

from collections.abc import Iterator

import pandas as pd

from mlegrade.prepare import Workspace, append_csv, filled, parquet_parts, split, write_parquet

ANGLES = ["azimuth", "zenith"]
BATCH = "batch_id"


def prepare(files: Workspace) -> None:
    """Make public and private data; the events are never in memory as a whole."""
    raw = files.raw("train_meta.parquet")
    batches = dict.fromkeys(
        at for part in parquet_parts(raw, [BATCH]) for at in part[BATCH].unique()
    )
    train, test = split(list(batches), 0.1)

    def events(chosen: list[int]) -> Iterator[pd.DataFrame]:
        return (part[part[BATCH].isin(chosen)] for part in parquet_parts(raw))

    for part in events(test):
        append_csv(files.private / "test.csv", part[["event_id", *ANGLES]])
        sample = filled(part[["event_id"]], ANGLES, 1)
        append_csv(files.public / "sample_submission.csv", sample)
    if files.answers_only:
        return
    write_parquet(files.public / "train_meta.parquet", events(train))
    shown = (part.drop(columns=ANGLES) for part in events(test))
    write_parquet(files.public / "test_meta.parquet", shown)
    files.copy("sensor_geometry.csv")
    for side, chosen in (("train", train), ("test", test)):
        files.copy_files("train", [f"batch_{batch}.parquet" for batch in chosen], to=side)
