"""How people write durations and sizes, and which limits make no sense."""

from __future__ import annotations

import pytest

from mlegrade.runner import Limits
from mlegrade.runner.limits import parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("15m", 900), ("24h", 86400), ("4d", 345600), ("1h30m", 5400)],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "size"),
    [("1000", 1000), ("512m", 512 << 20), ("16g", 16 << 30), ("1.5G", 3 << 29), ("2GiB", 2 << 30)],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "h", "3x", "-5", "1 h", "1h x"])
def test_what_is_neither(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        parse_duration(text)
    with pytest.raises(ValueError, match="is no size"):
        parse_size(text)


@pytest.mark.parametrize("name", ["time", "memory", "cpus", "pids", "disk"])
def test_a_limit_is_above_zero(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 0})


def test_messages_say_whether_a_limit_may_be_zero() -> None:
    assert Limits(grace=0).gpus == 0
    with pytest.raises(ValueError, match="'grace' is -1; it has to be a number of at least 0"):
        Limits(grace=-1)
