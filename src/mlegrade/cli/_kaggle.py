"""Asking Kaggle about several competitions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mlegrade.cli._output import message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlegrade.prepare import Access

__all__ = ["ask"]

_PAUSE = 1.0  # seconds between two questions to Kaggle, which counts them
_HOPELESS = {"no_credentials", "too_many_requests"}


def ask(names: Sequence[str]) -> list[Access]:
    """Ask for one competition after the other; not on when every answer would be the same."""
    from mlegrade.prepare import check_access

    found: list[Access] = []
    for at, name in enumerate(names):
        if at:
            time.sleep(_PAUSE)
        message(f"{at + 1}/{len(names)}  {name}")
        found.append(check_access(name))
        if found[-1].code in _HOPELESS:
            break
    return found
