"""What every metric carries with it: its direction, optimum and range, as data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

__all__ = ["Metric", "MetricInfo", "metric"]


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


class Metric(Protocol):
    """A function from truth and prediction to a score, with its `MetricInfo` beside it."""

    __name__: str
    info: MetricInfo

    def __call__(self, *args: object, **kwargs: object) -> float:
        """Return the score as one float."""
        ...


_Function = TypeVar("_Function", bound=Callable[..., float])


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
        cast("Metric", function).info = info
        return function

    return mark
