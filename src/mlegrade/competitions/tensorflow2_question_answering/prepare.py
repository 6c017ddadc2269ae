"""TensorFlow 2.0 Question Answering: one tenth of each thousand lines becomes the test set."""

from typing import IO, Any

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv

LINES = 1000
SHOWN = ["example_id", "question_text", "document_text", "long_answer_candidates"]


def prepare(files: Workspace) -> None:
    """Make public and private data, a thousand lines at a time."""
    rows: list[tuple[str, str]] = []
    names = (
        files.public / "simplified-nq-train.jsonl",
        files.public / "simplified-nq-test.jsonl",
        files.private / "test.jsonl",
    )
    raw = files.raw("simplified-nq-train.jsonl")
    with (
        pd.read_json(raw, lines=True, chunksize=LINES) as chunks,
        names[0].open("w") as train_file,
        names[1].open("w") as test_file,
        names[2].open("w") as answers_file,
    ):
        for chunk in chunks:
            chunk["example_id"] = chunk["example_id"].astype(str)
            train, test = split(chunk, 0.1)
            if not files.answers_only:
                _append(train_file, train)
            _append(test_file, test[SHOWN])
            _append(answers_file, test)
            for name, annotations in zip(test["example_id"], test["annotations"], strict=True):
                files.require(len(annotations) == 1, "one annotation a document")
                rows += [(f"{name}_short", _short(annotations[0]))]
                rows += [(f"{name}_long", _span(annotations[0]["long_answer"]))]
    gold = pd.DataFrame(rows, columns=["example_id", "PredictionString"])
    write_csv(files.private / "gold_submission.csv", gold)
    write_csv(files.public / "sample_submission.csv", gold.assign(PredictionString=""))


def _append(file: IO[str], table: pd.DataFrame) -> None:
    table.to_json(file, orient="records", lines=True)


def _short(annotation: dict[str, Any]) -> str:
    if annotation["yes_no_answer"] != "NONE":
        return str(annotation["yes_no_answer"])
    return _span(annotation["short_answers"][0]) if annotation["short_answers"] else ""


def _span(answer: dict[str, int]) -> str:
    missing = answer["start_token"] == -1
    return "" if missing else f"{answer['start_token']}:{answer['end_token']}"
