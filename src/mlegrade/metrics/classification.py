"""Metrics on predicted classes and sets of labels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics._arrays import (
    codes_of,
    compare_shapes,
    finite,
    first_places,
    mean,
    same_length,
    same_shape,
)
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Classes = Sequence[Hashable] | NDArray[Any]
    Counts = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

__all__ = [
    "LabelSets",
    "accuracy",
    "classification_error",
    "f1_macro",
    "f1_micro",
    "quadratic_weighted_kappa",
]

_NUMERIC = "biuf"
_EXACT = 2.0**53  # below it, all integers are doubles
_CODE_BITS = 31
_LARGEST_CODE = (1 << _CODE_BITS) - 1
_MEMBERS_AT_ONCE = 1 << 14  # few enough for the arrays made of them to stay in the cache


@dataclass(frozen=True, slots=True, eq=False)
class LabelSets:
    """Many sets of labels, as numbers: millions of small sets would cost more than their labels.

    Parameters
    ----------
    labels : sequence of hashable
        The distinct labels.
    rows : ndarray of int32, shape (m,)
        The set that each member belongs to, numbered from 0, ascending.
    codes : ndarray of int32, shape (m,)
        The place of each member among `labels`; ascending inside a set, none twice.
    n_rows : int
        The number of sets, empty ones included.
    """

    labels: Sequence[Hashable]
    rows: NDArray[np.int32]
    codes: NDArray[np.int32]
    n_rows: int

    def __len__(self) -> int:
        """Return the number of sets."""
        return self.n_rows

    @classmethod
    def of(cls, sets: Iterable[Iterable[Hashable]]) -> LabelSets:
        """Give numbers to the labels of some sets, or of lists in which a label may be repeated.

        Examples
        --------
        >>> LabelSets.of([{"rust"}, [], ["scab", "rust", "scab"]]).rows.tolist()
        [0, 2, 2]
        """
        members: list[Hashable] = []
        sizes = []
        for labels in sets:
            before = len(members)
            members.extend(labels)
            sizes.append(len(members) - before)
        codes, _ = codes_of(members)
        rows = np.repeat(np.arange(len(sizes)), sizes)
        return cls(list(dict.fromkeys(members)), *ordered_members(rows, codes), len(sizes))


def ordered_members(
    rows: NDArray[np.int64], codes: NDArray[Any]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Order the members of sets by set and label, and drop those that are repeated."""
    keys = np.sort((rows << _CODE_BITS) + codes)
    keys = keys[first_places(keys)]
    return (keys >> _CODE_BITS).astype(np.int32), (keys & _LARGEST_CODE).astype(np.int32)


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def accuracy(y_true: Classes, y_pred: Classes) -> float:
    """Share of the rows whose predicted class is the true one.

    Parameters
    ----------
    y_true, y_pred : sequence or array, shape (n,)
        Classes of any kind that compares by ``==``: numbers, truth values, text.

    Returns
    -------
    float
        In [0, 1].

    Notes
    -----
    Edge cases: a class that the truth does not know is simply wrong.

    Examples
    --------
    >>> accuracy(["cat", "dog", "dog"], ["cat", "dog", "cow"])
    0.6666666666666666
    """
    return mean(_hits(y_true, y_pred))


@metric(higher_is_better=False, optimum=0.0, worst=1.0)
def classification_error(y_true: Classes, y_pred: Classes) -> float:
    """Share of the rows whose predicted class is not the true one: 1 - `accuracy`.

    Parameters
    ----------
    y_true, y_pred : sequence or array, shape (n,)
        Classes of any kind that compares by ``==``: numbers, truth values, text.

    Returns
    -------
    float
        In [0, 1].

    Notes
    -----
    Edge cases: a class that the truth does not know is simply wrong.

    Examples
    --------
    >>> classification_error([1, 2, 2, 3], [1, 2, 3, 3])
    0.25
    """
    return mean(~_hits(y_true, y_pred))


def _hits(y_true: Classes, y_pred: Classes) -> NDArray[np.bool_]:
    truth, predicted = _classes(y_true, y_pred)
    return np.asarray(truth == predicted, np.bool_)


def _classes(y_true: Classes, y_pred: Classes) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return true and predicted classes as arrays, one class a row."""
    truth, predicted = _as_they_are(y_true), _as_they_are(y_pred)
    compare_shapes(truth, predicted, 1)
    return truth, predicted


def _as_they_are(values: Classes) -> NDArray[Any]:
    array = np.asarray(values)
    if array.ndim != 1 or isinstance(values, np.ndarray):
        return array
    # An array of text makes text of all else, and loses what is empty at the end of a text; one of
    # doubles rounds large integers.
    if array.dtype.kind in "SU" or (array.dtype.kind == "f" and (abs(array) >= _EXACT).any()):
        array = np.fromiter(values, object, len(array))
    return array


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def f1_micro(
    y_true: Classes | LabelSets,
    y_pred: Classes | LabelSets,
    *,
    true_labels_only: bool = False,
    zero_division: float | None = None,
) -> float:
    r"""F1 score of all decisions about a row and a label, pooled.

    :math:`2 TP / (2 TP + FP + FN)`, where TP counts the labels that a row has and got, FP those
    that it got without having them, and FN those that it has without getting them, over all rows.

    Parameters
    ----------
    y_true, y_pred : sequence or array, shape (n,), or LabelSets
        One class a row, or a set of labels a row; the same kind on both sides.
    true_labels_only : bool, optional
        Whether predicted labels that no row truly has are passed over instead of being wrong.
    zero_division : float or None, optional
        The value where no label counts at all; None if there is none.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedMetricError
        If there are no rows, or no label counts and `zero_division` is None.
    UndefinedTruthError
        The same, with `true_labels_only`: no prediction would count.

    Notes
    -----
    Edge cases: with one class a row this is `accuracy`, unless `true_labels_only`; a row without
    labels on either side changes nothing.

    Examples
    --------
    >>> truth = LabelSets.of([{"rust", "scab"}, {"healthy"}])
    >>> f1_micro(truth, LabelSets.of([{"rust"}, {"healthy", "rust"}]))
    0.6666666666666666
    """
    hits, true, predicted = _counts_by_label(y_true, y_pred)
    if true_labels_only:
        predicted = predicted[true > 0]
    total = int(true.sum() + predicted.sum())
    if total:
        return finite(2 * int(hits.sum()) / total)
    if zero_division is not None:
        return finite(zero_division)
    if true_labels_only:
        raise UndefinedTruthError("no row has a label.")
    raise UndefinedMetricError("there is no label on either side.")


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def f1_macro(y_true: Classes | LabelSets, y_pred: Classes | LabelSets) -> float:
    r"""Mean of the F1 scores of the labels, each with the same weight.

    :math:`2 TP / (2 TP + FP + FN)` for every label that is true or predicted in some row.

    Parameters
    ----------
    y_true, y_pred : sequence or array, shape (n,), or LabelSets
        One class a row, or a set of labels a row; the same kind on both sides.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedMetricError
        If there are no rows, or no labels.

    Notes
    -----
    Edge cases: a label that is predicted but never true gives 0 and counts in the mean, and so
    does one that is true but never predicted.

    Examples
    --------
    >>> round(f1_macro([1, 1, 2], [1, 1, 3]), 6)
    0.333333
    """
    hits, true, predicted = _counts_by_label(y_true, y_pred)
    total = true + predicted
    counts = total > 0
    if not counts.any():
        raise UndefinedMetricError("there is no label on either side.")
    return mean(2 * hits[counts] / total[counts])


def _counts_by_label(y_true: Classes | LabelSets, y_pred: Classes | LabelSets) -> Counts:
    """Return in how many rows each label is true and predicted, true, and predicted."""
    same_length(y_true, y_pred)
    if isinstance(y_true, LabelSets) and isinstance(y_pred, LabelSets):
        return _counts_of_sets(y_true, y_pred)
    if isinstance(y_true, LabelSets) or isinstance(y_pred, LabelSets):
        raise TypeError("one side has a set of labels a row, the other one class a row.")
    classes = _classes(y_true, y_pred)
    true, predicted, n_labels = _common_codes(*classes)
    hits = true[_hits(*classes)]
    return _tally(hits, n_labels), _tally(true, n_labels), _tally(predicted, n_labels)


def _counts_of_sets(y_true: LabelSets, y_pred: LabelSets) -> Counts:
    places = {label: place for place, label in enumerate(y_true.labels)}
    renumber = [places.setdefault(label, len(places)) for label in y_pred.labels]
    numbers, n_labels = np.array(renumber, np.int64), max(len(places), 1)
    counts = np.zeros((3, n_labels), np.int64)
    n_members = max(len(y_true.codes), len(y_pred.codes), _MEMBERS_AT_ONCE)
    step = max(1, len(y_true) * _MEMBERS_AT_ONCE // n_members)
    for true_part, part in zip(_parts(y_true, step), _parts(y_pred, step), strict=True):
        true, predicted = y_true.codes[true_part], numbers[y_pred.codes[part]]
        true_keys, keys = (
            sets.rows[some].astype(np.int64) * n_labels + codes
            for sets, some, codes in ((y_true, true_part, true), (y_pred, part, predicted))
        )
        hits = np.intersect1d(true_keys, keys, assume_unique=True) % n_labels
        counts += [_tally(codes, n_labels) for codes in (hits, true, predicted)]
    return counts[0], counts[1], counts[2]


def _parts(sets: LabelSets, step: int) -> Iterator[slice]:
    """Cut the members of sets into those of so many sets each."""
    firsts = np.arange(0, len(sets) + step, step).astype(sets.rows.dtype)
    bounds = np.searchsorted(sets.rows, firsts).tolist()
    yield from (slice(a, b) for a, b in pairwise(bounds))


def _tally(codes: NDArray[Any], n_labels: int) -> NDArray[np.int64]:
    return np.bincount(codes, minlength=n_labels)


def _common_codes(
    truth: NDArray[Any], predicted: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Give numbers to the classes of both sides together."""
    if {truth.dtype.kind, predicted.dtype.kind} == {"i", "u"}:
        # Together these would become doubles.
        truth, predicted = (_with_sign(values) for values in (truth, predicted))
    if truth.dtype.kind in _NUMERIC and predicted.dtype.kind in _NUMERIC:
        codes, count = _codes_of_numbers(np.concatenate([truth, predicted]))
    else:
        codes, count = codes_of([*truth, *predicted])
    return codes[: len(truth)], codes[len(truth) :], count


def _with_sign(values: NDArray[Any]) -> NDArray[Any]:
    """Return integers as such of 64 bits, or as Python's where these do not hold them."""
    fit = not len(values) or values.max() <= np.iinfo(np.int64).max
    return values.astype(np.int64 if fit else object)


def _codes_of_numbers(values: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Give numbers to the values of an array, which may be overwritten."""
    if values.dtype.kind == "b":
        values = values.astype(np.int64)
    low, span = values.min(), values.max().item() - values.min().item()
    # Whole numbers that lie close together are numbers already: no need to sort them.
    if span < 4 * len(values) and (values == np.floor(values)).all():
        values -= low
        return values.astype(np.int64, copy=False), int(span) + 1
    distinct, codes = np.unique(values, return_inverse=True)
    return codes, len(distinct)


@metric(higher_is_better=True, optimum=1.0, worst=-1.0)
def quadratic_weighted_kappa(
    y_true: ArrayLike, y_pred: ArrayLike, *, by_rank: bool = False
) -> float:
    r"""Cohen's kappa with the squared distance of two grades as the weight of a disagreement.

    :math:`1 - \sum w_{ij} O_{ij} / \sum w_{ij} E_{ij}` with :math:`w_{ij} = (i - j)^2`, where
    :math:`O_{ij}` counts the rows with true grade i and predicted grade j, and :math:`E_{ij}` is
    what it would be if both were independent.

    Parameters
    ----------
    y_true, y_pred : array of float, shape (n,)
        Grades; any numbers.
    by_rank : bool, optional
        Whether the distance is that of the grades' places among the grades that occur on either
        side, instead of that of their values: with 1, 2 and 4, the grades 2 and 4 are 1 apart.

    Returns
    -------
    float
        In [-1, 1]; 0, but for rounding, where either side is constant.

    Raises
    ------
    UndefinedMetricError
        If both sides are one and the same constant, or a grade is not a number or too large;
        differences below 1e-162, whose squares are 0, are none.

    Notes
    -----
    Computed as twice the covariance, divided by the sum of both variances and the squared
    difference of the means, which is the same and needs no table of grades; exact for whole
    numbers.

    References
    ----------
    J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or
    partial credit", 1968.

    Examples
    --------
    >>> quadratic_weighted_kappa([1, 2, 4], [1, 2, 2])
    0.4
    >>> round(quadratic_weighted_kappa([1, 2, 4], [1, 2, 2], by_rank=True), 6)
    0.666667
    """
    truth, predicted = same_shape(y_true, y_pred, 1)
    if by_rank:
        _, ranks = np.unique(np.concatenate([truth, predicted]), return_inverse=True)
        truth, predicted = np.split(ranks.astype(np.float64), 2)
    n_rows = len(truth)
    with np.errstate(over="ignore", invalid="ignore"):
        # A shift changes no distance; small whole numbers keep the sums exact.
        x, y = truth - truth[0], predicted - truth[0]
        covariance = n_rows * (x @ y) - x.sum() * y.sum()
        expected = n_rows * (x @ x + y @ y) - 2 * x.sum() * y.sum()
    if expected == 0:
        raise UndefinedMetricError("truth and prediction are the same constant.")
    return finite(2 * covariance / finite(expected))
