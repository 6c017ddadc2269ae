"""Reports from files: mlegrade's, MLE-bench's, folders of them, groups of runs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.data import ABOUT, CAVEATS
from mlegrade.errors import ReportsError, UnknownCompetitionError
from mlegrade.summary import _group
from mlegrade.summary._entries import Entry, EntryError, Place, read_entry, read_place
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
    missing : tuple of (str, str)
        Competition and seed of runs that are known of, but have no report here.
    """

    runs: tuple[Run, ...]
    boards: Boards
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()


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
        file, the folder of a run group or of a part of it (the runs of a competition, one run), or
        a folder with any of these in it.
    leaderboards : path, optional
        A folder with a leaderboard ``<competition>.csv`` for competitions outside the catalogue;
        their medals, ranks and percentiles are awarded anew, from the scores.
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
    runs, missing = reader.runs()
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
    notes = (*reader.notes, *_caveats(runs))
    return Loaded(runs, reader.boards, notes, tuple(reader.problems), missing)


def _caveats(runs: Sequence[Run]) -> Iterator[str]:
    """Say of how many reports the data is not that of the benchmark."""
    variants = Counter(run.report.data_variant for run in runs)
    for variant, caveat in CAVEATS.items():
        if found := variants[variant]:
            yield f"{found} of {len(runs)} reports {'was' if found == 1 else 'were'} {caveat}"


@dataclass
class _Reader:
    """Collects entries, and what is wrong with others; of those, the place is kept."""

    boards: Boards
    found: list[tuple[Place, Entry | None]] = field(default_factory=list)
    files: dict[Path, Path] = field(default_factory=dict)
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
            self._read_group(path)
        elif group := _group.around(path.resolve()):
            self._read_group(group, path.resolve())
        else:
            for inner in sorted(path.iterdir()):
                if inner.is_dir() and inner.is_symlink():
                    self.notes.append(f"{inner}: is a link and not followed; name it to read it.")
                elif inner.is_dir():
                    self.read(inner)
                elif inner.suffix.lower() in {".json", ".jsonl"} and inner.name != ABOUT:
                    self._read_file(inner, alone=False)

    def _read_group(self, folder: Path, part: Path | None = None) -> None:
        """Read a run group or a part: each of its runs is known of, even without a report."""
        if not self._is_new(part or folder / _group.FILE):
            return
        runs = [
            run
            for run in _group.runs(folder, self.problems)
            if (part is None or _group.folder_of(folder, run).is_relative_to(part))
            and self._is_new(_group.report_of(folder, run))
        ]
        self._add(_group.items(folder, runs, self.problems, self.notes))
        for run in runs:
            try:
                self._expect(run)
            except UnknownCompetitionError as error:
                self.unknown.setdefault(error.name, [_unknown(str(folder), error)])

    def _read_file(self, path: Path, *, alone: bool) -> None:
        """Read a file; one that was found in a folder may hold something else."""
        if not self._is_new(path):
            return
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

    def _is_new(self, path: Path) -> bool:
        """Return whether a file was not read before, under this name or another."""
        place = path.resolve()
        if place in self.files:
            self.notes.append(f"{path}: is {self.files[place]}, which is read once.")
            return False
        self.files[place] = path
        return True

    def _add(self, found: Iterator[tuple[str, Any]] | list[tuple[str, Any]]) -> None:
        for source, data in found:
            try:
                entry = read_entry(data, source, self.boards)
                self._same_version(entry)
            except EntryError as error:
                self.problems.append(f"{source}: {error}")
                with suppress(UnknownCompetitionError):
                    self._expect(data)
                continue
            except UnknownCompetitionError as error:
                self.unknown[error.name].append(_unknown(source, error))
                continue
            self.found.append((entry.place, entry))
            if entry.remark:
                self.remarks[entry.report.competition_id].append(f"{source}: {entry.remark}")

    def _expect(self, data: Any) -> None:
        """Keep the place of a run whose report is missing or broken, if it is known."""
        with suppress(EntryError):
            self.found.append((read_place(data, self.boards), None))

    def _same_version(self, entry: Entry) -> None:
        first = next((other for _, other in self.found if other), entry)
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

    def runs(self) -> tuple[tuple[Run, ...], tuple[tuple[str, str], ...]]:
        """Return the entries as runs, each under its seed, and the places that lack one."""
        attempts: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for place, entry in self._labelled():
            attempts[place] += [entry] if entry else []
        runs = tuple(self._run(place, entries) for place, entries in attempts.items() if entries)
        return runs, tuple(place for place, entries in attempts.items() if not entries)

    def _run(self, place: tuple[str, str], entries: list[Entry]) -> Run:
        """Return the entries of one seed as a run."""
        competition, seed = place
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
        return replace(run, timeline=tuple(moments))

    def _labelled(self) -> Iterator[tuple[tuple[str, str], Entry | None]]:
        """Yield the entries with their places: competition and seed."""
        if not any(place.seed or place.group for place, entry in self.found if entry):
            yield from self._counted()
            return
        several = self._groups_overlap()
        for place, found in self.found:
            if place.seed and place.group and several:
                yield (place.competition_id, f"{place.group}/{place.seed}"), found
            elif place.seed or place.group:
                yield (place.competition_id, place.seed or place.group or ""), found
            elif found:
                self.problems.append(f"{found.source}: has no seed, while other reports have one.")

    def _counted(self) -> Iterator[tuple[tuple[str, str], Entry | None]]:
        """Yield the entries with their places; those that are left out keep theirs."""
        if self.found:
            self.notes.append(
                "no report names its seed: the n-th on each competition has seed n, by the order "
                "of reading."
            )
        seen: Counter[str] = Counter()
        for place, entry in self.found:
            if entry and entry.elapsed is not None:
                self.problems.append(
                    f"{entry.source}: is a snapshot without a seed, which says whose it is."
                )
                continue
            seen[place.competition_id] += 1
            yield (place.competition_id, str(seen[place.competition_id])), entry

    def _groups_overlap(self) -> bool:
        """Return whether two groups have the same seed of the same competition."""
        # What one group lacks another may have made up for, but not if it has nothing else.
        reporting = {place.group for place, entry in self.found if entry}
        owners: dict[tuple[str, str], str] = {}
        for place, entry in self.found:
            if place.seed and place.group and (entry or place.group not in reporting):
                run = place.competition_id, place.seed
                if owners.setdefault(run, place.group) != place.group:
                    return True
        return False


def _unknown(source: str, error: UnknownCompetitionError) -> str:
    return (
        f"{source}: {error} A competition of your own needs its leaderboard (--leaderboards DIR)."
    )


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
