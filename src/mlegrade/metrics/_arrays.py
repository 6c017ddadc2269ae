"""What all metrics do with their inputs and results, written once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence, Sized

    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "SearchTable",
    "codes_of",
    "compare_shapes",
    "distinct",
    "doubles",
    "finite",
    "first_places",
    "group_sizes",
    "integers",
    "mean",
    "need_numbers_below",
    "places_of_ends",
    "refuse_nan",
    "same_columns",
    "same_length",
    "same_shape",
    "stretch",
    "truth_values",
]


_STRETCHES = 8  # of a line for each number on it, at most
_BEYOND = np.iinfo(np.int64).max
_FORMS = {1: "(n,)", 2: "(n, c)"}


def doubles(values: ArrayLike) -> NDArray[np.float64]:
    """Return an array of doubles, whatever comes in but complex numbers."""
    if np.iscomplexobj(values):
        raise TypeError("complex numbers have no score, only real ones.")
    return np.asarray(values, dtype=np.float64)


def integers(values: ArrayLike) -> NDArray[np.int64]:
    """Return an array of integers.

    Raises
    ------
    ValueError
        If a value is no whole number, or one of more than 64 bits.
    """
    given = np.asarray(values)
    if given.dtype.kind not in "biu":
        given = doubles(given)
    with np.errstate(invalid="ignore"):
        whole = given.astype(np.int64, copy=False)
    if (whole != given).any():
        raise ValueError("a value is no whole number of 64 bits.")
    return whole


def truth_values(
    values: ArrayLike, error: type[UndefinedMetricError] = UndefinedTruthError
) -> NDArray[np.bool_]:
    """Return truth values, given as such or as 0 and 1.

    Raises
    ------
    UndefinedTruthError, or another error
        If a value is something else.
    """
    given = np.asarray(values)
    if given.dtype.kind not in "biu":
        given = doubles(given)
    positive = np.asarray(given == 1)
    if not (positive | (given == 0)).all():
        raise error("a class is neither 0 nor 1.")
    return positive


def same_length(y_true: Sized, y_pred: Sized, *, others: str = "predicted ones") -> int:
    """Return the common length of truth and prediction, or of truth and something else.

    Raises
    ------
    ValueError
        If they differ in length.
    UndefinedMetricError
        If there is nothing to compare.
    """
    if len(y_true) != len(y_pred):
        raise ValueError(f"{len(y_true)} true values, but {len(y_pred)} {others}.")
    if not len(y_true):
        raise UndefinedMetricError("there are no rows to compare.")
    return len(y_true)


def same_shape(
    y_true: ArrayLike, y_pred: ArrayLike, *n_dims: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return truth and prediction as doubles of one shape; see `compare_shapes`."""
    truth, predicted = doubles(y_true), doubles(y_pred)
    compare_shapes(truth, predicted, *n_dims)
    return truth, predicted


def compare_shapes(
    truth: NDArray[Any], other: NDArray[Any], *n_dims: int, name: str = "prediction"
) -> None:
    """Raise an error if truth and prediction, or something else, do not have one shape.

    Parameters
    ----------
    truth, other : array
        What to compare.
    n_dims : int
        How many dimensions there may be: by default 1 and 2.
    name : str, optional
        What the other array is.

    Raises
    ------
    ValueError
        If the shapes differ, or have another number of dimensions.
    UndefinedMetricError
        If there is nothing to compare.
    """
    if truth.shape != other.shape:
        raise ValueError(f"truth of shape {truth.shape}, but {name} of {other.shape}.")
    if not truth.size:
        raise UndefinedMetricError("there are no rows to compare.")
    if truth.ndim not in (n_dims or _FORMS):
        forms = " or ".join(_FORMS[n] for n in n_dims or _FORMS)
        raise ValueError(f"truth and {name} of shape {truth.shape}; it has to be {forms}.")


def same_columns(*columns: Sized) -> None:
    """Raise `ValueError` if the columns of a table differ in length."""
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        raise ValueError(f"columns of {', '.join(map(str, lengths))} values belong together.")


def refuse_nan(scores: NDArray[np.float64]) -> None:
    """Raise `UndefinedMetricError` if a score has no place in the order of all."""
    if np.isnan(scores).any():
        raise UndefinedMetricError("a score is not a number.")


def need_numbers_below(count: int, numbers: NDArray[Any], *, name: str) -> None:
    """Raise `ValueError` if numbers of some things are not from 0 to one less than their count."""
    if len(numbers) and not 0 <= numbers.min() <= numbers.max() < count:
        raise ValueError(f"{name} are numbered from 0 to {count - 1}.")


def finite(value: float) -> float:
    """Return a score as a Python float.

    Raises
    ------
    UndefinedMetricError
        If the score is not a finite number.
    """
    if not math.isfinite(value):
        raise UndefinedMetricError(
            "the score is not a finite number: the predictions are too large or not numbers."
        )
    return float(value)


def mean(values: NDArray[Any]) -> float:
    """Return the mean of scores; see `finite`."""
    return finite(values.mean(dtype=np.float64))


def codes_of(values: Sequence[Hashable] | NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Give distinct values numbers in the order of their first appearance.

    Returns
    -------
    codes : ndarray of int64, shape (n,)
        The number of each value.
    count : int
        How many distinct values there are.
    """
    listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
    numbers = {value: number for number, value in enumerate(dict.fromkeys(listed))}
    codes = np.fromiter(map(numbers.__getitem__, listed), np.int64, len(listed))
    return codes, len(numbers)


def first_places(keys: NDArray[Any]) -> NDArray[np.int64]:
    """Return where a new key begins in an array whose equal keys stand together."""
    if not len(keys):
        return np.zeros(0, np.int64)
    return np.concatenate([[0], np.flatnonzero(keys[1:] != keys[:-1]) + 1]).astype(np.int64)


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Return the distinct numbers of an array, ascending.

    `np.unique` hashes since numpy 2.3: of a million distinct numbers that takes sixty times as
    long as sorting them.
    """
    ordered = np.sort(values, kind="stable")  # linear where a few runs ascend
    return ordered[first_places(ordered)]


def group_sizes(firsts: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return how many of n things each group has, from the places where groups begin."""
    return np.diff(np.append(firsts, n))


def stretch(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ``starts[i], starts[i] + 1, ...``, `counts[i]` of them, for every i in turn."""
    before = np.cumsum(counts) - counts
    return np.arange(counts.sum()) - np.repeat(before - starts, counts)


def places_of_ends(
    line: NDArray[np.int64], places: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return ``np.searchsorted(line, ends)``, several times as quickly where ends are near.

    Parameters
    ----------
    line : ndarray of int64, shape (m,)
        Values that ascend.
    places : ndarray of int64, shape (n,)
        Lower bounds of the results; where a result is at most one larger, nothing is searched.
    ends : ndarray of int64, shape (n,)
        What to find a place for.
    """
    next_one = np.append(line, _BEYOND)
    found = places + (next_one.take(places) < ends)
    beyond = np.flatnonzero(next_one.take(found) < ends)
    found[beyond] = np.searchsorted(line, ends[beyond])
    return found


class SearchTable:
    """Numbers that ascend, set out for finding the places of many others among them.

    Their line is cut into stretches of one length, most of which hold two of them at most: where
    to begin is read off a table, and the few that belong farther on are searched for.

    Parameters
    ----------
    numbers : ndarray of int64, shape (m,)
        Numbers from 0 up, which ascend.
    """

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        length = int(numbers[-1]) + 1 if len(numbers) else 0
        self._bits = (length // (_STRETCHES * max(1, len(numbers)))).bit_length()
        self._numbers = np.append(numbers, _BEYOND)
        # Behind a number's stretch, one more stands before: all stretches up to the next number's.
        n_stretches = np.diff(numbers >> self._bits, prepend=-1, append=length >> self._bits)
        self._before = np.repeat(np.arange(len(n_stretches), dtype=np.int32), n_stretches)

    def search(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return ``np.searchsorted(numbers, values, side="right")``, for values of any shape."""
        found = self._before.take(values >> self._bits, mode="clip").astype(np.int64)
        found += self._numbers.take(found) <= values
        is_beyond = self._numbers.take(found) <= values
        found += is_beyond
        left = np.flatnonzero(is_beyond)
        left = left[self._numbers.take(found.take(left)) <= values.take(left)]
        found.put(left, np.searchsorted(self._numbers, values.take(left), side="right"))
        return found
