"""What every metric carries with it: its direction, optimum and range, as data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["Metric", "MetricInfo", "metric", "metric_info"]


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """The facts about a metric that do not depend on its inputs.

    Parameters
    ----------
    name : str
        The function's name, the field's standard term.
    higher_is_better : bool
        The direction.
    optimum : float
        The value of a perfect prediction.
    worst : float
        The other end of the range; infinite where the metric is unbounded.
    """

    name: str
    higher_is_better: bool
    optimum: float
    worst: float


Metric = Callable[..., float]
"""A function of truth and prediction, with its `MetricInfo` beside it; see `metric_info`."""

_Function = TypeVar("_Function", bound=Metric)


def metric(
    *, higher_is_better: bool, optimum: float, worst: float = math.nan
) -> Callable[[_Function], _Function]:
    """Mark a function as a metric: attach a `MetricInfo` and return the function itself.

    Parameters
    ----------
    higher_is_better : bool
        The direction.
    optimum : float
        The value of a perfect prediction.
    worst : float, optional
        The other end of the range; by default infinite, on the side the direction implies.
    """

    def mark(function: _Function) -> _Function:
        far_end = (-math.inf if higher_is_better else math.inf) if math.isnan(worst) else worst
        info = MetricInfo(function.__name__, higher_is_better, optimum, far_end)
        function.info = info  # type: ignore[attr-defined]
        return function

    return mark


def metric_info(function: Metric) -> MetricInfo:
    """Return the facts about a metric.

    Raises
    ------
    TypeError
        If the function is not marked with `metric`.

    Examples
    --------
    >>> from mlegrade.metrics import roc_auc
    >>> metric_info(roc_auc).higher_is_better
    True
    """
    info = getattr(function, "info", None)
    if not isinstance(info, MetricInfo):
        raise TypeError(f"{function!r} is no metric: decorate it with mlegrade.metrics.metric.")
    return info
