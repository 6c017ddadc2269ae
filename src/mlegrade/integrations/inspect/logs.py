"""Reports out of Inspect's logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspect_ai.log import EvalLog, EvalSample, list_eval_logs, read_eval_log

from mlegrade.report import GradeFailure, GradeReport

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

__all__ = ["reports"]

_SCORER = "mlegrade_scorer"
_UNUSED = {"messages", "events", "store", "attachments"}


def reports(*logs: EvalLog | str | os.PathLike[str]) -> Iterator[GradeReport | GradeFailure]:
    """Yield the reports that the scorer has left in logs.

    Parameters
    ----------
    *logs : EvalLog or path
        Each a log, its file, or a folder of files. Of an evaluation that was tried again, the
        last log counts: it holds what the earlier ones had brought to its end.

    Yields
    ------
    GradeReport or GradeFailure
        One for each sample and epoch; its ``meta`` has the ``seed`` (the epoch), the ``model``
        and the ``group`` (the evaluation). A failure stands for a sample that has no score,
        because of an error or because it was never run to its end.
    """
    newest: dict[str, tuple[str, EvalLog | str]] = {}
    for log in _each(logs):
        head = log if isinstance(log, EvalLog) else read_eval_log(log, header_only=True)
        created, _ = newest.get(head.eval.task_id, ("", log))
        if head.eval.created >= created:
            newest[head.eval.task_id] = (head.eval.created, log)
    for task, (_, log) in newest.items():
        whole = log if isinstance(log, EvalLog) else read_eval_log(log, exclude_fields=_UNUSED)
        for sample in whole.samples or ():
            yield _report(sample, {"group": task, "model": whole.eval.model})


def _each(logs: Iterable[EvalLog | str | os.PathLike[str]]) -> Iterator[EvalLog | str]:
    """Yield logs and files: those of a folder by name, which begins with the time."""
    for log in logs:
        if isinstance(log, EvalLog):
            yield log
        elif Path(log).is_dir():
            yield from sorted(info.name for info in list_eval_logs(str(log)))
        else:
            yield str(log)


def _report(sample: EvalSample, shared: dict[str, str]) -> GradeReport | GradeFailure:
    meta = {**shared, "seed": sample.epoch}
    score = (sample.scores or {}).get(_SCORER)
    if score is not None and score.metadata is not None:
        noted = score.metadata
        return GradeReport.from_dict({**noted, "meta": {**noted["meta"], **meta}})
    reason = sample.error.message if sample.error else f"the log has no score of {_SCORER}"
    return GradeFailure(
        competition_id=str(sample.id),
        error={"code": "SampleError", "message": reason},
        meta=meta,
    )
