"""Smartphone Decimeter 2022: the drives of one tenth of the days become the test set."""

import pandas as pd

from mlegrade.prepare import Workspace, read_csv_as_pandas_2, split, write_csv

TRUTH = "ground_truth.csv"
COLUMNS = ["tripId", "UnixTimeMillis", "LatitudeDegrees", "LongitudeDegrees"]
GUESS = {"LatitudeDegrees": 37.904611315634504, "LongitudeDegrees": -86.48107806249548}


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    raw = files.folder("train")
    paths = sorted(raw.names(), key=lambda name: name.split("/"))
    dates = {path: _date(path) for path in paths}
    _, test_dates = split(sorted(set(dates.values())), 0.1)
    train = [path for path in paths if dates[path] not in test_dates]
    test = [path for path in paths if dates[path] in test_dates]
    trips = []
    for path in (path for path in test if path.endswith(f"/{TRUTH}")):
        drive, phone, _ = path.split("/")
        with raw.open(path) as content:
            track = read_csv_as_pandas_2(content)  # as for the checksums
        trips.append(track.assign(tripId=f"{drive}-{phone}")[COLUMNS])
    files.require(trips, "a true track in the drives of the test days")
    answers = pd.concat(trips)
    write_csv(files.public / "sample_submission.csv", answers.assign(**GUESS))
    write_csv(files.private / "test.csv", answers)
    files.copy_files(raw, train, to="train")
    hidden = (TRUTH, ".nmea") if files.fixes else (TRUTH,)
    files.copy_files(raw, [path for path in test if not path.endswith(hidden)], to="test")
    files.copy_folder("metadata")


def _date(path: str) -> str:
    """Return the day of a drive, as its name begins."""
    year, month, day, *_ = path.split("-")
    return f"{year}-{month:0>2}-{day:0>2}"
