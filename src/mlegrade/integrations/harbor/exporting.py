"""Write tasks: first a look at everything, then folder by folder, each whole or not there."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade import data
from mlegrade.competitions import get
from mlegrade.errors import NotPreparedError, SetupError
from mlegrade.integrations.harbor.options import TaskOptions
from mlegrade.integrations.harbor.solution import solution
from mlegrade.integrations.harbor.task import CONFIG, describe
from mlegrade.runner.files import exclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mlegrade.competitions import Competition
    from mlegrade.integrations.harbor.task import Task

    Progress = Callable[[str, str, int, int], None]

__all__ = ["Exported", "Plan", "export", "plan"]

_LOCK = ".mlegrade-export"
_LINKED = ("environment/data/", "tests/prepared/private/")
_BLOCK = 16 << 20
_SPARE = 64 << 20  # for what is not counted: folders, and what blocks leave over
_COPYING = "copying"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A task's folder.

    Parameters
    ----------
    competition_id : str
        The competition.
    folder : Path
        The folder.
    state : str
        ``exported``, ``replaced``, or ``already there``.
    bytes : int
        The bytes of its files but for the solution.
    solution : bool
        Whether it has a solution.
    why_no_solution : str or None
        What stands against one.
    """

    competition_id: str
    folder: Path
    state: str
    bytes: int
    solution: bool
    why_no_solution: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        return asdict(self) | {"folder": str(self.folder)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an export would write; nothing is written yet.

    Parameters
    ----------
    out : Path
        The folder of the tasks.
    tasks : sequence of Task
        All that were asked for.
    states : mapping of str to str
        By competition: ``exported`` or ``replaced`` for what is still to do, or ``already there``.
    link : bool
        Whether the data is linked instead of copied.
    """

    out: Path
    tasks: Sequence[Task]
    states: dict[str, str]
    link: bool

    @property
    def waiting(self) -> list[Task]:
        """The tasks that are still to be written."""
        return [task for task in self.tasks if self.states[task.competition.id] != _THERE]

    @property
    def total_bytes(self) -> int:
        """The bytes that the data to be written has, linked or copied."""
        return sum(task.total_bytes for task in self.waiting)

    def write(self, progress: Progress | None = None) -> list[Exported]:
        """Write what is still to be written.

        Parameters
        ----------
        progress : callable, optional
            Called with the competition's id, what is done, the bytes done and all bytes.

        Raises
        ------
        SetupError
            If another export is at work in the same folder.
        """
        self.out.mkdir(parents=True, exist_ok=True)
        with exclusive(self.out / _LOCK) as ours:
            if not ours:
                raise SetupError(
                    f"another export writes into {self.out} just now.",
                    "Wait for its end, or name another folder with --out.",
                )
            return [self._one(task, progress or _unseen) for task in self.tasks]

    def _one(self, task: Task, progress: Progress) -> Exported:
        name = task.competition.id
        folder, state = self.out / name, self.states[name]
        done = Exported(
            competition_id=name, folder=folder, state=state, bytes=task.total_bytes, solution=True
        )
        if state == _THERE:
            return replace(done, solution=(folder / "solution").is_dir())
        # Both names are hidden, and neither is a task: the one that names a task comes last.
        partial, old = self.out / f".{name}.partial", self.out / f".{name}.old"
        for left in (partial, old):
            shutil.rmtree(left, ignore_errors=True)
        try:
            _write_files(task, partial, progress, link=self.link)
            done = _write_solution(task, partial, done)
            _write_text(partial / CONFIG, task.texts[CONFIG])
            if folder.exists():
                folder.rename(old)
            partial.rename(folder)
        finally:
            for left in (partial, old):
                shutil.rmtree(left, ignore_errors=True)
        progress(name, state, -1, 0)
        return done


_THERE = "already there"


def export(
    competitions: Iterable[str | Competition],
    *,
    out: str | os.PathLike[str],
    data_dir: str | os.PathLike[str] | None = None,
    options: TaskOptions | None = None,
    link: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> list[Exported]:
    """Write competitions as tasks of Harbor, one folder each.

    The same call again continues where an interrupted one stopped: what is there stays. The same
    data and options give the same bytes.

    Parameters
    ----------
    competitions : iterable of str or Competition
        The competitions, which have to be prepared.
    out : path
        The folder of the tasks.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    options : TaskOptions, optional
        How they become tasks.
    link : bool, optional
        Whether data is hard-linked instead of copied.
    force : bool, optional
        Whether folders that hold something else are replaced.
    progress : callable, optional
        Called with the competition's id, what is done, the bytes done and all bytes.

    Returns
    -------
    list of Exported

    Raises
    ------
    UnknownCompetitionError
        If there is no such competition.
    NotPreparedError
        If the data of some is not there; all of them are named.
    SetupError
        If something else is amiss before the first folder is written: a reward that a competition
        does not have, a folder that holds something else, too little room.
    """
    made = plan(competitions, out=out, data_dir=data_dir, options=options, link=link, force=force)
    return made.write(progress)


def plan(
    competitions: Iterable[str | Competition],
    *,
    out: str | os.PathLike[str],
    data_dir: str | os.PathLike[str] | None = None,
    options: TaskOptions | None = None,
    link: bool = False,
    force: bool = False,
) -> Plan:
    """Return what `export` would do, which takes the same arguments; write nothing."""
    chosen = list({one.id: one for one in map(get, competitions)}.values())
    if not chosen:
        raise SetupError("there is nothing to export: name competitions.")
    options = options or TaskOptions()
    options.check()
    data.require_prepared({one.id: one.answers_file for one in chosen}, data_dir)
    _check_public(chosen, data_dir)
    _check_reward(chosen, options.reward)
    tasks = [describe(one, data.paths(one.id, data_dir), options) for one in chosen]
    folder = Path(out)
    states = {task.competition.id: _state(task, folder / task.competition.id) for task in tasks}
    taken = [name for name, state in states.items() if state == "replaced"]
    if taken and not force:
        raise SetupError(
            f"{', '.join(str(folder / name) for name in taken)}: there is something else, such as "
            "a task of other options or data.",
            "Name another folder with --out, or have it replaced with --force.",
        )
    made = Plan(folder, tasks, states, link)
    _check_room(made)
    return made


def _check_public(
    competitions: Sequence[Competition], data_dir: str | os.PathLike[str] | None
) -> None:
    """Refuse folders of public data without a file in them: images are made of these."""
    folders = {one.id: data.paths(one.id, data_dir).public for one in competitions}
    bare = [
        name
        for name, folder in folders.items()
        if not any(files for _, _, files in os.walk(folder))
    ]
    if bare:
        mend = f"Run `{data.prepare_command(bare, data.data_dir(data_dir))}`."
        raise NotPreparedError(f"of {', '.join(bare)} there is nothing to work on.", mend)


def _check_reward(competitions: Sequence[Competition], kind: str) -> None:
    """Refuse a reward that would be missing at the end of a trial."""
    if kind == "percentile":
        without, what = [one.id for one in competitions if not one.leaderboard()], "leaderboard"
    else:
        without, what = [one.id for one in competitions if not one.thresholds], "medal lines"
    if without:
        raise SetupError(
            f"there are no {what} of {', '.join(without)}, thus no reward {kind!r}.",
            "Choose another reward, or leave them out.",
        )


def _state(task: Task, folder: Path) -> str:
    """Return what is to be done about a task: nothing, where its folder is as it would be."""
    if not os.path.lexists(folder):
        return "exported"
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if not path.is_dir() and path.relative_to(folder).parts[0] != "solution"
    }
    same = (
        found.keys() == task.texts.keys() | task.files.keys()
        and all(found[name].read_bytes() == text for name, text in task.texts.items())
        and all(found[name].stat().st_size == size for name, size in task.sizes.items())
    )
    return _THERE if same else "replaced"


def _check_room(made: Plan) -> None:
    """Refuse what does not fit, or cannot be linked."""
    waiting = made.waiting
    if not waiting:
        return
    home = next(folder for folder in (made.out, *made.out.absolute().parents) if folder.exists())
    if not home.is_dir():
        raise SetupError(f"{home} is a file.", "Name a folder with --out.")
    needed = sum(
        size
        for task in waiting
        for name, size in task.sizes.items()
        if not (made.link and name.startswith(_LINKED))
    )
    needed += sum(task.answers.stat().st_size for task in waiting)  # about what solutions take
    free = shutil.disk_usage(home).free
    if needed + _SPARE > free:
        raise SetupError(
            f"{needed / 1e9:,.1f} GB are to be copied to {made.out}, where {free / 1e9:,.1f} GB "
            "are free.",
            "Name another folder with --out, or link the data with --link.",
        )
    device = home.stat().st_dev
    if made.link and any(task.answers.stat().st_dev != device for task in waiting):
        raise SetupError(
            f"{made.out} is on another file system than the data, which thus cannot be linked.",
            "Name a folder beside the data with --out, or have it copied.",
        )


def _write_files(task: Task, folder: Path, progress: Progress, *, link: bool) -> None:
    """Write all files of a task but the one that names it."""
    total, done = sum(task.sizes.values()), 0
    for name, source in task.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if link and name.startswith(_LINKED):
            target.hardlink_to(source)
            done += task.sizes[name]
            progress(task.competition.id, _COPYING, done, total)
            continue
        for count in _copy(source, target):
            done += count
            progress(task.competition.id, _COPYING, done, total)
    for name, text in task.texts.items():
        if name != CONFIG:
            _write_text(folder / name, text)


def _copy(source: Path, target: Path) -> Iterator[int]:
    """Copy a file piece by piece; yield the bytes of each."""
    with source.open("rb") as read, target.open("xb") as write:
        while count := len(block := read.read(_BLOCK)):
            write.write(block)
            yield count
    target.chmod(0o644)


def _write_solution(task: Task, folder: Path, done: Exported) -> Exported:
    """Write a task's solution, if there is one."""
    try:
        files = solution(task)
    except SetupError as error:
        return replace(done, solution=False, why_no_solution=str(error))
    for name, content in files.items():
        _write_text(folder / name, content)
    return done


def _write_text(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with contextlib.suppress(OSError):  # a file system without permissions keeps its own
        path.chmod(0o755 if path.suffix == ".sh" else 0o644)


def _unseen(competition_id: str, what: str, done: int, total: int) -> None:
    """Show no progress."""
