"""How groups of tokens stand in a cell, and the quick way to decode many cells without a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.formats.decimals import MASKS, PADDING, parse_decimals, words_at
from mlegrade.formats.integers import is_white_space
from mlegrade.metrics import Labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["GroupForm", "Part"]

_BLANK = ord(" ")
_FEW = 0.1  # of the numbers of a batch may have to be read one by one
# Python forgives underscores, white space and digits of other scripts in a number.
_FORGIVEN = re.compile(r"[^0-9A-Za-z.+-]")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The groups of some cells.

    Parameters
    ----------
    counts : ndarray of int64, shape (n,)
        Groups in each cell.
    numbers : ndarray of float64, shape (m, d)
        Their numeric tokens.
    labels : Labels
        Their text token.
    """

    counts: NDArray[np.int64]
    numbers: NDArray[np.float64]
    labels: Labels

    @classmethod
    def of(
        cls, form: GroupForm, counts: Sequence[int], numbers: Sequence[float], labels: list[str]
    ) -> Part:
        """Take lists for what they are."""
        return cls(
            np.array(counts, np.int64),
            np.array(numbers, np.float64).reshape(len(labels), form.width),
            Labels.of(labels),
        )

    @classmethod
    def nothing(cls, form: GroupForm) -> Part:
        """Return the groups of no cells."""
        return cls.of(form, (), (), [])


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForm:
    """How groups stand in a cell; the parameters are those of `decode_groups`."""

    size: int
    label: int | None
    separator: str | None
    blank_is_empty: bool
    like_python: bool

    @property
    def width(self) -> int:
        """Numbers in a group."""
        return self.size - (self.label is not None)

    def split(self, cell: str) -> list[str]:
        """Return the tokens of a cell."""
        is_empty = not cell or (self.blank_is_empty and cell.isspace())
        return [] if is_empty else cell.split(self.separator)

    def take_labels(self, tokens: list[str]) -> list[str]:
        """Take the labels out of the tokens of whole groups; empty text where they have none."""
        if self.label is None:
            return [""] * (len(tokens) // self.size)
        labels = tokens[self.label :: self.size]
        del tokens[self.label :: self.size]
        return labels

    def read(self, tokens: Sequence[str]) -> list[float]:
        """Return numbers, finite or not.

        Raises
        ------
        ValueError
            If one of them is none.
        """
        if not self.like_python and _FORGIVEN.search("".join(tokens)):
            raise ValueError
        return list(map(float, tokens))

    def decode_quickly(self, cells: Sequence[str], lengths: NDArray[np.int64]) -> Part | None:
        """Return the groups of cells of given lengths; None if each of them needs a closer look."""
        text = " ".join(cells)
        if not text.isascii():
            return None
        buffer = np.frombuffer((text + " " * (PADDING + 1)).encode(), np.uint8)
        is_gap = (buffer == _BLANK) if self.separator else is_white_space(buffer)
        edges = np.flatnonzero(np.diff(is_gap, prepend=True))
        starts, ends = edges[0::2], edges[1::2]
        n_tokens = np.diff(np.searchsorted(starts, np.cumsum(lengths + 1)), prepend=0)
        if (n_tokens % self.size).any():
            return None
        if self.separator:
            # One gap behind each token and each empty cell: any other encloses an empty token.
            n_gaps = int(np.count_nonzero(is_gap[: len(text) + 1]))
            if n_gaps != len(starts) + np.count_nonzero(lengths == 0):
                return None
        starts, ends = starts.reshape(-1, self.size), ends.reshape(-1, self.size)
        is_number = np.arange(self.size) != self.label
        numbers = self._numbers(
            text, buffer, starts[:, is_number].ravel(), ends[:, is_number].ravel()
        )
        if numbers is None:
            return None
        if self.label is None:
            labels = Labels([""], np.zeros(len(starts), np.int32))
        else:
            labels = _labels(text, buffer, starts[:, self.label], ends[:, self.label])
        return Part(n_tokens // self.size, numbers.reshape(-1, self.width), labels)

    def _numbers(
        self,
        text: str,
        buffer: NDArray[np.uint8],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> NDArray[np.float64] | None:
        """Return the numbers; None where most are long or one is not finite or no number."""
        values, is_read = parse_decimals(buffer, starts, ends)
        odd = np.flatnonzero(~is_read)
        if len(odd) > _FEW * len(values):
            return None
        places = zip(starts[odd].tolist(), ends[odd].tolist(), strict=True)
        try:
            values[odd] = self.read([text[begin:end] for begin, end in places])
        except ValueError:
            return None
        return values if np.isfinite(values).all() else None


def _labels(
    text: str, buffer: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Labels:
    """Return the labels; short ones as machine words first, so that equal ones are found fast."""
    sizes = ends - starts
    if sizes.max(initial=0) > PADDING:
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        return Labels.of([text[begin:end] for begin, end in pairs])
    _, firsts, codes = np.unique(
        words_at(buffer, starts) & MASKS[sizes], return_index=True, return_inverse=True
    )
    return Labels(
        [text[starts[place] : ends[place]] for place in firsts.tolist()], codes.astype(np.int32)
    )
