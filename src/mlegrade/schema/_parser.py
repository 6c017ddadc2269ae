"""Reading with pandas: files that are large and full of numbers, or irregular.

Imported when the first such file comes along: most are small and need no parser.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema._raw import LENIENT, MISSING_WORDS, CellKind, RawTable, is_number
from mlegrade.schema._structure import (
    check_cells_per_line,
    check_text,
    count_separators,
    read_first_row,
    with_newlines,
)
from mlegrade.schema.cells import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

__all__ = ["parse"]

_PANDAS = tuple(int(part) for part in pd.__version__.split(".")[:2])
# pandas 3.1 reads doubles exactly by default and deprecates asking for it.
_EXACT: dict[str, Any] = {} if _PANDAS >= (3, 1) else {"float_precision": "round_trip"}

_LEAST_PIECE, _LARGEST_PIECE = 1 << 19, 1 << 22  # bytes that pandas takes at a time, about
_PIECES = 8
_SAMPLE = 1 << 16
_LEAST_LINES = 1 << 11

_TRUTH_WORDS = (b"true", b"false")  # pandas does not mind capitals
_TRUTH_CELL = re.compile(rb"""[,"\r\n](true|false)[,"\r\n]""")
_STRETCH = 32  # rows; pandas converts more than that at a time, but for the last ones of a piece

_LENIENT: dict[CellKind, Any] = dict.fromkeys(LENIENT, object)
_STRICT: dict[CellKind, Any] = {
    **_LENIENT,
    CellKind.NUMBER: np.float64,
    CellKind.INTEGER: np.int64,
}


def parse(
    data: bytes,
    header: list[str],
    wanted: Mapping[int, CellKind],
    expected: Mapping[int, NDArray[Any]],
) -> RawTable:
    """Read some columns, given by place; see `mlegrade.schema.reader.read_csv`."""
    check_text(data)
    data = with_newlines(data)
    row = read_first_row(data)
    if len(row) > len(header):
        check_cells_per_line(data, len(header))
    first = dict(enumerate(row))
    # One cell that is no number makes the column text; most text shows it in the first row.
    kinds = {
        place: CellKind.VERBATIM
        if kind is CellKind.INTEGER and not is_number(first.get(place, ""))
        else kind
        for place, kind in wanted.items()
    }
    # Columns are read by place and get their names afterwards: names may be any text.
    columns, n_rows = _read_columns(data, len(header), kinds, first, expected)
    table = RawTable(header, {header[place]: column for place, column in columns.items()}, n_rows)
    if not _is_surely_regular(data, len(header), n_rows, table.columns.get(header[-1])):
        check_cells_per_line(data, len(header))
    return table


def _read_columns(
    data: bytes,
    n_columns: int,
    wanted: Mapping[int, CellKind],
    first: Mapping[int, str],
    expected: Mapping[int, NDArray[Any]],
) -> tuple[dict[int, NDArray[Any]], int]:
    def read(
        n_lines: int, *, told: bool = False, all_words: bool = False
    ) -> tuple[dict[int, NDArray[Any]], int, bool]:
        dtypes = _STRICT if told else _LENIENT
        frames = pd.read_csv(
            io.BytesIO(data),
            header=0,
            names=[str(place) for place in range(n_columns)],
            usecols=list(wanted) or [0],
            index_col=False,
            dtype={str(place): dtypes[kind] for place, kind in wanted.items() if kind in dtypes},
            keep_default_na=False,
            na_values=_words(wanted, all_words=all_words),
            low_memory=told,
            encoding="utf-8",
            chunksize=n_lines,
            **_EXACT,
        )
        with frames:
            return _gather(frames, wanted, expected, told=told)

    numbers = [place for place, kind in wanted.items() if kind not in LENIENT]
    has_text = len(numbers) < len(wanted)
    try:
        if len(data) <= _LEAST_PIECE:
            # Of a small file, pandas finds out sooner what is in it than it is told.
            columns, n_rows, _ = read(len(data))
            if all(columns[place].dtype != object for place in numbers):
                return columns, n_rows
        # Of a large one, saying what a column should hold is quicker ...
        elif not any(first.get(place, "").encode().lower() in _TRUTH_WORDS for place in numbers):
            # Text takes room, which pieces need not all at the same time. Numbers take little, but
            # pandas makes room for a million cells at once: much beside a file of some megabytes.
            in_pieces = has_text or len(data) <= _LARGEST_PIECE
            n_lines = _lines_per_piece(data) if in_pieces else len(data)
            with np.errstate(invalid="ignore"):
                columns, n_rows, may_be_truth = read(n_lines, told=True)
            if not (may_be_truth and _holds_truth_cell(data)):
                return columns, n_rows
    except (ValueError, OverflowError):
        pass
    try:
        # ... and where it holds something else, pandas looks at the whole column.
        columns, n_rows, _ = read(len(data), all_words=True)
    except (ValueError, OverflowError) as error:  # ParserError is a ValueError
        check_cells_per_line(data, n_columns)
        raise InvalidSubmissionError(
            "malformed", f"the file cannot be read as CSV: {str(error)[:200]}."
        ) from error
    return columns, n_rows


def _words(wanted: Mapping[int, CellKind], *, all_words: bool) -> list[str] | dict[str, list[str]]:
    """Return which words are missing cells, in all columns or in each.

    pandas takes its time over the words of each column. Where it should hold numbers, only the
    commonest is looked for at first: any other makes pandas look once more, at all words.
    """
    kinds = set(wanted.values())
    few = list(MISSING_WORDS) if all_words else [""]
    if kinds.isdisjoint(LENIENT) or (all_words and CellKind.VERBATIM not in kinds):
        return few
    return {
        str(place): list(MISSING_WORDS) if kind is CellKind.TEXT else few
        for place, kind in wanted.items()
        if kind is not CellKind.VERBATIM
    }


def _lines_per_piece(data: bytes) -> int:
    """Return how many lines pandas takes at a time, judging by the first ones."""
    start = data[:_SAMPLE]
    n_lines = max(start.count(b"\n"), start.count(b"\r"))
    piece = min(max(_LEAST_PIECE, len(data) // _PIECES), _LARGEST_PIECE)
    return max(_LEAST_LINES, n_lines * piece // len(start))


def _gather(
    frames: Iterable[pd.DataFrame],
    wanted: Mapping[int, CellKind],
    expected: Mapping[int, NDArray[Any]],
    *,
    told: bool,
) -> tuple[dict[int, NDArray[Any]], int, bool]:
    """Return columns of which there are pieces, their length, and whether True may be among them.

    Told that there are numbers, pandas makes 1 and 0 of True and False wherever the rows that it
    converts at a time hold nothing else but missing cells.
    """
    pieces: dict[int, list[NDArray[Any]]] = {place: [] for place in wanted}
    n_rows = 0
    may_be_truth = False
    for frame in frames:
        for place, kind in wanted.items():
            piece = _to_array(frame[str(place)], kind)
            may_be_truth = may_be_truth or (told and _has_stretch_of_bits(piece))
            if place in expected:
                # The same text need not be kept twice.
                same = expected[place][n_rows : n_rows + len(piece)]
                piece = same if np.array_equal(piece, same) else piece
            pieces[place].append(piece)
        n_rows += len(frame)
    return {place: _join(pieces.pop(place)) for place in wanted}, n_rows, may_be_truth


def _join(pieces: list[NDArray[Any]]) -> NDArray[Any]:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def _has_stretch_of_bits(values: NDArray[Any]) -> bool:
    """Tell whether some rows in succession, or the last ones, are all 0, 1 or missing."""
    if values.dtype.kind not in "if":
        return False
    # Most columns show by the first row of each stretch that none is, and columns of nothing else
    # by the first stretch that one is.
    starts = np.flatnonzero(_are_bits(values[::_STRETCH])) * _STRETCH
    return any(_has_one_of_bits(values, some) for some in (starts[:1], starts[1:]) if len(some))


def _has_one_of_bits(values: NDArray[Any], starts: NDArray[np.int64]) -> bool:
    """Tell whether one of some stretches is all 0, 1 or missing."""
    rows = np.minimum(starts[:, None] + np.arange(_STRETCH), len(values) - 1)
    return bool(_are_bits(values[rows]).all(axis=1).any())


def _are_bits(values: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray((values == 0) | (values == 1) | np.isnan(values))


def _holds_truth_cell(data: bytes) -> bool:
    """Tell whether a file holds a cell of True or False, in any capitals."""
    buffer = np.frombuffer(data, np.uint8)
    for start in range(0, len(data), _SAMPLE):
        stop = start + _SAMPLE + len(b",false")
        if buffer[start:stop].max() < ord("A"):
            continue  # nothing but numbers, as in most pieces
        piece = data[start:stop].lower()
        if any(word in piece for word in _TRUTH_WORDS) and _TRUTH_CELL.search(piece + b"\n"):
            return True
    return False


def _to_array(column: pd.Series[Any], kind: CellKind) -> NDArray[Any]:
    if kind not in LENIENT and column.dtype.kind in "biuf":
        return column.to_numpy()
    values = column.to_numpy(dtype=object)
    if kind is CellKind.INTEGER and any(type(value) is int for value in values[:1]):
        return values.astype(str).astype(object)  # pandas 3.1 makes integers of any size
    return values


def _is_surely_regular(data: bytes, n_columns: int, n_rows: int, last: NDArray[Any] | None) -> bool:
    """Tell cheaply whether no line can have surplus cells; False means that a look is needed.

    The number of separators is right only if no line has surplus cells or if as many are absent
    elsewhere, and then the last column has an empty cell.
    """
    if last is None:
        return False
    empty = missing(last) | (last == "") if last.dtype == object else missing(last)
    return not empty.any() and count_separators(data) == (n_columns - 1) * (n_rows + 1)
