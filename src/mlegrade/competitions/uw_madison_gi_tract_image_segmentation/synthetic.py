"""Synthetic scans: an organ or two on each slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

ORGANS = ("large_bowel", "small_bowel", "stomach")
SLICES, HEIGHT, WIDTH = 4, 20, 24


def answers(rng: np.random.Generator, rows: int) -> dict[str, list[str]]:
    """Return rows of scans with four slices and three organs each."""
    names = [
        f"case{scan + 1}_day0_slice_{number + 1:04d}"
        for scan in range(-(-rows // (SLICES * len(ORGANS))))
        for number in range(SLICES)
    ]
    n_rows = len(names) * len(ORGANS)
    return {
        "id": [name for name in names for _ in ORGANS],
        "class": list(ORGANS) * len(names),
        "predicted": [_columns(rng) if (row + 1) % 5 else "" for row in range(n_rows)],
        "image_width": [f"{WIDTH}.0"] * n_rows,
        "image_height": [f"{HEIGHT}.0"] * n_rows,
    }


def _columns(rng: np.random.Generator) -> str:
    """Return a rectangle as one run in each column."""
    top, left = rng.integers(0, HEIGHT - 6), rng.integers(0, WIDTH - 4)
    return " ".join(f"{(left + column) * HEIGHT + top + 1} 5" for column in range(3))
