"""A data directory with the built-in competition, made once for all tests that need one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from mlegrade.prepare import prepare
from scratch import new_folder

if TYPE_CHECKING:
    from pathlib import Path

DIGITS = "optical-digits"


@cache
def data_dir() -> Path:
    """Return a data directory in which the built-in competition is prepared; not to be changed."""
    folder = new_folder()
    prepare(DIGITS, data_dir=folder)
    return folder


@cache
def answers_file() -> Path:
    return data_dir() / DIGITS / "prepared" / "private" / "test.csv"


def damaged(root: Path) -> Path:
    """Return a data directory in which the answers are broken."""
    prepared = root / DIGITS / "prepared"
    (prepared / "private").mkdir(parents=True)
    (prepared / "public").symlink_to(data_dir() / DIGITS / "prepared" / "public")
    (prepared / "private" / "test.csv").write_text("id,digit\n1,many\n")
    return root


def perfect() -> pd.DataFrame:
    return pd.read_csv(answers_file())


def with_errors(count: int) -> pd.DataFrame:
    """Return the true digits, the first `count` of them wrong."""
    table = perfect()
    table.loc[: count - 1, "digit"] = (table["digit"] + 1) % 10
    return table


def as_csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False).encode()
