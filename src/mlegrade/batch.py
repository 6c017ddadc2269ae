"""Grade many submissions, each on its own, on any `concurrent.futures.Executor`."""

from __future__ import annotations

import os
import stat
import sys
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

from mlegrade import data
from mlegrade.competitions import Competition, get
from mlegrade.errors import MlegradeError
from mlegrade.grading import Grader
from mlegrade.report import GradeFailure, GradeReport
from mlegrade.schema.sources import read_source, source_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path

    from mlegrade.schema.sources import Source

__all__ = ["Item", "grade_many", "kept_grader"]

Item: TypeAlias = "tuple[Source, str | Competition] | Mapping[str, Any]"
"""A pair (submission, competition), or a mapping with ``submission`` (or ``submission_path``),
``competition`` (or ``competition_id``) and optionally ``answers``, ``meta`` and ``seed``, which is
added to the meta."""

_CHUNK = 32  # items of a full window
_WINDOW = 1024
_DEEPEST = 100  # that meta may be nested
_PLACES = 1024
_KEPT_BYTES = 256 << 20  # of answers files


def grade_many(
    items: Iterable[Item],
    *,
    executor: Executor | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    created_at: str | None = None,
) -> Iterator[GradeReport | GradeFailure]:
    """Grade submissions one after the other; nothing that happens to one touches the others.

    Parameters
    ----------
    items : iterable of pairs or of mappings
        ``(submission, competition)``, or mappings with the keys ``submission`` (or
        ``submission_path``), ``competition`` (or ``competition_id``), ``answers``, ``meta`` and
        ``seed``. Taken lazily, with an executor up to two thousand ahead of the reports.
    executor : concurrent.futures.Executor, optional
        Where to grade: a process pool, the executor of a Dask, Ray or Slurm cluster. Workers find
        the answers in the same data directory. By default in this process.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    created_at : str, optional
        The time to note in the reports.

    Yields
    ------
    GradeReport or GradeFailure
        In the order of the items. A failure says that an item could not be graded: an unknown or
        unprepared competition, damaged answers, a worker that died (after which a
        `ProcessPoolExecutor` takes no more work, so that all further items fail as well). If
        `items` themselves raise an error, it comes after the reports of those before it.
    """
    directory = str(data.data_dir(data_dir))
    if executor is None:
        for item in items:
            yield _grade_item(item, directory, created_at)
        return
    waiting: deque[list[_Sent]] = deque()
    faults: list[Exception] = []
    source = _until_fault(items, faults)
    send = partial(_send, executor, directory=directory, created_at=created_at)
    try:
        while window := [_sendable(item) for item in islice(source, _WINDOW)]:
            waiting.append(_send_window(window, send))
            if len(waiting) > 1:  # one window is graded while another one waits
                yield from _collect(waiting[0], send)
                waiting.popleft()
        while waiting:
            yield from _collect(waiting[0], send)
            waiting.popleft()
        if faults:
            raise faults[0]
    finally:
        # Whoever leaves early does not want the others.
        for sent in chain.from_iterable(waiting):
            sent.reports.cancel()


def kept_grader(
    competition: str | Competition,
    *,
    answers: Source | None = None,
    data_dir: str | os.PathLike[str] | None = None,
) -> Grader:
    """Return a `Grader`, the one that this process used last if it is still there.

    Answers files of 256 MiB in all are kept, decoded; changed ones are read anew. The parameters
    and errors are those of `Grader`.
    """
    competition = get(competition)
    if answers is None:
        path: Path | None = _answers_of(competition, data.data_dir(data_dir))
    else:
        path = source_path(answers)
    if path is None or not (identity := _identity(path)):
        return Grader(competition, answers=answers, data_dir=data_dir)
    return _kept_graders(competition, path, identity)


# Every item comes here, and making paths takes longer than looking at files.


@lru_cache(maxsize=_PLACES)
def _answers_of(competition: Competition, folder: Path) -> Path:
    return data.paths(competition.id, folder).private / competition.answers_file


@lru_cache(maxsize=_PLACES)
def _notes_on(answers: Path) -> tuple[Path, Path]:
    return data.notes(answers)


def _until_fault(items: Iterable[Item], faults: list[Exception]) -> Iterator[Item]:
    """Yield items; an error of theirs ends them, and is kept until those before it are graded."""
    try:
        yield from items
    except Exception as error:  # noqa: BLE001 it is raised later
        faults.append(error)


@dataclass(frozen=True, slots=True)
class _Sent:
    """An item that was sent, with the others of its chunk."""

    item: Item
    reports: Future[Any]
    place: int
    alone: bool
    again: bool = False


_Send: TypeAlias = "Callable[[list[Item]], Future[Any]]"


def _send_window(window: list[Item], send: _Send) -> list[_Sent]:
    """Send chunks of one competition each, so that a worker decodes its answers once a chunk.

    A window that is not full makes as many chunks, of fewer items: every worker gets a share.
    """
    size = -(-len(window) * _CHUNK // _WINDOW)
    groups: dict[str, list[int]] = {}
    for place, item in enumerate(window):
        groups.setdefault(_competition_of(item), []).append(place)
    sent: dict[int, _Sent] = {}
    for places in groups.values():
        for start in range(0, len(places), size):
            chunk = places[start : start + size]
            reports = send([window[place] for place in chunk])
            for number, place in enumerate(chunk):
                sent[place] = _Sent(window[place], reports, number, alone=len(chunk) == 1)
    return [sent[place] for place in range(len(window))]


def _send(
    executor: Executor, chunk: list[Item], *, directory: str, created_at: str | None
) -> Future[Any]:
    try:
        return executor.submit(_grade_chunk, chunk, directory, created_at)
    except Exception as error:  # noqa: BLE001 a broken executor fails its items, nothing else
        failed: Future[Any] = Future()
        failed.set_exception(error)
        return failed


def _collect(window: list[_Sent], send: _Send) -> Iterator[GradeReport | GradeFailure]:
    for sent in window:
        yield _report_of(sent, send)


def _report_of(sent: _Sent, send: _Send) -> GradeReport | GradeFailure:
    try:
        report: GradeReport | GradeFailure = sent.reports.result()[sent.place]
    except Exception as error:  # noqa: BLE001 whatever a worker dies of, the others go on
        # The chunk may have failed for what another item of it is, a pool for that of any chunk.
        if sent.again or (sent.alone and not isinstance(error, BrokenExecutor)):
            return _failure(sent.item, error)
        return _report_of(_Sent(sent.item, send([sent.item]), 0, alone=True, again=True), send)
    return report


def _grade_chunk(
    items: list[Item], directory: str, created_at: str | None
) -> list[GradeReport | GradeFailure]:
    return [_grade_item(item, directory, created_at) for item in items]


def _grade_item(item: Item, directory: str, created_at: str | None) -> GradeReport | GradeFailure:
    try:
        given = _fields(item)
        grader = kept_grader(given["competition"], answers=given.get("answers"), data_dir=directory)
        return grader(given["submission"], meta=_meta_of(given), created_at=created_at)
    except Exception as error:  # noqa: BLE001 nothing that happens to one touches the others
        return _failure(item, error)


_GraderKey: TypeAlias = tuple[Competition, str, tuple[int, ...], tuple[tuple[int, ...], ...]]
"""A competition, its answers file, what tells that from others, and the same of its notes."""


class _KeptGraders:
    """The graders that this process used last, as long as their answers are not too large.

    Mixed items come back to the same competitions again and again; a changed answers file is
    another grader.
    """

    def __init__(self) -> None:
        self._graders: OrderedDict[_GraderKey, Grader] = OrderedDict()
        self._lock = Lock()
        self._being_read: dict[_GraderKey, Lock] = {}

    def __call__(
        self, competition: Competition, answers: Path, identity: tuple[int, ...]
    ) -> Grader:
        notes = tuple(map(_identity, _notes_on(answers)))
        key = (competition, str(answers), identity, notes)
        with self._lock:
            if (grader := self._known(key)) is not None:
                return grader
            is_read = self._being_read.setdefault(key, Lock())
        with is_read:  # threads that want the same answers wait for the one that reads them
            with self._lock:
                if (grader := self._known(key)) is not None:
                    return grader
            try:
                grader = Grader(competition, answers=answers)
                with self._lock:
                    self._keep(key, grader)
            finally:
                self._being_read.pop(key, None)
        return grader

    def _known(self, key: _GraderKey) -> Grader | None:
        if key in self._graders:
            self._graders.move_to_end(key)
        return self._graders.get(key)

    def _keep(self, key: _GraderKey, grader: Grader) -> None:
        self._graders[key] = grader
        while len(self._graders) > 1 and self._bytes() > _KEPT_BYTES:
            self._graders.popitem(last=False)

    def _bytes(self) -> int:
        return sum(size for _, _, (size, *_), _ in self._graders)


def _identity(path: Path) -> tuple[int, ...]:
    """Return a file's size, and what is another after any change of it: also by a copy of old.

    Nothing where there is no file, or none that may be looked at.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ()
    if not stat.S_ISREG(status.st_mode):
        return ()
    return (status.st_size, status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)


_kept_graders = _KeptGraders()


def _fields(item: Item) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        try:
            # Two letters are no pair.
            submission, competition = None if isinstance(item, str | bytes) else item
        except (TypeError, ValueError) as error:
            raise TypeError(
                "an item is a pair (submission, competition) or a mapping with these keys; this "
                f"one is {item!r:.100}."
            ) from error
        return {"submission": submission, "competition": competition}
    given = dict(item)
    for name, other in (("submission", "submission_path"), ("competition", "competition_id")):
        if name not in given and other not in given:
            raise ValueError(
                f"an item names its {name} by {name!r} or {other!r}; this one has none."
            )
        given.setdefault(name, given.get(other))
    return given


def _meta_of(given: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = given.get("meta") or {}
    if not isinstance(meta, Mapping):
        raise TypeError(
            f"the meta of an item is a mapping, such as {{'seed': 1}}; this one is {meta!r:.80}."
        )
    if _is_deeper(meta, _DEEPEST):
        raise ValueError(f"the meta of an item is nested more than {_DEEPEST} deep.")
    return {"seed": given["seed"], **meta} if "seed" in given else meta


def _is_deeper(value: object, levels: int) -> bool:
    """Tell whether mappings and lists are nested deeper than so many levels."""
    inside: Iterable[object] = ()
    if isinstance(value, Mapping):
        inside = value.values()
    elif isinstance(value, list | tuple):
        inside = value
    return levels < 0 or any(_is_deeper(each, levels - 1) for each in inside)


def _competition_of(item: Item) -> str:
    try:
        return _id_of(_fields(item)["competition"])
    except (KeyError, TypeError, ValueError):
        return ""


def _id_of(competition: object) -> str:
    """Return a competition's id, or whatever it was named by."""
    return competition.id if isinstance(competition, Competition) else str(competition)


def _sendable(item: Item) -> Item:
    """Return an item that can travel to another process: open files become bytes."""
    try:
        given = _fields(item)
    except (KeyError, TypeError, ValueError):
        return item
    for name in ("submission", "answers"):
        if hasattr(given.get(name), "read"):
            given[name] = _read_out(given[name])
    return given


def _read_out(file: Any) -> bytes | _Unreadable:
    try:
        return read_source(file, max_bytes=sys.maxsize)
    except Exception as error:  # noqa: BLE001 whoever grades the item says what is wrong with it
        return _Unreadable(error)


class _Unreadable:
    """A file that could not be read: in the worker, reading it fails as it did here."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, size: int = -1) -> bytes:
        del size
        raise self._error


def _failure(item: Item, error: BaseException) -> GradeFailure:
    try:
        given = _fields(item)
    except (KeyError, TypeError, ValueError):
        given = {}
    submission = given.get("submission")
    path = source_path(submission) if isinstance(submission, str | os.PathLike) else None
    message = str(error) if isinstance(error, MlegradeError) else f"{type(error).__name__}: {error}"
    try:
        meta = dict(_meta_of(given))
    except (TypeError, ValueError):
        meta = {}
    return GradeFailure(
        competition_id=_id_of(given.get("competition", "")),
        error={"code": type(error).__name__, "message": message},
        submission_path=None if path is None else str(path),
        meta=meta,
    )
