"""TensorFlow 2.0 Question Answering: one tenth of each thousand lines becomes the test set."""

from pathlib import Path
from typing import Any

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv

TRAIN = "simplified-nq-train.jsonl"
LINES = 1000
SHOWN = ["example_id", "question_text", "document_text", "long_answer_candidates"]


def prepare(files: Workspace) -> None:
    """Make public and private data, a thousand lines at a time."""
    rows: list[tuple[str, str]] = []
    with pd.read_json(files.raw(TRAIN), lines=True, chunksize=LINES) as chunks:
        for chunk in chunks:
            chunk["example_id"] = chunk["example_id"].astype(str)
            train, test = split(chunk, 0.1)
            _append(files.private / "test.jsonl", test)
            if not files.answers_only:
                _append(files.public / TRAIN, train)
                _append(files.public / "simplified-nq-test.jsonl", test[SHOWN])
            for name, annotations in zip(test["example_id"], test["annotations"], strict=True):
                files.require(len(annotations) == 1, "one annotation a document")
                rows += [(f"{name}_short", _short(annotations[0]))]
                rows += [(f"{name}_long", _span(annotations[0]["long_answer"]))]
    gold = pd.DataFrame(rows, columns=["example_id", "PredictionString"])
    write_csv(files.private / "gold_submission.csv", gold)
    write_csv(files.public / "sample_submission.csv", gold.assign(PredictionString=""))


def _append(path: Path, table: pd.DataFrame) -> None:
    table.to_json(path, orient="records", lines=True, mode="a")


def _short(annotation: dict[str, Any]) -> str:
    if annotation["yes_no_answer"] != "NONE":
        return str(annotation["yes_no_answer"])
    return _span(annotation["short_answers"][0]) if annotation["short_answers"] else ""


def _span(answer: dict[str, int]) -> str:
    missing = answer["start_token"] == -1
    return "" if missing else f"{answer['start_token']}:{answer['end_token']}"
