"""Reports out of Inspect's logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspect_ai.log import EvalLog, EvalSample, list_eval_logs, read_eval_log

from mlegrade.report import GradeFailure, GradeReport

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["reports"]

_SCORER = "mlegrade_scorer"
_UNUSED = {"messages", "events", "store", "attachments"}


def reports(log: EvalLog | str | os.PathLike[str]) -> Iterator[GradeReport | GradeFailure]:
    """Yield the reports that the scorer has left in a log.

    Parameters
    ----------
    log : EvalLog or path
        A log, its file, or a folder of files.

    Yields
    ------
    GradeReport or GradeFailure
        One for each sample and epoch; its ``meta`` has the ``seed`` (the epoch), the ``model``
        and the ``group`` (the log's evaluation). A failure stands for a sample that has no score,
        because of an error or because it was never run to its end.
    """
    if not isinstance(log, EvalLog):
        for file in _files(Path(log)):
            yield from reports(read_eval_log(file, exclude_fields=_UNUSED))
        return
    for sample in log.samples or ():
        yield _report(sample, {"group": log.eval.eval_id, "model": log.eval.model})


def _files(path: Path) -> list[str]:
    if not path.is_dir():
        return [str(path)]
    return sorted(info.name for info in list_eval_logs(str(path)))


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
