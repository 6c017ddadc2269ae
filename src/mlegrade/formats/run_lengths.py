"""Binary masks as text: ``start length`` pairs over the pixels of an image."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.formats._fault import Fault
from mlegrade.formats._spots import first_broken
from mlegrade.formats.integers import NO_INTEGERS, IntegerLists, integer_batches
from mlegrade.metrics.masks import Runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["decode_run_lengths", "encode_run_lengths"]

_LARGEST_SHORT = 2**31 - 1
_NO_PAIRS = {
    "not_an_integer": NO_INTEGERS,
    "odd_run_lengths": "pairs of start and length",
}
_EXPECTED = {
    **_NO_PAIRS,
    "run_below_one": "starts and lengths of at least 1",
    "runs_not_ascending": "runs in ascending order that name no pixel twice",
    "run_outside_image": "runs inside the image",
}


def decode_run_lengths(
    cells: Sequence[str], n_pixels: ArrayLike | None = None
) -> tuple[Runs, list[Fault]]:
    """Decode run lengths without drawing the masks.

    Parameters
    ----------
    cells : sequence of str, length n
        ``start length`` pairs separated by white space; pixels are numbered from 1. Blank text is
        an empty mask.
    n_pixels : int or array of int, shape (n,), optional
        The size of each image, height times width. Runs beyond it are a fault.

    Returns
    -------
    runs : Runs
        One mask a cell, pixels numbered from 0; not to be used where there are faults.
    faults : list of Fault
        In this order: no integers, an odd number of them, a start or length below 1, runs that do
        not ascend or that overlap, runs that leave the image.
    """
    sizes = None
    if n_pixels is not None:
        sizes = np.broadcast_to(np.asarray(n_pixels, np.int64), len(cells))
    parts: list[Runs] = []
    broken: dict[str, list[NDArray[np.int64]]] = {code: [] for code in _EXPECTED}
    first = 0
    for lists, bad in integer_batches(cells):
        some = slice(first, first + len(lists))
        runs, found = _masks(lists, bad, None if sizes is None else sizes[some])
        parts.append(runs)
        for code, where in found.items():
            broken[code].append(first + where)
        first += len(lists)
    # Where some cells hold no pairs at all, it is not said what is wrong with the pairs of others.
    codes = [code for code in _NO_PAIRS if broken[code]] or _EXPECTED

    def spot(code: str, place: int) -> int:
        if code == "odd_run_lengths":
            return 0
        return first_broken(
            cells[place],
            1 if code in _NO_PAIRS else 2,
            lambda groups: decode_run_lengths(groups, None if sizes is None else sizes[place])[1],
            code,
            in_a_row=1 + (code == "runs_not_ascending"),
        )

    return Runs.joined(parts), [
        Fault(code, _EXPECTED[code], np.concatenate(broken[code]), partial(spot, code))
        for code in codes
        if broken[code]
    ]


def _masks(
    lists: IntegerLists, bad: NDArray[np.int64], n_pixels: NDArray[np.int64] | None
) -> tuple[Runs, dict[str, NDArray[np.int64]]]:
    """Return the masks of some cells, and where each rule is broken; no masks if they are none."""
    odd = np.flatnonzero(lists.lengths() % 2)
    if len(bad) or len(odd):
        empty = np.zeros(0, np.int64)
        found = {"not_an_integer": bad, "odd_run_lengths": odd}
        return Runs(empty, empty, np.zeros(len(lists) + 1, np.int64)), {
            code: where for code, where in found.items() if len(where)
        }
    found = {}
    offsets = lists.offsets // 2
    starts, lengths = lists.values[0::2] - 1, lists.values[1::2]
    ends = starts + lengths
    for code, wrong in _wrong_runs(starts, ends, offsets, n_pixels).items():
        if wrong.any():
            found[code] = np.unique(np.searchsorted(offsets, np.flatnonzero(wrong), "right") - 1)
    if ends.max(initial=0) <= _LARGEST_SHORT:
        return Runs(starts.astype(np.int32), ends.astype(np.int32), offsets), found
    return Runs(starts, ends, offsets), found


def _wrong_runs(
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    offsets: NDArray[np.int64],
    n_pixels: NDArray[np.int64] | None,
) -> dict[str, NDArray[np.bool_]]:
    """Return which runs break a rule."""
    falls = np.zeros(len(starts), np.bool_)
    np.less(starts[1:], ends[:-1], out=falls[1:])
    falls[offsets[:-1][offsets[:-1] < len(falls)]] = False  # the first ones of masks
    rules = {"run_below_one": (starts < 0) | (ends <= starts), "runs_not_ascending": falls}
    if n_pixels is not None and (ends.max(initial=0) > n_pixels).any():
        rules["run_outside_image"] = ends > np.repeat(n_pixels, np.diff(offsets))
    return rules


def encode_run_lengths(runs: Runs) -> list[str]:
    """Return the text of each mask, the inverse of `decode_run_lengths`."""
    pairs = np.column_stack([runs.starts + 1, runs.ends - runs.starts])
    return [
        " ".join(map(str, pairs[begin:end].ravel().tolist()))
        for begin, end in zip(runs.offsets[:-1], runs.offsets[1:], strict=True)
    ]
