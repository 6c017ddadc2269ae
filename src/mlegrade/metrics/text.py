"""Metrics on text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlegrade.errors import UndefinedMetricError
from mlegrade.metrics._arrays import finite, mean, same_length
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["mean_levenshtein", "word_jaccard"]


@metric(higher_is_better=False, optimum=0.0)
def mean_levenshtein(y_true: Sequence[str], y_pred: Sequence[str]) -> float:
    """Mean number of single-character edits that turn the prediction into the truth.

    Parameters
    ----------
    y_true, y_pred : sequence of str, length n
        The texts; a character is a Unicode code point.

    Returns
    -------
    float
        At least 0.

    Notes
    -----
    Edge cases: insertions, deletions and substitutions cost 1 each; against an empty text the
    distance is the other's length; nothing is normalised, neither length nor Unicode form.

    References
    ----------
    V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals",
    1966.

    Examples
    --------
    >>> mean_levenshtein(["kitten", "flaw"], ["sitting", "lawn"])
    2.5
    """
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 only where it is needed

    n_rows = same_length(y_true, y_pred)
    return finite(sum(map(Levenshtein.distance, y_true, y_pred)) / n_rows)


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def word_jaccard(
    y_true: Sequence[str], y_pred: Sequence[str], *, both_empty: float | None = None
) -> float:
    r"""Mean Jaccard index of the sets of words of two texts.

    :math:`|T \cap P| / |T \cup P|` for each pair of texts, averaged over the pairs. Words are what
    white space separates in the text in lower case, as Python's `str.lower` and `str.split` say.

    Parameters
    ----------
    y_true, y_pred : sequence of str, length n
        The texts.
    both_empty : float or None, optional
        The value of a pair without a word on either side; None leaves such pairs out of the mean.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UndefinedMetricError
        If no pair counts.

    Notes
    -----
    Edge cases: neither order nor repetition of words matters; punctuation belongs to its word; no
    Unicode form is normalised; one side without words gives 0.

    References
    ----------
    P. Jaccard, "The distribution of the flora in the alpine zone", 1912.

    Examples
    --------
    >>> word_jaccard(["so very happy", "sad"], ["Happy", "sad ..."])
    0.41666666666666663
    """
    same_length(y_true, y_pred)
    common, either = [], []
    for truth, predicted in zip(y_true, y_pred, strict=True):
        if predicted == truth:  # all words in common, if there are any: how many does not matter
            both = any_words = int(bool(truth) and not truth.isspace())
        else:
            words, others = set(truth.lower().split()), set(predicted.lower().split())
            both = len(words & others)
            any_words = len(words) + len(others) - both
        common.append(both)
        either.append(any_words)
    counts, total = np.array(common), np.array(either)
    if both_empty is not None:
        return mean(np.where(total == 0, both_empty, counts / np.maximum(total, 1)))
    if not total.any():
        raise UndefinedMetricError("no text has any words.")
    return mean(counts[total > 0] / total[total > 0])
