"""Metrics on sequences of words, labels or other tokens."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from mlegrade.errors import UndefinedTruthError
from mlegrade.metrics._arrays import finite, same_length
from mlegrade.metrics._base import metric
from mlegrade.metrics._labels import Labels

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

__all__ = ["word_error_rate"]


@metric(higher_is_better=False, optimum=0.0)
def word_error_rate(
    y_true: Sequence[Sequence[Hashable]], y_pred: Sequence[Sequence[Hashable]]
) -> float:
    """Edits that turn the predicted sequences into the true ones, per true word.

    The sum of the Levenshtein distances over the sum of the lengths of the true sequences.

    Parameters
    ----------
    y_true, y_pred : sequence of sequence, length n
        True and predicted sequences of words, or of anything hashable.

    Returns
    -------
    float
        At least 0; above 1 where there is more to be changed than there are true words.

    Raises
    ------
    UndefinedTruthError
        If the true sequences are all empty.

    Notes
    -----
    Edge cases: insertions, deletions and substitutions cost 1 each; long sequences weigh more than
    short ones, which is the difference to a mean of rates; words are compared as a whole; a text
    is the sequence of its characters, not of its words.

    References
    ----------
    V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals",
    1966.

    Examples
    --------
    >>> word_error_rate([["a", "cat", "sat"], ["yes"]], [["a", "cat"], ["no"]])
    0.5
    """
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 only where it is needed

    same_length(y_true, y_pred)
    n_words = sum(map(len, y_true))
    if not n_words:
        raise UndefinedTruthError("the true sequences are all empty.")
    # Numbers of the words instead of the words: rapidfuzz compares hashes, which may collide.
    codes = iter(Labels.of([*chain(*y_true), *chain(*y_pred)]).codes.tolist())
    numbered = [[list(islice(codes, len(row))) for row in rows] for rows in (y_true, y_pred)]
    return finite(sum(map(Levenshtein.distance, *numbered)) / n_words)
