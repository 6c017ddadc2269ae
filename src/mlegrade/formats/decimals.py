"""Short decimal numbers in a buffer of bytes, many at once, each to the nearest double."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MASKS", "PADDING", "WITHIN_DOUBLES", "parse_decimals", "words_at"]

PADDING = 8
"""Bytes that have to follow the last number in the buffer."""

WITHIN_DOUBLES = "below 1.79e308 in size"
"""What is expected of finite numbers that doubles do not hold, for messages."""

_EXACT = 2**53
_POINT, _MINUS, _PLUS = (ord(character) for character in ".-+")
_SIZES = range(PADDING + 1)

MASKS = np.array([(1 << 8 * size) - 1 for size in _SIZES], np.uint64)
"""What of a machine word belongs to a word of 0 to 8 bytes."""

_SHIFTS = np.array([8 * (PADDING - size) % 64 for size in _SIZES], np.uint64)
_ZEROS = np.array([0x3030303030303030 & ((1 << 64 - 8 * size) - 1) for size in _SIZES], np.uint64)
_POWERS = 10 ** np.arange(PADDING + 1)


def words_at(
    buffer: NDArray[np.uint8] | bytes, starts: NDArray[np.int64] | slice
) -> NDArray[np.uint64]:
    """Return the eight bytes from each place on, the first as the lowest byte."""
    size = len(buffer) - PADDING + 1
    return np.ndarray((size,), np.dtype("<u8"), buffer, strides=(1,))[starts]


def parse_decimals(
    buffer: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read numbers such as ``12``, ``-0.5`` or ``1204.75``.

    Parameters
    ----------
    buffer : ndarray of uint8
        ASCII text, with `PADDING` more bytes behind the last number.
    starts, ends : ndarray of int64, shape (m,)
        Where each number begins, ascending, and where it ends.

    Returns
    -------
    values : ndarray of float64, shape (m,)
        The nearest doubles.
    is_read : ndarray of bool, shape (m,)
        Where that is so. Numbers with an exponent or with more than eight digits before or after
        the point are not read, nor is anything that is no number.

    Notes
    -----
    Digits before and after the point make an integer, which is divided by a power of ten. Both are
    exact as doubles, so that the quotient is the double nearest to the number.
    """
    first = buffer[starts]
    is_negative = first == _MINUS
    begins = starts + (is_negative | (first == _PLUS))
    points = np.flatnonzero(buffer == _POINT)
    owner = np.searchsorted(starts, points, side="right") - 1
    inside = (owner >= 0) & (points < ends[owner])
    points, owner = points[inside], owner[inside]
    point_at = ends.copy()
    point_at[owner] = points
    n_whole, n_part = point_at - begins, np.zeros(len(starts), np.int64)
    n_part[owner] = ends[owner] - points - 1
    is_read = (n_whole <= PADDING) & (n_part <= PADDING) & (n_whole + n_part > 0)
    is_read[owner[1:][owner[1:] == owner[:-1]]] = False  # two points
    whole, is_whole = _digits(buffer, begins, np.clip(n_whole, 0, PADDING))
    part, is_part = _digits(buffer, points + 1, np.clip(n_part[owner], 0, PADDING))
    power = _POWERS[np.clip(n_part, 0, PADDING)]
    mantissa = whole * power
    mantissa[owner] += part
    is_read &= is_whole & (mantissa <= _EXACT)
    is_read[owner] &= is_part
    values = mantissa / power
    return np.where(is_negative, -values, values), is_read


def _digits(
    buffer: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the value of up to eight digits each, and whether they are digits.

    Eight bytes are one machine word: pairs of digits are added up in it, then pairs of these.
    """
    word = words_at(buffer, starts) & MASKS[sizes]
    word <<= _SHIFTS[sizes]
    word |= _ZEROS[sizes]
    high = np.uint64(0xF0F0F0F0F0F0F0F0)
    beyond_nine = ((word + np.uint64(0x0606060606060606)) & high) >> np.uint64(4)
    is_number = ((word & high) | beyond_nine) == np.uint64(0x3333333333333333)
    word &= np.uint64(0x0F0F0F0F0F0F0F0F)
    for mask, factor, bits in (
        (0xFFFFFFFFFFFFFFFF, 10 * (1 << 8) + 1, 8),
        (0x00FF00FF00FF00FF, 100 * (1 << 16) + 1, 16),
        (0x0000FFFF0000FFFF, 10_000 * (1 << 32) + 1, 32),
    ):
        word &= np.uint64(mask)
        word *= np.uint64(factor)
        word >>= np.uint64(bits)
    return word.astype(np.int64), is_number
