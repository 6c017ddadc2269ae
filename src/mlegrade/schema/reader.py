"""The one reader: CSV bytes in, typed columns out, for submissions and answers alike.

A cell means what pandas' default `read_csv` makes of it, under pandas 2.2 and 3: the same words
are missing, numbers are the nearest doubles. What `read_csv` would forgive about the file's form
is an error here (see `mlegrade.schema._structure`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema._plain import numbers_of, split_cells, text_of
from mlegrade.schema._structure import (
    check_bytes,
    check_cells_per_line,
    count_separators,
    read_first_row,
    read_header,
)
from mlegrade.schema.cells import missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["MISSING_WORDS", "CellKind", "RawTable", "read_csv", "read_header_of"]

MISSING_WORDS = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
"""The cells that pandas' default `read_csv` takes for missing."""

_PANDAS = tuple(int(part) for part in pd.__version__.split(".")[:2])
# pandas 3.1 reads doubles exactly by default and deprecates asking for it.
_EXACT: dict[str, Any] = {} if _PANDAS >= (3, 1) else {"float_precision": "round_trip"}


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


_SMALL, _FEW = 1 << 19, 1 << 15
"""Bytes of a file whose numbers Python has converted before pandas has read it: with keys of text
beside them, which pandas takes long for, and without."""

_TRUTH_WORDS = (b"True", b"False", b"true", b"false", b"TRUE", b"FALSE")

_LENIENT: dict[CellKind, Any] = {CellKind.TEXT: object, CellKind.VERBATIM: object}
_STRICT: dict[CellKind, Any] = {
    **_LENIENT,
    CellKind.NUMBER: np.float64,
    CellKind.INTEGER: np.int64,
}


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


def read_header_of(data: bytes) -> tuple[bytes, list[str]]:
    """Return the data without byte order mark, and the column names.

    Raises
    ------
    InvalidSubmissionError
        If the data is no UTF-8 text or has no proper header.
    """
    data = check_bytes(data)
    return data, read_header(data)


def read_csv(data: bytes, header: list[str], kinds: Mapping[str, CellKind]) -> RawTable:
    """Read some columns of a CSV file.

    Parameters
    ----------
    data : bytes
        The file, as returned by `read_header_of`.
    header : list of str
        Its column names, as returned by `read_header_of`.
    kinds : mapping of str to CellKind
        The columns to read, by name. Names that the header does not have are passed over.

    Raises
    ------
    InvalidSubmissionError
        ``malformed`` if a line has more cells than the header or a quote is never closed.
    """
    wanted = {place: kinds[name] for place, name in enumerate(header) if name in kinds}
    return _read_split(data, header, wanted) or _read_with_pandas(data, header, wanted)


def _read_split(data: bytes, header: list[str], wanted: Mapping[int, CellKind]) -> RawTable | None:
    """Read a file without a parser; None if it has irregular lines or odd cells, or is too large.

    Large files are left to pandas where it is quicker: for many numbers, and where most of the
    cells are in quotes and not asked for.
    """
    asked_for = set(wanted.values())
    limit = _SMALL if CellKind.VERBATIM in asked_for else _FEW
    if b'"' in data:
        is_text = CellKind.NUMBER not in asked_for and len(wanted) == len(header)
    else:
        is_text = _LENIENT.keys() >= asked_for
    if len(data) > limit and not is_text:
        return None
    cells = split_cells(data, len(header))
    if cells is None:
        return None
    columns: dict[str, NDArray[Any]] = {}
    for place, kind in wanted.items():
        listed = cells.column(place)
        is_text = kind is CellKind.INTEGER and not _is_number(listed[0] if listed else "")
        if is_text or kind is CellKind.VERBATIM:
            values: NDArray[Any] | None = text_of(listed, ())
        elif kind is CellKind.TEXT:
            values = text_of(listed, MISSING_WORDS)
        else:
            values = numbers_of(listed, integers=kind is CellKind.INTEGER)
        if values is None:
            return None
        columns[header[place]] = values
    return RawTable(header, columns, cells.n_rows)


def _read_with_pandas(data: bytes, header: list[str], wanted: dict[int, CellKind]) -> RawTable:
    first = read_first_row(data)
    for place, kind in wanted.items():
        # One cell that is no number makes the column text; most text shows it in the first row.
        if kind is CellKind.INTEGER and not _is_number(first[place] if place < len(first) else ""):
            wanted[place] = CellKind.VERBATIM
    # Columns are read by place and get their names afterwards: names may be any text.
    frame = _read_frame(data, len(header), wanted)
    columns = {header[place]: _to_array(frame[str(place)], kind) for place, kind in wanted.items()}
    if not _is_surely_regular(data, len(header), len(frame), columns.get(header[-1])):
        check_cells_per_line(data, len(header))
    return RawTable(header, columns, len(frame))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _read_frame(data: bytes, n_columns: int, wanted: Mapping[int, CellKind]) -> pd.DataFrame:
    words: list[str] | dict[str, list[str]] = list(MISSING_WORDS)
    if CellKind.VERBATIM in wanted.values():  # pandas takes its time over words for each column
        words = {
            str(place): list(MISSING_WORDS)
            for place, kind in wanted.items()
            if kind is not CellKind.VERBATIM
        }

    def read(dtypes: Mapping[CellKind, Any], *, low_memory: bool) -> pd.DataFrame:
        frame: pd.DataFrame = pd.read_csv(
            io.BytesIO(data),
            header=0,
            names=[str(place) for place in range(n_columns)],
            usecols=list(wanted) or [0],
            index_col=False,
            dtype={str(place): dtypes[kind] for place, kind in wanted.items() if kind in dtypes},
            keep_default_na=False,
            na_values=words,
            low_memory=low_memory,
            encoding="utf-8",
            **_EXACT,
        )
        return frame

    try:
        # Saying what a column should hold is quicker than letting pandas find out ...
        with np.errstate(invalid="ignore"):
            frame = read(_STRICT, low_memory=True)
        if not _may_hold_truth_values(frame, data):
            return frame
    except (ValueError, OverflowError):
        pass
    try:
        # ... and where it holds something else, pandas looks at the whole column.
        return read(_LENIENT, low_memory=False)
    except (ValueError, OverflowError) as error:  # ParserError is a ValueError
        check_cells_per_line(data, n_columns)
        raise InvalidSubmissionError(
            "malformed", f"the file cannot be read as CSV: {str(error)[:200]}."
        ) from error


def _may_hold_truth_values(frame: pd.DataFrame, data: bytes) -> bool:
    """Tell whether numbers may have been True and False in the file.

    pandas makes 1 and 0 of a column of nothing else, also where some cells are missing. The first
    cell shows it, unless it is missing itself.
    """
    first = dict(enumerate(read_first_row(data)))
    for name in frame:
        cell = first.get(int(str(name)), "")
        if cell not in MISSING_WORDS and cell.encode() not in _TRUTH_WORDS:
            continue
        values = frame[name].to_numpy()
        is_number = values.dtype.kind in "if"
        if is_number and ((values == 0) | (values == 1) | np.isnan(values)).all():
            return any(word in data for word in _TRUTH_WORDS)
    return False


def _to_array(column: pd.Series[Any], kind: CellKind) -> NDArray[Any]:
    if kind not in _LENIENT and column.dtype.kind in "biuf":
        return column.to_numpy()
    return column.to_numpy(dtype=object)


def _is_surely_regular(data: bytes, n_columns: int, n_rows: int, last: NDArray[Any] | None) -> bool:
    """Tell cheaply whether no line can have surplus cells; False means that a look is needed.

    The number of separators is right only if no line has surplus cells or if as many are absent
    elsewhere, and then the last column has an empty cell.
    """
    if last is None:
        return False
    empty = missing(last) | (last == "") if last.dtype == object else missing(last)
    return not empty.any() and count_separators(data) == (n_columns - 1) * (n_rows + 1)
