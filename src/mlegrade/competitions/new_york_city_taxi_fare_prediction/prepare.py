"""New York City Taxi Fare Prediction: 9914 of 55 million rides become the test set."""

import mmap
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlegrade.prepare import Workspace, split, write_csv

TEST_ROWS = 9914
AT_ONCE = 1_000_000
TARGET = "fare_amount"
TYPES = {
    **dict.fromkeys(("key", "pickup_datetime"), str),
    **dict.fromkeys((TARGET, "pickup_longitude", "pickup_latitude"), np.float64),
    **dict.fromkeys(("dropoff_longitude", "dropoff_latitude"), np.float64),
    "passenger_count": np.int64,
}


def prepare(files: Workspace) -> None:
    """Make public and private data; the rides are never in memory as a whole."""
    lines = files.scratch / "lines.csv"
    chunks = files.read_csv("train.csv", dtype=TYPES, chunksize=AT_ONCE)
    header, ends = _write_lines(cast("Iterable[pd.DataFrame]", chunks), lines)
    train, test = split(np.arange(len(ends) - 1), TEST_ROWS)
    parts = [(files.private / "test.csv", test)]
    if not files.answers_only:
        parts.append((files.public / "labels.csv", train))
    with lines.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for path, rows in parts:
            with path.open("wb") as target:
                target.write(header)
                target.writelines(content[ends[at] : ends[at + 1]] for at in rows)
    lines.unlink()
    # What was written reads back as it was: shortest digits, to the nearest double.
    shown = pd.read_csv(files.private / "test.csv", dtype=str, keep_default_na=False)
    write_csv(files.public / "test.csv", shown.drop(columns=TARGET))
    write_csv(files.public / "sample_submission.csv", shown[["key"]].assign(**{TARGET: 11.35}))
    files.copy("GCP-Coupons-Instructions.rtf")


def _write_lines(chunks: Iterable[pd.DataFrame], path: Path) -> tuple[bytes, NDArray[Any]]:
    """Write rows as pandas writes them; return the header, and where each row ends."""
    header, sizes = b"", [np.zeros(1, np.int64)]
    with path.open("wb") as file:
        for chunk in chunks:
            text = chunk.to_csv(index=False, lineterminator="\n").encode()
            header, _, rows = text.partition(b"\n")
            breaks = np.flatnonzero(np.frombuffer(rows, np.uint8) == ord("\n"))
            sizes.append(breaks + 1 + sizes[-1][-1])
            file.write(rows)
    return header + b"\n", np.concatenate(sizes)
