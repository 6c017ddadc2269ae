"""A table that is larger than the memory: its rows as lines of a file, written in another order."""

from __future__ import annotations

import io
import mmap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mlegrade.prepare._tables import make_room, to_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    Change = Callable[[pd.DataFrame], pd.DataFrame]

__all__ = ["AT_ONCE", "Lines", "kinds"]

AT_ONCE = 50_000
"""How many rows are in memory at a time."""


class Lines:
    """The rows of a table as pandas writes them, one after the other in a file.

    Parameters
    ----------
    parts : iterable of DataFrame
        The table, part by part.
    path : Path
        Where the rows are kept.
    """

    def __init__(self, parts: Iterable[pd.DataFrame], path: Path) -> None:
        self._path = path
        self._header = b""
        ends = [np.zeros(1, np.int64)]
        with path.open("wb") as file:
            for part in parts:
                text = _text(part)
                self._header, _, rows = text.partition(b"\n")
                ends.append(_ends(rows) + ends[-1][-1])
                file.write(rows)
        self._ends = np.concatenate(ends)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._ends) - 1

    def write(self, path: Path, order: NDArray[Any], change: Change | None = None) -> None:
        """Write some rows as a table of their own.

        Parameters
        ----------
        path : Path
            The new file.
        order : array of int
            The numbers of the rows, from 0, in the order in which they are to be written.
        change : callable, optional
            What is to become of them; a table of their texts is given to it, part by part.
        """
        make_room(path)
        with path.open("wb") as target:
            if not len(order) or change is None:
                target.write(self._header + b"\n")
            for at in range(0, len(order), AT_ONCE):
                rows = self._rows(order[at : at + AT_ONCE])
                if change is None:
                    target.writelines(rows)
                else:
                    changed = change(self._table(rows))
                    target.write(_text(changed, header=at == 0))

    def _rows(self, order: NDArray[Any]) -> list[bytes]:
        if not len(order):
            return []
        places = zip(self._ends[order].tolist(), self._ends[order + 1].tolist(), strict=True)
        with (
            self._path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            return [content[begin:end] for begin, end in places]

    def _table(self, rows: list[bytes]) -> pd.DataFrame:
        """Read rows back as texts: no number or empty cell is taken for something else."""
        file = io.BytesIO(b"".join([self._header, b"\n", *rows]))
        return pd.read_csv(file, dtype=str, keep_default_na=False, lineterminator="\n")


def kinds(parts: Iterable[pd.DataFrame]) -> dict[str, Any]:
    """Return the kinds of a table's columns: numbers are whole if they are so in every part."""
    found: dict[str, Any] = {}
    for part in parts:
        for name, kind in part.dtypes.items():
            before = found.setdefault(str(name), kind)
            if kind != before:
                numbers = all(
                    pd.api.types.is_any_real_numeric_dtype(each) for each in (kind, before)
                )
                found[str(name)] = np.result_type(kind, before) if numbers else str
    return {name: kind if kind in (np.int64, np.float64) else str for name, kind in found.items()}


def _text(table: pd.DataFrame, *, header: bool = True) -> bytes:
    file = io.StringIO()
    to_csv(file, table, header=header)
    return file.getvalue().encode()


def _ends(rows: bytes) -> NDArray[np.int64]:
    """Return where each row ends; line breaks between quotes belong to a cell."""
    content = np.frombuffer(rows, np.uint8)
    inside = np.logical_xor.accumulate(content == ord('"'))
    ends: NDArray[np.int64] = np.flatnonzero((content == ord("\n")) & ~inside) + 1
    return ends
