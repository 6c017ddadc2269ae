"""Synthetic articles: spans, words and nothing as answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlegrade.competitions.tensorflow2_question_answering.grader import valid_answers

if TYPE_CHECKING:
    import numpy as np


def answers(rng: np.random.Generator, rows: int) -> list[dict[str, Any]]:
    """Return annotated documents, each with two rows in a submission."""
    return [_document(rng, number) for number in range(-(-rows // 2))]


def _document(rng: np.random.Generator, number: int) -> dict[str, Any]:
    begin, length = rng.integers(0, 50, 2).tolist()
    has_answer = number % 3 != 0
    short = [{"start_token": begin + 1, "end_token": begin + 2}] if has_answer else []
    annotation = {
        "yes_no_answer": "YES" if number % 5 == 0 else "NONE",
        "long_answer": {
            "start_token": begin if has_answer else -1,
            "end_token": begin + length + 3 if has_answer else -1,
            "candidate_index": 0 if has_answer else -1,
        },
        "short_answers": [] if number % 5 == 0 else short,
    }
    return {"example_id": str(10**18 + number), "annotations": [annotation]}


def perfect(answers: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return one valid answer in each row."""
    made: dict[str, list[str]] = {"example_id": [], "PredictionString": []}
    for document in answers:
        for row, valid in valid_answers(document):
            answer = next(iter(valid))
            made["example_id"].append(row)
            made["PredictionString"].append(
                ":".join(map(str, answer)) if isinstance(answer, tuple) else answer or ""
            )
    return made
