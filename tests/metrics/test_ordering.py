"""Metrics on orders: against SciPy and pairs counted one by one, and the laws they obey."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics import count_inversions, metric_info, ordering, pooled_kendall_tau

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Lists = list[list[int]]

NUMBERS = st.integers(-5, 5) | st.integers(-(2**40), 2**40)
LISTS = st.lists(st.lists(NUMBERS, max_size=12), max_size=6)
ORDERS = st.integers(0, 9).flatmap(lambda size: st.permutations(range(size)))


@st.composite
def permutations(draw: st.DrawFn) -> Lists:
    """Draw permutations, at least one of two items or more."""
    lists = [list(draw(ORDERS)) for _ in range(draw(st.integers(0, 4)))]
    lists.insert(draw(st.integers(0, len(lists))), list(draw(st.permutations(range(draw(SIZES))))))
    return lists


SIZES = st.integers(2, 9)


def flat(lists: Lists) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in lists], dtype=np.int64)])
    return np.array([item for one in lists for item in one], np.int64), offsets


def naive(lists: Lists) -> int:
    return sum(a > b for one in lists for a, b in combinations(one, 2))


@pytest.mark.parametrize("short", [0, 3, 1024])
@given(lists=LISTS)
def test_inversions_pair_by_pair(short: int, lists: Lists) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "_SHORT", short)
        assert count_inversions(*flat(lists)) == naive(lists)


@pytest.mark.parametrize("cells", [1, 10, 1 << 17])
@given(lists=LISTS)
def test_batches_do_not_show(cells: int, lists: Lists) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "_CELLS", cells)
        assert count_inversions(*flat(lists)) == naive(lists)


def test_long_lists_by_sorting() -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 500, 3000)
    expected = int(np.triu(values[:, None] > values[None, :]).sum())
    assert count_inversions(values, [0, 3000]) == expected
    falling = np.arange(5000)[::-1]
    assert count_inversions(falling, [0, 5000]) == 5000 * 4999 // 2


def test_largest_integers() -> None:
    ends = np.iinfo(np.int64)
    assert count_inversions([ends.max, ends.min, ends.max], [0, 3]) == 1


@given(LISTS)
def test_reversing_turns_every_pair_of_unlike_items(lists: Lists) -> None:
    unlike = sum(a != b for one in lists for a, b in combinations(one, 2))
    turned = count_inversions(*flat([one[::-1] for one in lists]))
    assert count_inversions(*flat(lists)) + turned == unlike


@given(permutations())
def test_tau_is_in_the_stated_range(lists: Lists) -> None:
    info = metric_info(pooled_kendall_tau)
    score = pooled_kendall_tau(*flat(lists))
    assert type(score) is float
    assert info.worst == -1.0 <= score <= 1.0 == info.optimum


@given(permutations())
def test_tau_naive(lists: Lists) -> None:
    pairs = sum(len(one) * (len(one) - 1) for one in lists)
    expected = 1 - 4 * naive(lists) / pairs
    assert math.isclose(pooled_kendall_tau(*flat(lists)), expected, rel_tol=1e-12, abs_tol=1e-15)


@given(SIZES.flatmap(lambda size: st.permutations(range(size))))
def test_tau_of_one_list_is_that_of_scipy(order: Any) -> None:
    expected = stats.kendalltau(order, range(len(order))).statistic
    assert math.isclose(pooled_kendall_tau(*flat([order])), expected, rel_tol=1e-9, abs_tol=1e-12)


@given(permutations(), st.randoms())
def test_order_of_lists_and_short_ones_do_not_matter(lists: Lists, random: Any) -> None:
    score = pooled_kendall_tau(*flat(lists))
    moved = [*lists, [], [0]]
    random.shuffle(moved)
    assert pooled_kendall_tau(*flat(moved)) == score


@given(permutations())
def test_perfect_and_reversed(lists: Lists) -> None:
    assert pooled_kendall_tau(*flat([sorted(one) for one in lists])) == 1.0
    assert pooled_kendall_tau(*flat([sorted(one)[::-1] for one in lists])) == -1.0


@pytest.mark.parametrize("lists", [[], [[]], [[0], [0]]])
def test_no_list_with_a_pair(lists: Lists) -> None:
    with pytest.raises(UndefinedTruthError, match="two items"):
        pooled_kendall_tau(*flat(lists))


@pytest.mark.parametrize("ranks", [[0.7, 0.2], [np.nan, 1.0], [2**63, 1], [[1, 0]]])
def test_ranks_are_whole_numbers_on_a_line(ranks: Any) -> None:
    for count in (count_inversions, pooled_kendall_tau):
        with pytest.raises(ValueError, match=r"whole|offsets"):
            count(ranks, [0, 2])


@pytest.mark.parametrize("offsets", [[], [0, 1], [1, 2], [0, 3], [0, 2, 1, 2], [0, 0.5, 2]])
def test_offsets_cut_the_line_into_lists(offsets: Any) -> None:
    with pytest.raises(ValueError, match=r"whole|offsets"):
        count_inversions([1, 0], offsets)
