"""The one reader: CSV bytes in, typed columns out, for submissions and answers alike.

A cell means what pandas' default `read_csv` makes of it, under pandas 2.2 and 3: the same words
are missing, numbers are the nearest doubles. What `read_csv` would forgive about the file's form
is an error here (see `mlegrade.schema._structure`).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mlegrade.errors import InvalidSubmissionError
from mlegrade.schema._plain import numbers_of, split_cells
from mlegrade.schema._raw import LENIENT, MISSING_WORDS, CellKind, RawTable, is_number
from mlegrade.schema._structure import check_bytes, check_text, read_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["MISSING_WORDS", "CellKind", "RawTable", "read_csv", "read_header_of"]

_LARGE = 1 << 22  # bytes
_FEW, _FEW_OF_A_COLUMN, _FEW_OF_ONE, _MANY = 4500, 150, 20_000, 50_000  # cells


def read_header_of(data: bytes) -> tuple[bytes, list[str]]:
    """Return the data without byte order mark, and the column names.

    Raises
    ------
    InvalidSubmissionError
        If the data is binary or has no proper header. Whether all of it is UTF-8 text, `read_csv`
        says, or `check_text` before anything else is said of it.
    """
    data = check_bytes(data)
    try:
        return data, read_header(data)
    except (InvalidSubmissionError, UnicodeDecodeError):
        check_text(data)
        raise


def read_csv(
    data: bytes,
    header: list[str],
    kinds: Mapping[str, CellKind],
    expected: Mapping[str, NDArray[Any]] | None = None,
) -> RawTable:
    """Read some columns of a CSV file.

    Parameters
    ----------
    data : bytes
        The file, as returned by `read_header_of`.
    header : list of str
        Its column names, as returned by `read_header_of`.
    kinds : mapping of str to CellKind
        The columns to read, by name. Names that the header does not have are passed over.
    expected : mapping of str to ndarray, optional
        The text that columns probably hold: where they do, the table holds the same objects.

    Raises
    ------
    InvalidSubmissionError
        ``not_utf8``; ``malformed`` if a line has more cells than the header or a quote is never
        closed.
    """
    wanted = {place: kinds[name] for place, name in enumerate(header) if name in kinds}
    texts = {
        place: expected[header[place]]
        for place, kind in wanted.items()
        if expected and kind is CellKind.VERBATIM and header[place] in expected
    }
    if (split := _read_split(data, header, wanted, texts)) is not None:
        return split
    from mlegrade.schema._parser import parse  # noqa: PLC0415 loads pandas, which most do without

    return parse(data, header, wanted, texts)


def _read_split(
    data: bytes,
    header: list[str],
    wanted: Mapping[int, CellKind],
    expected: Mapping[int, NDArray[Any]],
) -> RawTable | None:
    """Read a file without a parser; None if pandas has to, or does it quicker."""
    if _is_for_pandas(data, len(header), list(wanted.values())):
        return None
    words = {
        place: MISSING_WORDS if kind is CellKind.TEXT else () for place, kind in wanted.items()
    }
    cells = split_cells(data, len(header), words, expected)
    if cells is None:
        return None
    columns: dict[str, NDArray[Any]] = {}
    for place, kind in wanted.items():
        if (same := cells.as_expected(place)) is not None:
            columns[header[place]] = same
            continue
        listed = cells.column(place)
        is_text = kind is CellKind.INTEGER and not is_number(listed[0] if listed else "")
        values: NDArray[Any] | None
        if is_text or kind in LENIENT:
            values = cells.text(place)
        else:
            values = numbers_of(listed, integers=kind is CellKind.INTEGER)
        if values is None:
            return None
        columns[header[place]] = values
    return RawTable(header, columns, cells.n_rows)


def _is_for_pandas(data: bytes, n_columns: int, kinds: list[CellKind]) -> bool:
    """Tell whether pandas is quicker: with many numbers, or many quotes that nobody asked for."""
    n_dear = kinds.count(CellKind.NUMBER)
    n_dear += n_columns - len(kinds) if b'"' in data else kinds.count(CellKind.INTEGER)
    if not n_dear:
        return False
    if len(data) > _LARGE:
        return True
    n_lines = data.count(b"\n")
    if "pandas" not in sys.modules:
        return n_lines * n_dear > _MANY  # loading it takes longer than all that it saves
    # Setting out takes pandas longest, and setting out for each column. Beside keys of text, a
    # single column of numbers makes little difference.
    few = _FEW_OF_ONE if n_dear == 1 else _FEW + _FEW_OF_A_COLUMN * n_dear
    return n_lines * n_dear > few
