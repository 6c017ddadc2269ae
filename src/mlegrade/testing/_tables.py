"""Tables as text: columns of cells to CSV, and their keys."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from mlegrade.schema import Key
    from mlegrade.testing._cells import Columns

__all__ = ["keys", "packed", "take", "to_csv"]


def to_csv(columns: Columns) -> bytes:
    """Return a table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def packed(name: str, content: bytes) -> bytes:
    """Return an archive with one member, the same bytes every time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def take(columns: Columns, rows: list[int]) -> Columns:
    """Return some rows of a table."""
    return {name: [cells[row] for row in rows] for name, cells in columns.items()}


def keys(key: Key, rng: np.random.Generator, rows: int) -> Columns:
    """Return keys: each once, or where a key may repeat, some several times in a row."""
    if key.repeats:
        numbers = (rng.random(rows) < 1 / 2).cumsum().tolist()
    else:
        numbers = sorted(rng.choice(10 * rows + 10, rows, replace=False).tolist())
    written = [f"id_{number:06d}" if key.text else str(number) for number in numbers]
    return {name: list(written) for name in key.columns}
