"""Binary masks as text: ``start length`` pairs over the pixels of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.formats._fault import Fault
from mlegrade.formats.integers import decode_integers
from mlegrade.metrics.masks import Runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["decode_run_lengths", "encode_run_lengths"]


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
    lists, faults = decode_integers(cells)
    odd = np.flatnonzero(lists.lengths() % 2)
    if len(odd):
        faults.append(Fault("odd_run_lengths", "pairs of start and length", odd))
    if faults:
        empty = np.zeros(0, np.int64)
        return Runs(empty, empty, np.zeros(len(cells) + 1, np.int64)), faults
    starts, lengths = lists.values[0::2], lists.values[1::2]
    runs = Runs(starts - 1, starts - 1 + lengths, lists.offsets // 2)
    owner = np.repeat(np.arange(len(cells)), np.diff(runs.offsets))

    def look(code: str, expected: str, broken: NDArray[Any], owners: NDArray[Any]) -> None:
        if broken.any():
            faults.append(Fault(code, expected, np.unique(owners[broken])))

    look("run_below_one", "starts and lengths of at least 1", (starts < 1) | (lengths < 1), owner)
    same_mask = owner[1:] == owner[:-1]
    look(
        "runs_not_ascending",
        "runs in ascending order that name no pixel twice",
        same_mask & (runs.starts[1:] < runs.ends[:-1]),
        owner[1:],
    )
    if n_pixels is not None:
        sizes = np.broadcast_to(np.asarray(n_pixels, np.int64), len(cells))
        look("run_outside_image", "runs inside the image", runs.ends > sizes[owner], owner)
    return runs, faults


def encode_run_lengths(runs: Runs) -> list[str]:
    """Return the text of each mask, the inverse of `decode_run_lengths`."""
    pairs = np.column_stack([runs.starts + 1, runs.ends - runs.starts])
    return [
        " ".join(map(str, pairs[begin:end].ravel().tolist()))
        for begin, end in zip(runs.offsets[:-1], runs.offsets[1:], strict=True)
    ]
