"""Random Acts of Pizza: the share of requests that Kaggle took, out of its labelled ones."""

import json
from typing import Any

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv, write_json

LABEL = "requester_received_pizza"
LEAK = "giver_username_if_known"  # known only where a pizza was given


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = (json.loads(files.raw(f"{part}.json").read_bytes()) for part in ("train", "test"))
    for records in (train, test):
        files.require(all(row.keys() == records[0].keys() for row in records), "one set of fields")
    hidden = {LEAK} if files.fixes else set[str]()
    train, kept = split(train, len(test) / (len(train) + len(test)))
    answers = pd.DataFrame(
        {
            "request_id": [row["request_id"] for row in kept],
            LABEL: [int(row[LABEL]) for row in kept],
        }
    )
    write_csv(files.public / "sampleSubmission.csv", answers.assign(**{LABEL: 0}))
    write_csv(files.private / "test.csv", answers)
    _write(files, "train", [{k: v for k, v in row.items() if k not in hidden} for row in train])
    shown = [name for name in test[0] if name not in hidden]
    _write(files, "test", [{name: row[name] for name in shown} for row in kept])


def _write(files: Workspace, part: str, records: list[dict[str, Any]]) -> None:
    write_json(files.public / f"{part}.json", records, indent=4)
    files.write_zip(f"{part}.zip", files.public, [f"{part}.json"])
