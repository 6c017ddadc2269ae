"""Synthetic patients: a capacity each week."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

WEEKS = 6


def answers(rng: np.random.Generator, rows: int) -> dict[str, list[str]]:
    """Return six weeks of every patient, one of them not measured."""
    made: dict[str, list[str]] = {"Patient_Week": [], "FVC": []}
    for patient in range(-(-rows // WEEKS)):
        capacity = rng.uniform(1500, 4000)
        for week in range(WEEKS):
            made["Patient_Week"].append(f"patient{patient:04d}_{10 * week - 5}")
            made["FVC"].append("" if week == 1 else str(int(capacity - 20 * week)))
    return made


def perfect(answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the true capacity with all confidence that the metric rewards."""
    return {
        "Patient_Week": answers["Patient_Week"],
        "FVC": [cell or "2000" for cell in answers["FVC"]],
        "Confidence": ["70"] * len(answers["FVC"]),
    }
