"""Parquet files that are larger than the memory, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade.prepare._tables import make_room

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd

__all__ = ["AT_ONCE", "parquet_parts", "write_parquet"]

AT_ONCE = 1_000_000
"""How many rows are in memory at a time; as many are a group of rows of a file."""


def parquet_parts(path: Path, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    """Read a parquet file, or some of its columns, part by part."""
    from pyarrow import parquet  # noqa: PLC0415 of the extra `prepare`

    # Buffering ahead would keep all that was read.
    with parquet.ParquetFile(path, pre_buffer=False) as file:
        for part in file.iter_batches(AT_ONCE, columns=columns):
            yield part.to_pandas()


def write_parquet(path: Path, parts: Iterable[pd.DataFrame]) -> None:
    """Write a table without its index; one part at least is needed, which may be empty."""
    from pyarrow import Table, parquet  # noqa: PLC0415 of the extra `prepare`

    make_room(path)
    writer = None
    try:
        for part in parts:
            table = Table.from_pandas(part, preserve_index=False)
            writer = writer or parquet.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
