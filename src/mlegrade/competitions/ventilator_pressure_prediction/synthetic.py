"""Synthetic breaths: pressure counts while breathing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def answers(rng: np.random.Generator, rows: int) -> dict[str, list[str]]:
    """Return pressures; every third row is breathing out."""
    return {
        "id": [str(row + 1) for row in range(rows)],
        "pressure": [f"{value:.4f}" for value in rng.uniform(5, 35, rows)],
        "u_out": [str(int(not (row + 1) % 3)) for row in range(rows)],
    }
