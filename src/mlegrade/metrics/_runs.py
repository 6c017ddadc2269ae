"""Binary masks as runs of consecutive pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mlegrade.metrics._arrays import stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Runs", "sums", "sums_before"]

Order = Literal["C", "F"]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Many binary masks as runs of consecutive pixels.

    Parameters
    ----------
    starts, ends : ndarray of int32 or int64, shape (r,)
        First pixel of each run and the one after its last, numbered from 0. Inside a mask, runs
        ascend and do not overlap.
    offsets : ndarray of int64, shape (n + 1,)
        Mask i has the runs ``offsets[i]`` to ``offsets[i + 1] - 1``.
    """

    starts: NDArray[np.signedinteger[Any]]
    ends: NDArray[np.signedinteger[Any]]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of masks."""
        return len(self.offsets) - 1

    @classmethod
    def from_masks(cls, masks: Sequence[ArrayLike], *, order: Order = "F") -> Runs:
        """Find the runs of drawn masks.

        Parameters
        ----------
        masks : sequence of array of bool, shape (height, width)
            The masks, which may differ in size.
        order : {"F", "C"}, optional
            Whether pixels are numbered down the columns (as Kaggle does) or along the rows.
        """
        starts, ends, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [0]
        for mask in masks:
            drawn = np.asarray(mask, np.bool_)
            if drawn.ndim != 2:  # noqa: PLR2004 rows and columns
                raise ValueError(f"a mask of shape {drawn.shape}; it has to be (height, width).")
            line = drawn.ravel(order=order)
            (changes,) = np.nonzero(np.diff(line, prepend=False, append=False))
            starts.append(changes[0::2])
            ends.append(changes[1::2])
            counts.append(len(changes) // 2)
        return cls(np.concatenate(starts), np.concatenate(ends), np.cumsum(counts))

    @classmethod
    def joined(cls, parts: Sequence[Runs]) -> Runs:
        """Return the masks of all parts, one after the other."""
        if len(parts) == 1:
            return parts[0]
        nothing, begin = np.zeros(0, np.int32), np.zeros(1, np.int64)
        return cls(
            np.concatenate([nothing, *(part.starts for part in parts)]),
            np.concatenate([nothing, *(part.ends for part in parts)]),
            np.cumsum(np.concatenate([begin, *(np.diff(part.offsets) for part in parts)])),
        )

    def part(self, masks: slice) -> Runs:
        """Return some successive masks."""
        offsets = self.offsets[masks.start : masks.stop + 1]
        runs = slice(offsets[0], offsets[-1])
        return Runs(self.starts[runs], self.ends[runs], offsets - offsets[0])

    def take(self, masks: NDArray[np.int64]) -> Runs:
        """Return some masks, in any order."""
        counts = np.diff(self.offsets)[masks]
        runs = stretch(self.offsets[masks], counts)
        return Runs(self.starts[runs], self.ends[runs], np.append(0, np.cumsum(counts)))

    def to_mask(self, place: int, shape: tuple[int, int], *, order: Order = "F") -> NDArray[Any]:
        """Draw one mask, shape (height, width); the inverse of `from_masks`."""
        line = np.zeros(shape[0] * shape[1], np.bool_)
        for run in range(int(self.offsets[place]), int(self.offsets[place + 1])):
            line[self.starts[run] : self.ends[run]] = True
        return line.reshape(shape, order=order)

    def areas(self) -> NDArray[np.int64]:
        """Return the number of pixels of each mask, shape (n,)."""
        return sums(self.ends - self.starts, self.offsets)

    def owner(self) -> NDArray[np.int64]:
        """Return the mask that each run belongs to, shape (r,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def extents(self) -> NDArray[np.int64]:
        """Return the end of each mask's last run, 0 for an empty mask; shape (n,)."""
        last = np.zeros(len(self), np.int64)
        full = np.diff(self.offsets) > 0
        last[full] = self.ends[self.offsets[1:][full] - 1]
        return last


def sums(values: NDArray[Any], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum of each stretch ``values[offsets[i]:offsets[i + 1]]``; it may be empty."""
    return np.diff(sums_before(values)[offsets])


def sums_before(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the sum of what stands before each value, and of all."""
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums
