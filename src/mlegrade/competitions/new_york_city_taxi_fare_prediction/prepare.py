"""New York City Taxi Fare Prediction: 9914 of 55 million rides become the test set."""

import numpy as np

from mlegrade.prepare import Workspace, split

TEST_ROWS = 9914
TARGET = "fare_amount"
TYPES = {
    **dict.fromkeys(("key", "pickup_datetime"), str),
    **dict.fromkeys((TARGET, "pickup_longitude", "pickup_latitude"), np.float64),
    **dict.fromkeys(("dropoff_longitude", "dropoff_latitude"), np.float64),
    "passenger_count": np.int64,
}


def prepare(files: Workspace) -> None:
    """Make public and private data; the rides are never in memory as a whole."""
    rides = files.lines("train.csv", dtype=TYPES)
    train, test = split(np.arange(len(rides)), TEST_ROWS)
    sample = files.public / "sample_submission.csv"
    rides.write(sample, test, lambda table: table[["key"]].assign(**{TARGET: 11.35}))
    rides.write(files.public / "test.csv", test, lambda table: table.drop(columns=TARGET))
    rides.write(files.private / "test.csv", test)
    if not files.answers_only:
        rides.write(files.public / "labels.csv", train)
    files.copy("GCP-Coupons-Instructions.rtf")
