"""Numbers as pandas 2 reads them by default: quick, and now and then off by a last bit.

MLE-bench reads some tables in that way and writes them again, so its checksums depend on it. From
release 3.1 on pandas reads every number to the nearest double.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_csv_as_pandas_2", "to_float"]

_PANDAS = tuple(int(part) for part in pd.__version__.split(".")[:2])
_DIGITS = 17  # of a number are looked at
_SURE = 15  # digits and no more come out as the nearest double in both ways
_LARGEST = 308


def read_csv_as_pandas_2(source: Path | IO[bytes], **options: Any) -> pd.DataFrame:
    """Read a table with the numbers that pandas 2 makes of it.

    Parameters
    ----------
    source : Path or binary file
        The table.
    **options
        Of `pandas.read_csv`.
    """
    if _PANDAS < (3, 1):
        table: pd.DataFrame = pd.read_csv(source, **options)
        return table
    content = source.read() if hasattr(source, "read") else source.read_bytes()
    table = pd.read_csv(io.BytesIO(content), **options)
    floats = list(table.select_dtypes("float64"))
    if not floats:
        return table
    texts = pd.read_csv(io.BytesIO(content), **{**options, "usecols": floats, "dtype": str})
    for name in floats:
        # Only numbers with many digits can differ, or such with an exponent.
        column = texts[name].fillna("")
        doubtful = (column.str.count(r"\d") > _SURE) | column.str.contains("[eE]")
        if doubtful.any():
            values = table[name].to_numpy(copy=True)
            places = doubtful.to_numpy().nonzero()[0]
            values[places] = [to_float(text) for text in column.iloc[places]]
            table[name] = values
    return table


def to_float(text: str) -> float:
    """Return the number that pandas 2 makes of a text such as ``"-12.5e3"``.

    It adds digit after digit to a double, up to seventeen of them, and then scales once.
    """
    text = text.strip().lower()
    digits, _, exponent_text = text.lstrip("+-").partition("e")
    whole, _, decimals = digits.partition(".")
    taken_whole, taken_decimals = whole[:_DIGITS], decimals[: max(0, _DIGITS - len(whole))]
    number = 0.0
    for digit in taken_whole + taken_decimals:
        number = number * 10.0 + int(digit)
    if text.startswith("-"):
        number = -number
    exponent = len(whole) - len(taken_whole) - len(taken_decimals) + int(exponent_text or 0)
    if exponent > _LARGEST:
        return number * float("inf")
    if exponent >= 0:
        return number * float(f"1e{exponent}")
    if exponent < -_LARGEST:
        return number / float(f"1e{-_LARGEST - exponent}") / float(f"1e{_LARGEST}")
    return number / float(f"1e{-exponent}")
