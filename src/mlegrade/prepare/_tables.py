"""What preparers do with tables, written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["one_hot", "split", "write_csv"]


def split(
    table: pd.DataFrame, test_size: float, random_state: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split a table into training and test rows, as scikit-learn's `train_test_split` does.

    Parameters
    ----------
    table : DataFrame
        The rows to share out.
    test_size : float
        The share of the test rows, in (0, 1); rounded up to whole rows.
    random_state : int, optional
        The seed.

    Returns
    -------
    train, test : DataFrame
        In the order that the split gives them, which is not that of the table.
    """
    from sklearn.model_selection import train_test_split  # noqa: PLC0415 dear to import

    parts = train_test_split(table, test_size=test_size, random_state=random_state)
    return cast("tuple[pd.DataFrame, pd.DataFrame]", tuple(parts))


def one_hot(labels: pd.Series[str], classes: Sequence[str]) -> pd.DataFrame:
    """Return a table with one column a class: 1 where a row is of it, else 0."""
    return pd.DataFrame({name: (labels == name).astype(int) for name in classes})


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table without its index, with the same bytes on every system."""
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
