"""Raw tables: how cells are to be read, and what reading them gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["LENIENT", "MISSING_WORDS", "CellKind", "RawTable", "is_number"]

MISSING_WORDS = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
"""The cells that pandas' default `read_csv` takes for missing."""


class CellKind(Enum):
    """How the cells of a column are read."""

    NUMBER = "number"
    """Doubles where every cell reads as a number; missing words are missing."""

    INTEGER = "integer"
    """64-bit integers where every cell reads as such, else as `NUMBER`; for numeric keys."""

    TEXT = "text"
    """Text as written; missing words are missing."""

    VERBATIM = "verbatim"
    """Text as written; no word is missing."""


LENIENT = frozenset({CellKind.TEXT, CellKind.VERBATIM})
"""The kinds that any cell is good for."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """Columns as they stand in the file.

    Parameters
    ----------
    header : list of str
        All column names of the file.
    columns : mapping of str to ndarray
        The columns that were asked for and exist. Numbers have a numeric dtype; text has dtype
        object, with NaN where a cell is missing.
    n_rows : int
        The number of rows below the header.
    """

    header: list[str]
    columns: Mapping[str, NDArray[Any]]
    n_rows: int


def is_number(cell: str) -> bool:
    """Tell whether a cell reads as a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
