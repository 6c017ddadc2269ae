"""What preparers do with tables, written once."""

from __future__ import annotations

import json
import sys
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

import pandas as pd

from mlegrade.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "append_csv",
    "filled",
    "first_of_json",
    "make_room",
    "one_hot",
    "split",
    "split_by",
    "to_csv",
    "write_csv",
    "write_json",
]

_BEGINNING = 1 << 16
# From there on Python puts a cell with a lone carriage return between quotes, as MLE-bench, from
# whose data the checksums come, does not.
_QUOTES_RETURNS = sys.version_info >= (3, 13)
_STAND_IN = "\ufdd0"  # no character, and reserved for uses such as this one

Rows = TypeVar("Rows", pd.DataFrame, "pd.Series[Any]", "list[Any]", "NDArray[Any]")


def split(
    rows: Rows,
    test_size: float | None = None,
    random_state: int = 0,
    *,
    train_size: float | None = None,
) -> tuple[Rows, Rows]:
    """Share rows out to training and test, as scikit-learn's `train_test_split` does.

    Parameters
    ----------
    rows : DataFrame, Series, list or array
        What to share out.
    test_size : float or int, optional
        The share of the test rows in (0, 1), rounded up to whole rows; or their number.
    random_state : int, optional
        The seed.
    train_size : float or int, optional
        The same of the training rows, rounded down.

    Returns
    -------
    train, test
        In the order that the split gives them, which is not that of the rows.
    """
    from sklearn.model_selection import train_test_split  # noqa: PLC0415 dear to import

    parts = train_test_split(
        rows, test_size=test_size, train_size=train_size, random_state=random_state
    )
    return cast("tuple[Rows, Rows]", tuple(parts))


def split_by(
    table: pd.DataFrame, column: str, test_size: float, random_state: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share out the distinct values of a column; rows follow theirs and keep their order.

    Parameters
    ----------
    table : DataFrame
        The rows to share out.
    column : str
        The column whose values belong together, in order of first appearance.
    test_size : float or int
        The share of the values that go to the test rows, or their number.
    random_state : int, optional
        The seed.

    Returns
    -------
    train, test : DataFrame
    """
    values: NDArray[np.object_] = table[column].unique()
    _, test_values = split(list(values), test_size, random_state)
    is_test = table[column].isin(test_values)
    return table[~is_test], table[is_test]


def one_hot(labels: pd.Series[str], classes: Sequence[str]) -> pd.DataFrame:
    """Return a table with one column a class: 1 where a row is of it, else 0."""
    return pd.DataFrame({name: (labels == name).astype(int) for name in classes})


def filled(ids: pd.DataFrame, columns: Sequence[str], value: Any) -> pd.DataFrame:
    """Return a table with further columns that all have the same value, or the same values."""
    return ids.join(pd.DataFrame(dict.fromkeys(columns, value), index=ids.index))


def write_csv(path: Path, table: pd.DataFrame, **options: Any) -> None:
    """Write a table without its index, with the same bytes on every system."""
    make_room(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        to_csv(file, table, **options)


def append_csv(path: Path, table: pd.DataFrame, **options: Any) -> None:
    """Write a table as `write_csv` does, part by part: behind what is there."""
    if header := not path.exists():
        make_room(path)
    with path.open("a", encoding="utf-8", newline="") as file:
        to_csv(file, table, header=header, **options)


def to_csv(file: IO[str], table: pd.DataFrame, **options: Any) -> None:
    """Write a table without its index to an open file, the same whatever the version of Python."""
    if _QUOTES_RETURNS and (names := [name for name in table if _has_returns(table[name])]):
        table = table.assign(**{str(name): table[name].map(_without_returns) for name in names})
        file = cast("IO[str]", _Returns(file))
    table.to_csv(file, index=False, lineterminator="\n", **options)


def _has_returns(column: pd.Series[Any]) -> bool:
    if pd.api.types.is_numeric_dtype(column):
        return False
    return any("\r" in cell for cell in column if isinstance(cell, str))


def _without_returns(cell: object) -> object:
    return cell.replace("\r", _STAND_IN) if isinstance(cell, str) else cell


class _Returns:
    """A file in which carriage returns come where others stood in for them."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.replace(_STAND_IN, "\r"))


def first_of_json(path: Path) -> Any:
    """Return the first element of a list in JSON, which may be larger than the memory.

    Raises
    ------
    SetupError
        If the file begins with no such element.
    """
    text, decoder = "", json.JSONDecoder()
    with path.open(encoding="utf-8") as file:
        while more := file.read(max(_BEGINNING, len(text))):
            text += more
            begin = text.lstrip().removeprefix("[").lstrip()
            try:
                return decoder.raw_decode(begin)[0]
            except json.JSONDecodeError:  # it goes on
                continue
    raise SetupError(f"{path} is no list in JSON.", "Download it again.")


def write_json(path: Path, content: Any, **options: Any) -> None:
    """Write JSON with the json module's defaults, which are ASCII."""
    make_room(path)
    with path.open("w", encoding="ascii", newline="\n") as file:
        json.dump(content, file, **options)


def make_room(path: Path) -> None:
    """Make the folder of a file, and remove what is there: it may be a link to a raw file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
