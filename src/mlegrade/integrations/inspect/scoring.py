"""The scorer: reads the submission from the sandbox and grades it on the host."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import anyio.to_thread
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.util import concurrency

from mlegrade.batch import kept_grader
from mlegrade.integrations.inspect.outcome import MEASURES, explain, values
from mlegrade.integrations.inspect.places import FILE, ROOT
from mlegrade.integrations.inspect.submissions import read_submission

if TYPE_CHECKING:
    from inspect_ai.solver import TaskState


__all__ = ["mlegrade_scorer"]


@scorer(metrics={measure: [mean(), stderr()] for measure in MEASURES})
def mlegrade_scorer(path: str = f"{ROOT}/{FILE}", data_dir: str | None = None) -> Scorer:
    """Grade the submission that an agent has left in its sandbox.

    The sample's id is the competition's. The answers stay on the host.

    Parameters
    ----------
    path : str, optional
        Where the submission is in the sandbox.
    data_dir : str, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.

    Returns
    -------
    Scorer
        Its scores have `MEASURES` as values and the whole report as metadata. A fault of the
        set-up, such as damaged answers, is raised: Inspect notes an error, and no score.
    """

    async def score(state: TaskState, target: Target) -> Score:
        del target
        meta = {"seed": state.epoch, "model": str(state.model)}
        make = partial(kept_grader, str(state.sample_id), data_dir=data_dir)
        # No more files than processors are held at a time.
        async with concurrency("mlegrade", os.cpu_count() or 1):
            grader = await anyio.to_thread.run_sync(make)
            submission = await read_submission(path, grader.max_bytes)
            report = await anyio.to_thread.run_sync(partial(grader, submission, meta=meta))
        return Score(
            value=values(report),
            answer=None if report.score is None else str(report.score),
            explanation=explain(report),
            metadata=report.to_dict(),
        )

    return score
