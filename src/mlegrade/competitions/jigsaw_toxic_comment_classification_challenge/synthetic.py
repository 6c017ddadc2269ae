"""Synthetic labels of comments, some of which do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade.competitions.jigsaw_toxic_comment_classification_challenge.grader import KINDS

if TYPE_CHECKING:
    import numpy as np


def answers(rng: np.random.Generator, rows: int) -> dict[str, list[str]]:
    """Return labels; every third comment has -1 throughout and does not count."""
    made = {"id": [f"{number:016x}" for number in rng.choice(1 << 40, rows, replace=False)]}
    for name in KINDS:
        labels = rng.permutation([row % 2 for row in range(rows)]).tolist()
        labels[:2] = [0, 1]  # both classes, whatever the draw
        made[name] = [str(label if (row + 1) % 3 else -1) for row, label in enumerate(labels)]
    return made


def perfect(answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the labels, as probabilities."""
    return {
        name: cells if name == "id" else ["0.5" if cell == "-1" else cell for cell in cells]
        for name, cells in answers.items()
    }
