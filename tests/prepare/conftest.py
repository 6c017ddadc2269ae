"""Set-up of the tests of preparing."""

from __future__ import annotations

import pytest

from mlegrade.prepare import _lines, _parquet


@pytest.fixture(autouse=True, scope="session")
def _few_rows_at_a_time() -> None:
    """Let small tables come in several parts, as large ones do."""
    _lines.AT_ONCE = _parquet.AT_ONCE = 20
