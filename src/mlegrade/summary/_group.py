"""The folder of a run group, read as data: docs/runner.md says what stands in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["FILE", "around", "folder_of", "items", "report_of", "runs"]

FILE = "group.json"
_FINAL = {"finished", "failed", "timed_out"}


def runs(folder: Path, problems: list[str]) -> list[dict[str, Any]]:
    """Return the runs of a group, whether they have a report or not, named as in a report."""
    try:
        record = json.loads((folder / FILE).read_text(encoding="utf-8"))
        group = str(record.get("group", folder.name))
        named = [(str(run["competition_id"]), run["seed"]) for run in record["runs"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problems.append(f"{folder / FILE}: is no record of a run group ({error!r}).")
        return []
    return [{"competition_id": name, "seed": seed, "run_group": group} for name, seed in named]


def folder_of(group: Path, run: Mapping[str, Any]) -> Path:
    """Return the folder of a run."""
    return group.joinpath(run["competition_id"], f"seed-{run['seed']}")


def report_of(group: Path, run: Mapping[str, Any]) -> Path:
    """Return where a run's report stands."""
    return folder_of(group, run) / "report.json"


def around(part: Path) -> Path | None:
    """Return the group that a folder is a part of: that of a run, or of a competition's runs."""
    for group in part.parents[:2]:
        named = runs(group, []) if (group / FILE).is_file() else ()
        if any(folder_of(group, run).is_relative_to(part) for run in named):
            return group
    return None


def items(
    folder: Path, runs: Iterable[dict[str, Any]], problems: list[str], notes: list[str]
) -> Iterator[tuple[str, Any]]:
    """Yield the reports and snapshots of a group; say which runs have none, and why."""
    for given in runs:
        run = folder_of(folder, given)
        report = report_of(folder, given)
        if not report.is_file():
            _say_why(run, problems, notes)
            continue
        named = {name: given[name] for name in ("seed", "run_group")}
        yield str(report), _with(_read(report.read_text(encoding="utf-8")), named)
        snapshots = run / "snapshots.jsonl"
        lines = snapshots.read_text(encoding="utf-8").split("\n") if snapshots.is_file() else []
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"{snapshots}, line {number}", _with(_read(line), named)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        return error


def _with(data: Any, named: dict[str, Any]) -> Any:
    return {**data, **named} if isinstance(data, dict) else data


def _say_why(run: Path, problems: list[str], notes: list[str]) -> None:
    """Say why a run has no report."""
    try:
        journal = json.loads((run / "journal.json").read_text(encoding="utf-8"))
        state, fault = journal["state"], journal.get("fault")
    except FileNotFoundError:
        notes.append(f"{run}: has not begun; it counts as missing.")
    except (ValueError, KeyError, TypeError) as error:
        problems.append(f"{run / 'journal.json'}: is no journal of a run ({error!r}).")
    else:
        if fault == "setup":
            notes.append(f"{run}: failed because of the set-up; it counts as missing.")
        elif state in _FINAL:
            problems.append(f"{run}: is not graded yet; `mlegrade grade-run` does that.")
        else:
            notes.append(f"{run}: is {state}; it counts as missing.")
