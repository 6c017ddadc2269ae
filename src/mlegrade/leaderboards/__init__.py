"""The scores of the competitions' leaderboards: numbers only, no names.

``scores.zip`` holds one member a competition, made by ``scripts/make_leaderboards.py``.
"""

from __future__ import annotations

import csv
import zipfile
from functools import cache
from pathlib import Path

__all__ = ["load"]

_ARCHIVE = Path(__file__).parent / "scores.zip"


def load(competition_id: str, folder: Path | None = None) -> tuple[float, ...] | None:
    """Return a leaderboard's scores, best first; None if there is none.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    folder : Path, optional
        The competition's folder, whose ``leaderboard.csv`` (with a column ``score``) is read if
        the package has no leaderboard of that id.
    """
    if (scores := _packed(competition_id)) is not None:
        return scores
    board = folder / "leaderboard.csv" if folder else None
    if board is None or not board.is_file():
        return None
    with board.open(encoding="utf-8", newline="") as file:
        return tuple(float(row["score"]) for row in csv.DictReader(file))


@cache
def _packed(competition_id: str) -> tuple[float, ...] | None:
    with zipfile.ZipFile(_ARCHIVE) as archive:
        try:
            return tuple(map(float, archive.read(f"{competition_id}.txt").split()))
        except KeyError:
            return None
