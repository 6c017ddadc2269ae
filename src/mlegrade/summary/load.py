"""Reports from files: mlegrade's, MLE-bench's, folders of them, groups of runs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.data import ABOUT
from mlegrade.errors import ReportsError, UnknownCompetitionError
from mlegrade.summary import _group
from mlegrade.summary._entries import Entry, EntryError, read_entry
from mlegrade.summary.boards import Boards

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from mlegrade.report import GradeReport

__all__ = ["Loaded", "Run", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt at a competition.

    Parameters
    ----------
    competition_id : str
        The competition.
    seed : str
        Which of the attempts this is.
    report : GradeReport
        Its grade.
    source : str
        The file and the entry that it was read from.
    timeline : tuple of (float, GradeReport)
        The grades of its snapshots by the seconds since it began, in order.
    """

    competition_id: str
    seed: str
    report: GradeReport
    source: str = ""
    timeline: tuple[tuple[float, GradeReport], ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read.

    Parameters
    ----------
    runs : tuple of Run
        The attempts, in the order of reading.
    boards : Boards
        What is known about their competitions.
    notes : tuple of str
        What a reader of the results should know, such as how seeds were found.
    problems : tuple of str
        What was left out (with ``keep_going``), by file and entry.
    """

    runs: tuple[Run, ...]
    boards: Boards
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def load(
    *paths: str | os.PathLike[str],
    leaderboards: str | os.PathLike[str] | None = None,
    keep_going: bool = False,
) -> Loaded:
    """Read reports.

    Parameters
    ----------
    *paths : path
        Each a JSON file (a report, an array of them, or MLE-bench's grading report), a JSON Lines
        file, the folder of a run group, or a folder with any of these in it.
    leaderboards : path, optional
        A folder with a leaderboard ``<competition>.csv`` for competitions outside the catalogue;
        their medals are awarded anew, from the scores.
    keep_going : bool, optional
        Whether to leave out what is broken, and list it, instead of raising an error.

    Returns
    -------
    Loaded

    Raises
    ------
    ReportsError
        If a file or an entry is broken, or if nothing is left.

    Notes
    -----
    The seed of an entry is its ``seed``, else its ``run_group``, there or in its ``meta``; seeds of
    two run groups with runs of the same name are told apart by the group. Where no entry has one,
    the n-th report on a competition has seed n, as in MLE-bench, and a note says so.
    """
    reader = _Reader(Boards(leaderboards))
    for path in paths:
        reader.read(Path(path))
    runs = reader.runs()
    reader.notes.extend(_once_each(reader.remarks))
    reader.problems.extend(_once_each(reader.unknown))
    if reader.problems and not keep_going:
        raise ReportsError(
            "these reports cannot be summarised (--keep-going leaves out what is broken):",
            reader.problems,
        )
    if not runs:
        raise ReportsError(
            "there are no reports to summarise; name files of reports, or folders with some.",
            reader.problems,
        )
    return Loaded(runs, reader.boards, tuple(reader.notes), tuple(reader.problems))


@dataclass
class _Reader:
    """Collects entries, and what is wrong with others."""

    boards: Boards
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    variants: dict[str, tuple[str, str]] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unknown: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def read(self, path: Path) -> None:
        """Read a file or a folder."""
        if not path.exists():
            raise ReportsError(f"there is no file or folder {path}.")
        if not path.is_dir():
            self._read_file(path, alone=True)
        elif (path / _group.FILE).is_file():
            self._add(_group.items(path, self.problems, self.notes))
        else:
            for inner in sorted(path.iterdir()):
                if inner.is_dir():
                    self.read(inner)
                elif inner.suffix.lower() in {".json", ".jsonl"} and inner.name != ABOUT:
                    self._read_file(inner, alone=False)

    def _read_file(self, path: Path, *, alone: bool) -> None:
        """Read a file; one that was found in a folder may hold something else."""
        try:
            found = list(_items(path))
        except (ValueError, RecursionError) as error:
            lines = "" if path.suffix.lower() == ".jsonl" else "; name JSON Lines *.jsonl"
            self.problems.append(f"{path}: is no JSON ({error}){lines}.")
            return
        if found == [] and not alone:
            self.notes.append(f"{path} holds no reports.")
        elif not found:
            self.problems.append(
                f"{path}: holds no reports, which are JSON objects with competition_id and score."
            )
        self._add(found)

    def _add(self, found: Iterator[tuple[str, Any]] | list[tuple[str, Any]]) -> None:
        for source, data in found:
            try:
                entry = read_entry(data, source, self.boards)
                self._same_version(entry)
            except EntryError as error:
                self.problems.append(f"{source}: {error}")
                continue
            except UnknownCompetitionError as error:
                self.unknown[error.name].append(
                    f"{source}: {error} A competition of your own needs its leaderboard "
                    "(--leaderboards DIR)."
                )
                continue
            self.entries.append(entry)
            if entry.remark:
                self.remarks[entry.report.competition_id].append(f"{source}: {entry.remark}")

    def _same_version(self, entry: Entry) -> None:
        first = self.entries[0] if self.entries else entry
        here, there = entry.report.scoring_version, first.report.scoring_version
        if here != there:
            raise EntryError(
                f"was scored by scoring version {here}, but {first.source} by {there}; grade "
                "both by the same version of mlegrade."
            )
        name, variant = entry.report.competition_id, entry.report.data_variant
        if variant is None:
            return
        known, source = self.variants.setdefault(name, (variant, entry.source))
        if variant != known:
            raise EntryError(
                f"was graded on the data {variant!r}, but {source} on {known!r}: these are two "
                "competitions; summarise them apart, and compare them."
            )

    def runs(self) -> tuple[Run, ...]:
        """Return the entries as runs, each under its seed."""
        attempts: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for seed, entry in self._labelled():
            attempts[entry.report.competition_id, seed].append(entry)
        runs = []
        for (competition, seed), entries in attempts.items():
            final = [entry for entry in entries if entry.elapsed is None]
            for other in final[1:]:
                self.problems.append(
                    f"{other.source}: is a second report on {competition} with seed {seed}, "
                    f"after {final[0].source}; give each its own seed."
                )
            moments = sorted(
                ((e.elapsed, e.report) for e in entries if e.elapsed is not None),
                key=lambda moment: moment[0],
            )
            report, source = (
                (final[0].report, final[0].source) if final else (moments[-1][1], entries[0].source)
            )
            run = Run(competition_id=competition, seed=seed, report=report, source=source)
            runs.append(replace(run, timeline=tuple(moments)))
        return tuple(runs)

    def _labelled(self) -> Iterator[tuple[str, Entry]]:
        """Yield the entries with their seeds."""
        named = [entry for entry in self.entries if entry.seed or entry.group]
        if not named:
            if self.entries:
                self.notes.append(
                    "no report names its seed: the n-th on each competition has seed n, by the "
                    "order of reading."
                )
            seen: Counter[str] = Counter()
            for entry in self.entries:
                seen[entry.report.competition_id] += 1
                yield str(seen[entry.report.competition_id]), entry
            return
        several = self._groups_overlap(named)
        for entry in self.entries:
            if entry.seed and entry.group and several:
                yield f"{entry.group}/{entry.seed}", entry
            elif entry.seed or entry.group:
                yield entry.seed or entry.group or "", entry
            else:
                self.problems.append(f"{entry.source}: has no seed, while other reports have one.")

    @staticmethod
    def _groups_overlap(entries: list[Entry]) -> bool:
        """Return whether two groups have the same seed of the same competition."""
        owners: dict[tuple[str, str], str] = {}
        for entry in entries:
            if entry.seed and entry.group:
                place = entry.report.competition_id, entry.seed
                if owners.setdefault(place, entry.group) != entry.group:
                    return True
        return False


def _once_each(said: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield what is said first of each competition's reports, and of how many more it holds."""
    for first, *others in said.values():
        reports = "report" if len(others) == 1 else "reports"
        more = (
            f" The same goes for {len(others)} more {reports} on that competition."
            if others
            else ""
        )
        yield first + more


def _items(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a file, each with its place.

    Raises
    ------
    ValueError
        If the file is no JSON.
    """
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".jsonl":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield f"{path}, line {number}", _parsed(line)
        return
    data = json.loads(text)
    shared = {}
    if isinstance(data, dict) and isinstance(data.get("competition_reports"), list):
        shared = {name: data[name] for name in ("seed", "run_group") if name in data}
        data = data["competition_reports"]
    if isinstance(data, list):
        for number, item in enumerate(data, 1):
            entry = {**shared, **item} if isinstance(item, dict) else item
            yield f"{path}, entry {number}", entry
    elif isinstance(data, dict) and ("competition_id" in data or "report" in data):
        yield str(path), data


def _parsed(line: str) -> Any:
    """Return a line's data, or the error, which is about this line alone."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return ValueError(str(error))
