"""Processes that grade, of which one may die."""

from __future__ import annotations

from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

__all__ = ["Processes"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Processes(Executor):
    """A pool of processes that is replaced once one of them was killed, for want of memory say.

    What a pool had to do then fails; it may be submitted again.

    Parameters
    ----------
    workers : int
        How many processes there are at a time.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        # A forked child would inherit the thread that draws the progress bar.
        return ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a function called by one of the processes."""
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._pool = self._new()
            return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT002 as in the standard library
        """End the processes."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)
