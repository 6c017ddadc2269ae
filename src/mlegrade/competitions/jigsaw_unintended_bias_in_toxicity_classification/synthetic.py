"""Synthetic comments: toxic or not, on each identity or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade.competitions.jigsaw_unintended_bias_in_toxicity_classification.grader import (
    IDENTITIES,
)

if TYPE_CHECKING:
    import numpy as np


def answers(rng: np.random.Generator, rows: int) -> dict[str, list[str]]:
    """Return comments of which every identity has toxic and other ones, and so have the rest."""
    rows = max(rows, 4 * (len(IDENTITIES) + 1))
    about = [row // 2 % (len(IDENTITIES) + 1) for row in range(rows)]
    return {
        "id": [str(number) for number in sorted(rng.choice(1 << 30, rows, replace=False))],
        "toxicity": [f"{row % 2 * 0.5 + 0.4 * rng.random():.4f}" for row in range(rows)],
        **{
            name: ["1.0" if other == place else "0.0" for other in about]
            for place, name in enumerate(IDENTITIES)
        },
    }


def perfect(answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the true toxicity."""
    return {"id": answers["id"], "prediction": answers["toxicity"]}
