"""Synthetic road users: boxes that stand apart from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def answers(rng: np.random.Generator, rows: int) -> dict[str, list[str]]:
    """Return answers with up to four boxes a sample, in a row along x."""
    cells = []
    for _ in range(rows):
        boxes = []
        for place in range(rng.integers(1, 5)):
            numbers = [
                10.0 * place,
                *rng.uniform(0, 5, 2),
                *rng.uniform(1, 4, 3),
                rng.uniform(0, 3),
            ]
            kind = ("car", "bus", "bicycle")[rng.integers(3)]
            boxes.append(" ".join(["1.0", *(f"{number:.3f}" for number in numbers), kind]))
        cells.append(" ".join(boxes))
    return {"Id": [f"sample_{row:05d}" for row in range(rows)], "PredictionString": cells}
