"""Grade what a group's runs left behind, and their snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.batch import grade_many
from mlegrade.report import GradeFailure
from mlegrade.runner.files import read_json_lines, to_json, write_durably
from mlegrade.runner.group import RunGroup
from mlegrade.runner.journal import FINAL
from mlegrade.runner.snapshots import INDEX, SUBMISSION

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from mlegrade.report import GradeReport
    from mlegrade.runner.group import RunState

__all__ = ["REPORT", "SNAPSHOTS", "grade_group"]

REPORT = "report.json"
SNAPSHOTS = "snapshots.jsonl"


def grade_group(
    group: RunGroup | str | os.PathLike[str],
    *,
    data_dir: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
) -> Iterator[tuple[RunState, GradeReport | GradeFailure | None]]:
    """Grade the runs of a group that are over; write ``report.json`` and ``snapshots.jsonl``.

    Parameters
    ----------
    group : RunGroup or path
        The group, or its folder.
    data_dir : path, optional
        The data directory; by default the one that the group was run with.
    executor : concurrent.futures.Executor, optional
        Where to grade; by default in this process.

    Yields
    ------
    tuple
        A run, and its report. None is there for a run that is not over, or that failed because of
        the set-up: it says nothing about the agent.
    """
    group = group if isinstance(group, RunGroup) else RunGroup(group)
    if data_dir is None and Path(group.record["data_dir"]).is_dir():
        data_dir = group.record["data_dir"]
    runs = group.runs()
    items = [item for run in runs if _counts(run) for item in _items(group, run)]
    reports = grade_many(items, executor=executor, data_dir=data_dir)
    for run in runs:
        if not _counts(run):
            yield run, None
            continue
        report = next(reports)
        snapshots = read_json_lines(run.folder / "snapshots" / INDEX)
        graded = [{**entry, "report": next(reports)} for entry in snapshots]
        if not isinstance(report, GradeFailure):
            write_durably(run.folder / REPORT, f"{to_json(report.to_dict(), indent=2)}\n")
            lines = [to_json({**one, "report": one["report"].to_dict()}) for one in graded]
            write_durably(run.folder / SNAPSHOTS, "".join(f"{line}\n" for line in lines))
        yield run, report


def _counts(run: RunState) -> bool:
    """Tell whether a run is over, and says something about its agent."""
    return run.state in FINAL and run.record.get("fault") != "setup"


def _items(group: RunGroup, run: RunState) -> Iterator[dict[str, Any]]:
    """Yield a run's submission, then its snapshots."""
    meta = {
        "group": group.name,
        "agent": group.record["agent"]["id"],
        "seed": run.seed,
        "state": run.state,
        "elapsed": run.record.get("elapsed"),
    }
    shared = {"competition_id": run.competition_id}
    path = run.folder / "submission" / SUBMISSION
    yield {**shared, "submission_path": str(path), "meta": meta}
    for entry in read_json_lines(run.folder / "snapshots" / INDEX):
        snapshot = run.folder / "snapshots" / f"{entry['sha256']}.csv"
        timed = {**meta, "elapsed": entry["elapsed"]}
        yield {**shared, "submission_path": str(snapshot), "meta": timed}
