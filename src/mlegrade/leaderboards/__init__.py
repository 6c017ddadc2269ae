"""The scores of the competitions' leaderboards: numbers only, no names.

``scores.zip`` holds one member a competition, made by ``scripts/make_leaderboards.py``.
"""

from __future__ import annotations

import csv
import math
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mlegrade.errors import SetupError

if TYPE_CHECKING:
    import os

__all__ = ["load", "read"]

_ARCHIVE = Path(__file__).parent / "scores.zip"


def load(competition_id: str, folder: Path, *, higher_is_better: bool) -> tuple[float, ...] | None:
    """Return a leaderboard's scores, best first; None if there is none.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    folder : Path
        The competition's folder, whose ``leaderboard.csv`` is read if the package has no
        leaderboard of that id.
    higher_is_better : bool
        The direction.

    Raises
    ------
    SetupError
        If that file is no leaderboard; see `read`.
    """
    if (scores := _packed(competition_id)) is not None:
        return scores
    path = folder / "leaderboard.csv"
    return tuple(sorted(read(path), reverse=higher_is_better)) if path.is_file() else None


def read(path: str | os.PathLike[str]) -> tuple[float, ...]:
    """Return the scores in a CSV file with a column ``score`` (or ``Score``), in its order.

    Raises
    ------
    SetupError
        If there is no such column, no score, or one that is not finite.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            column = next((c for c in ("score", "Score") if c in (rows.fieldnames or ())), None)
            cells = [row[column] for row in rows] if column else []
        scores = tuple(float(cell or "nan") for cell in cells)
    except (ValueError, csv.Error) as error:
        raise SetupError(f"{path} is no leaderboard ({error}).") from error
    if column is None:
        raise SetupError(f"{path} is no leaderboard: it has no column score.")
    if not scores or not all(map(math.isfinite, scores)):
        raise SetupError(f"{path} is no leaderboard: a finite score is needed in every row.")
    return scores


@cache
def _packed(competition_id: str) -> tuple[float, ...] | None:
    with zipfile.ZipFile(_ARCHIVE) as archive:
        try:
            return tuple(map(float, archive.read(f"{competition_id}.txt").split()))
        except KeyError:
            return None
