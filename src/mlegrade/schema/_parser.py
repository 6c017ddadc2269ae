"""Reading with pandas: files that are large and full of numbers, or irregular.

Imported when the first such file comes along: most are small and need no parser.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema._raw import LENIENT, MISSING_WORDS, CellKind, RawTable, is_number
from mlegrade.schema._structure import check_cells_per_line, count_separators, read_first_row
from mlegrade.schema.cells import missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["parse"]

_PANDAS = tuple(int(part) for part in pd.__version__.split(".")[:2])
# pandas 3.1 reads doubles exactly by default and deprecates asking for it.
_EXACT: dict[str, Any] = {} if _PANDAS >= (3, 1) else {"float_precision": "round_trip"}

_TRUTH_WORDS = (b"True", b"False", b"true", b"false", b"TRUE", b"FALSE")

_LENIENT: dict[CellKind, Any] = dict.fromkeys(LENIENT, object)
_STRICT: dict[CellKind, Any] = {
    **_LENIENT,
    CellKind.NUMBER: np.float64,
    CellKind.INTEGER: np.int64,
}


def parse(data: bytes, header: list[str], wanted: dict[int, CellKind]) -> RawTable:
    """Read some columns, given by place; see `mlegrade.schema.reader.read_csv`."""
    first = read_first_row(data)
    for place, kind in wanted.items():
        # One cell that is no number makes the column text; most text shows it in the first row.
        if kind is CellKind.INTEGER and not is_number(first[place] if place < len(first) else ""):
            wanted[place] = CellKind.VERBATIM
    # Columns are read by place and get their names afterwards: names may be any text.
    frame = _read_frame(data, len(header), wanted, dict(enumerate(first)))
    columns = {header[place]: _to_array(frame[str(place)], kind) for place, kind in wanted.items()}
    if not _is_surely_regular(data, len(header), len(frame), columns.get(header[-1])):
        check_cells_per_line(data, len(header))
    return RawTable(header, columns, len(frame))


def _read_frame(
    data: bytes, n_columns: int, wanted: Mapping[int, CellKind], first: Mapping[int, str]
) -> pd.DataFrame:
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
        numbers = (place for place, kind in wanted.items() if kind not in LENIENT)
        if not any(first.get(place, "").encode() in _TRUTH_WORDS for place in numbers):
            with np.errstate(invalid="ignore"):
                frame = read(_STRICT, low_memory=True)
            if not _may_hold_truth_values(frame, data, first):
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


def _may_hold_truth_values(frame: pd.DataFrame, data: bytes, first: Mapping[int, str]) -> bool:
    """Tell whether numbers may have been True and False in the file.

    pandas makes 1 and 0 of a column of nothing else, also where some cells are missing. The first
    cell would show it, unless it is missing itself.
    """
    for name in frame:
        if first.get(int(str(name)), "") not in MISSING_WORDS:
            continue
        values = frame[name].to_numpy()
        is_number = values.dtype.kind in "if"
        if is_number and ((values == 0) | (values == 1) | np.isnan(values)).all():
            return any(word in data for word in _TRUTH_WORDS)
    return False


def _to_array(column: pd.Series[Any], kind: CellKind) -> NDArray[Any]:
    if kind not in LENIENT and column.dtype.kind in "biuf":
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
