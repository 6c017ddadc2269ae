"""Rewards for the rollouts of a training step, in processes of their own.

``python examples/rollouts.py`` rewards rollouts of the built-in competition.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import mlegrade

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable


class Rewards(AbstractContextManager["Rewards"]):
    """A reward function for batches: thousands of gradings an hour beside a trainer.

    Each process reads and decodes the answers of a competition once. A submission in a batch can be
    a path, or the bytes of a file that a sandbox handed over.

    Parameters
    ----------
    data_dir : path, optional
        The data directory.
    kind : str, optional
        The reward; see `mlegrade.reward`.
    workers : int, optional
        How many processes there are.
    """

    def __init__(
        self,
        data_dir: str | os.PathLike[str] | None = None,
        *,
        kind: mlegrade.RewardKind = "percentile",
        workers: int | None = None,
    ) -> None:
        self._data_dir, self._kind = data_dir, kind
        self._processes = ProcessPoolExecutor(workers)

    def __call__(self, rollouts: Iterable[mlegrade.Item]) -> list[float | None]:
        """Return a reward for each (submission, competition), in their order.

        A missing or invalid submission has 0. None says that nothing was graded, for a fault that
        is not the agent's: leave such a rollout out of the step, do not punish it.
        """
        reports = mlegrade.grade_many(rollouts, executor=self._processes, data_dir=self._data_dir)
        return [
            None
            if isinstance(report, mlegrade.GradeFailure)
            else mlegrade.reward(report, self._kind)
            for report in reports
        ]

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._processes.shutdown(cancel_futures=True)


if __name__ == "__main__":
    import tempfile
    from pathlib import Path

    from mlegrade.prepare import prepare

    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare("optical-digits", data_dir=folder).folder
        sample = prepared / "public" / "sample_submission.csv"
        answers = prepared / "private" / "test.csv"
        rollouts: list[mlegrade.Item] = [
            (answers.read_bytes(), "optical-digits"),
            (sample, "optical-digits"),
            (Path(folder, "nothing.csv"), "optical-digits"),
            (sample, "spooky-author"),  # which is not prepared
        ]
        with Rewards(folder, workers=2) as rewards:
            print(rewards(rollouts))
