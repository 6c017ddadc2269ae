"""What a list shows of a competition."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Summary"]


class Summary(NamedTuple):
    """The facts about a competition that are known without opening its folder."""

    id: str
    folder: str
    name: str
    category: str
    complexity: str
    metric: str
    higher_is_better: bool
    flags: tuple[str, ...]
    answers_only: bool = False
    fixes: bool = False
