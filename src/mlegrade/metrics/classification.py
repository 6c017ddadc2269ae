"""Metrics on predicted classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.metrics._arrays import mean, same_length
from mlegrade.metrics._base import metric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Labels = Sequence[object] | NDArray[Any]

__all__ = ["accuracy"]


@metric(higher_is_better=True, optimum=1.0, worst=0.0)
def accuracy(y_true: Labels, y_pred: Labels) -> float:
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
    same_length(y_true, y_pred)
    return mean(np.asarray(np.asarray(y_true) == np.asarray(y_pred), np.bool_))
