"""Synthetic radiographs: one abnormality each, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

NO_FINDING = 14


def answers(rng: np.random.Generator, rows: int) -> dict[str, list[str]]:
    """Return one box an image."""
    made: dict[str, list[str]] = {name: [] for name in _COLUMNS}
    for row in range(rows):
        label = NO_FINDING if row % 3 == 0 else int(rng.integers(NO_FINDING))
        x, y = rng.integers(1, 500, 2).tolist()
        box = (0, 0, 1, 1) if label == NO_FINDING else (x, y, x + 100, y + 120)
        for name, value in zip(_COLUMNS, (f"image_{row:05d}", label, *box), strict=True):
            made[name].append(str(value))
    return made


_COLUMNS = ("image_id", "class_id", "x_min", "y_min", "x_max", "y_max")


def perfect(answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the true boxes with full confidence, one row an image."""
    boxes: dict[str, list[str]] = {}
    for image, label, *box in zip(*(answers[name] for name in _COLUMNS), strict=True):
        boxes.setdefault(image, []).append(f"{label} 1.0 {' '.join(box)}")
    return {
        "image_id": list(boxes),
        "PredictionString": [" ".join(cells) for cells in boxes.values()],
    }
