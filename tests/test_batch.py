"""Grading many submissions: isolated, in order, on whatever executor there is."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import shutil
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlegrade import GradeFailure, Grader, GradeReport, grade_many, register
from mlegrade.batch import _KeptGraders, kept_grader
from mlegrade.cli._processes import Processes
from mlegrade.competitions import _catalogue, get
from mlegrade.data import ABOUT, SYNTHETIC
from prepared import DIGITS, answers_file, as_csv, data_dir, perfect, with_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WHEN = "2026-01-01T00:00:00+00:00"


@pytest.fixture
def items(tmp_path: Path) -> list[Any]:
    """Good, invalid and impossible items, mixed."""
    path = tmp_path / "submission.csv"
    path.write_bytes(as_csv(with_errors(4)))
    return [
        (path, DIGITS),
        (as_csv(perfect()), "optical"),
        (tmp_path / "nothing.csv", DIGITS),
        (path, "no-such-competition"),
        (path, "spooky-author"),
        {"submission_path": str(path), "competition_id": DIGITS, "meta": {"seed": 1}},
        {"submission": as_csv(with_errors(30)), "competition": DIGITS, "answers": answers_file()},
        {"submission": path, "competition": DIGITS, "answers": tmp_path / "nothing.csv"},
        {"submission": path, "competition": DIGITS, "answers": as_csv(perfect())},
        {"competition": DIGITS},
        (3, DIGITS),
        (b"\x00", DIGITS),
        {"submission": path, "competition": DIGITS, "meta": "seed 1"},
    ]


EXPECTED = [
    1 - 4 / 899, 1.0, "not_found", "UnknownCompetitionError", "NotPreparedError", 1 - 4 / 899,
    1 - 30 / 899, "NotPreparedError", 1 - 4 / 899, "ValueError", "TypeError", "nul_byte",
    "TypeError",
]  # fmt: skip


def outcome(report: GradeReport | GradeFailure) -> float | str:
    if report.error is not None:
        return str(report.error["code"])
    assert isinstance(report, GradeReport)
    assert report.raw_score is not None
    return report.raw_score


def graded(items: Any, executor: Executor | None = None) -> list[GradeReport | GradeFailure]:
    return list(grade_many(items, executor=executor, data_dir=data_dir(), created_at=WHEN))


def test_the_type_of_an_item_stands_at_the_front() -> None:
    import mlegrade
    from mlegrade.batch import Item

    assert mlegrade.Item is Item


def test_nothing_that_happens_to_one_item_touches_the_others(items: list[Any]) -> None:
    reports = graded(items)
    assert [outcome(report) for report in reports] == EXPECTED
    assert reports[5].meta == {"seed": 1}
    assert reports[12].error["message"] == (
        "TypeError: the meta of an item is a mapping, such as {'seed': 1}; this one is 'seed 1'."
    )
    failures = [report for report in reports if isinstance(report, GradeFailure)]
    assert len(failures) == 6
    for failure in failures:
        assert failure.to_dict()["failure"] is True
        assert failure.error["message"]
        assert json.loads(failure.to_json())["competition_id"] == failure.competition_id


def test_a_failure_names_the_competition_that_was_given_as_an_object(tmp_path: Path) -> None:
    item = (b"id,digit", get(DIGITS))
    (failure,) = grade_many([item], data_dir=tmp_path)
    assert failure.competition_id == DIGITS
    assert failure.error["code"] == "NotPreparedError"


def in_processes() -> Executor:
    return ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))


def in_threads() -> Executor:
    return ThreadPoolExecutor(2)


@pytest.mark.parametrize("pool", [in_processes, in_threads])
def test_an_executor_says_the_same_in_the_same_order(
    items: list[Any], pool: Callable[[], Executor]
) -> None:
    alone = [report.to_json() for report in graded(items)]
    with pool() as executor:
        assert [report.to_json() for report in graded(items, executor)] == alone


def test_a_dask_cluster_says_the_same(items: list[Any]) -> None:
    distributed = pytest.importorskip("distributed")
    alone = [report.to_json() for report in graded(items)]
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):
        assert [report.to_json() for report in graded(items, executor)] == alone


def test_items_are_taken_lazily() -> None:
    taken = []

    def endless() -> Iterator[Any]:
        while True:
            taken.append(None)
            yield as_csv(perfect()), DIGITS

    reports = grade_many(endless(), data_dir=data_dir())
    assert outcome(next(reports)) == outcome(next(reports)) == 1.0
    assert len(taken) == 2


def test_open_files_are_read_before_they_are_sent(tmp_path: Path) -> None:
    path = tmp_path / "submission.csv"
    path.write_bytes(as_csv(with_errors(1)))
    with path.open("rb") as binary, path.open() as text, in_threads() as executor:
        reports = graded([(binary, DIGITS), (text, DIGITS), (with_errors(1), DIGITS)], executor)
    assert [outcome(report) for report in reports] == [1 - 1 / 899] * 3


class Unreadable:
    """A file that cannot be read."""

    def read(self, size: int = -1) -> bytes:
        raise RuntimeError(f"no {size} bytes")


@pytest.mark.parametrize("pool", [None, in_threads])
def test_a_file_that_cannot_be_read_fails_alone(pool: Callable[[], Executor] | None) -> None:
    closed = io.BytesIO(as_csv(perfect()))
    closed.close()
    mixed = [(closed, DIGITS), (as_csv(perfect()), DIGITS), (Unreadable(), DIGITS)]
    with pool() if pool else nullcontext() as executor:
        reports = graded(mixed, executor)
    assert [outcome(report) for report in reports] == ["ValueError", 1.0, "RuntimeError"]


def test_what_cannot_be_sent_to_a_process_fails_alone() -> None:
    good = {"submission": as_csv(perfect()), "competition": DIGITS}
    with in_processes() as executor:
        reports = graded([good, good | {"meta": {"unsendable": lambda: 0}}, good], executor)
    assert [outcome(report) for report in (reports[0], reports[2])] == [1.0, 1.0]
    assert isinstance(reports[1], GradeFailure)


def test_changed_answers_are_read_anew(tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    item = {"submission": as_csv(perfect()), "competition": DIGITS, "answers": answers}
    answers.write_bytes(as_csv(perfect()))
    first = outcome(graded([item])[0])
    # Of the same size and from the same time, as a copy is that keeps its time.
    before, other = answers.stat(), tmp_path / "other.csv"
    other.write_bytes(as_csv(with_errors(9)))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(answers)
    assert answers.stat().st_size == before.st_size
    assert (first, outcome(graded([item])[0])) == (1.0, 1 - 9 / 899)


def test_what_is_noted_of_answers_is_read_anew(tmp_path: Path) -> None:
    answers = tmp_path / "prepared" / "private" / "test.csv"
    answers.parent.mkdir(parents=True)
    answers.write_bytes(as_csv(perfect()))
    item = {"submission": as_csv(perfect()), "competition": DIGITS, "answers": answers}
    found = []
    for variant in ("mle-bench", "fixes"):
        (tmp_path / "prepared" / ABOUT).write_text(json.dumps({"variant": variant}))
        (report,) = graded([item])
        found.append(report.to_dict()["data_variant"])
    (tmp_path / "prepared" / ABOUT).unlink()
    (tmp_path / "prepared" / "public").mkdir()
    (tmp_path / "prepared" / "public" / SYNTHETIC).touch()
    (report,) = graded([item])
    assert [*found, report.to_dict()["data_variant"]] == ["mle-bench", "fixes", "synthetic"]


def test_a_competition_that_is_registered_once_more_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_catalogue, "_registered", {})
    toy = Path(__file__).parent / "coin-toss/src/mlegrade_coin_toss"
    answers = tmp_path / "test.csv"
    answers.write_text("id,heads\n1,1\n2,0\n")
    found = []
    for title in ("Coin Toss", "Coin Toss Again"):
        folder = shutil.copytree(toy, tmp_path / title)
        facts = (folder / "competition.toml").read_text()
        (folder / "competition.toml").write_text(facts.replace("Coin Toss", title))
        register(folder)
        found.append(kept_grader("coin-toss", answers=answers).competition.name)
    assert found == ["Coin Toss", "Coin Toss Again"]


@pytest.mark.parametrize(("room", "readings"), [(1 << 20, 2), (1, 6)])
def test_answers_are_read_once_for_mixed_items_as_far_as_there_is_room(
    room: int, readings: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def counting(*args: Any, **kwargs: Any) -> Grader:
        read.append(args)
        return Grader(*args, **kwargs)

    monkeypatch.setattr("mlegrade.batch._KEPT_BYTES", room)
    monkeypatch.setattr("mlegrade.batch._kept_graders", _KeptGraders())
    monkeypatch.setattr("mlegrade.batch.Grader", counting)
    files = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for errors, path in enumerate(files):
        path.write_bytes(as_csv(with_errors(errors)))
    items = [{"submission": as_csv(perfect()), "competition": DIGITS, "answers": a} for a in files]
    assert [outcome(report) for report in graded(items * 3)] == [1.0, 1 - 1 / 899] * 3
    assert len(read) == readings


class Dying(Executor):
    """An executor whose workers die."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        del fn, args, kwargs
        future: Future[Any] = Future()
        future.set_exception(RuntimeError("a worker died"))
        return future


def test_a_worker_that_dies_is_a_failure_of_its_items(items: list[Any]) -> None:
    reports = graded(items[:3], Dying())
    assert [outcome(report) for report in reports] == ["RuntimeError"] * 3


class Closed(Executor):
    """An executor that takes no work any more, like a pool that broke."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        del fn, args, kwargs
        raise RuntimeError("cannot take work")


def test_an_executor_that_refuses_work_fails_the_items(items: list[Any]) -> None:
    assert [outcome(report) for report in graded(items[:2], Closed())] == ["RuntimeError"] * 2


def test_a_killed_process_fails_what_comes_after() -> None:
    with in_processes() as executor:
        with pytest.raises(BrokenProcessPool):
            executor.submit(os._exit, 1).result()
        reports = graded([(as_csv(perfect()), DIGITS)] * 3, executor)
    assert [outcome(report) for report in reports] == ["BrokenProcessPool"] * 3


class Deadly:
    """Something that kills the process in which it arrives."""

    def __reduce__(self) -> Any:
        return os._exit, (1,)


def test_processes_that_were_killed_are_replaced() -> None:
    good = {"submission": as_csv(perfect()), "competition": DIGITS}
    with Processes(2) as executor:
        reports = graded([good, good | {"meta": {"deadly": Deadly()}}, good, good], executor)
    assert [outcome(report) for report in reports] == [1.0, "BrokenProcessPool", 1.0, 1.0]


def test_many_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlegrade.batch._WINDOW", 7)
    monkeypatch.setattr("mlegrade.batch._CHUNK", 2)
    errors = [number % 11 for number in range(40)]
    tables = [(as_csv(with_errors(count)), DIGITS) for count in errors]
    with in_threads() as executor:
        found = [outcome(report) for report in graded(tables, executor)]
    assert found == [1 - count / 899 for count in errors]


@pytest.mark.parametrize("before", [0, 3, 7, 20])
@pytest.mark.parametrize("pool", [nullcontext, in_threads])
def test_an_error_of_the_items_comes_after_the_reports_before_it(
    before: int, pool: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlegrade.batch._WINDOW", 7)

    def broken() -> Iterator[Any]:
        for count in range(before):
            yield as_csv(with_errors(count)), DIGITS
        raise RuntimeError("no more of them")

    with pool() as executor:
        reports = grade_many(broken(), executor=executor, data_dir=data_dir())
        for count in range(before):
            assert outcome(next(reports)) == 1 - count / 899
        with pytest.raises(RuntimeError, match="no more of them"):
            next(reports)


def test_a_few_items_are_shared_out_among_all_workers() -> None:
    chunks: list[int] = []

    class Counting(ThreadPoolExecutor):
        def submit(self, function: Any, items: Any, *args: Any, **others: Any) -> Future[Any]:
            chunks.append(len(items))
            return super().submit(function, items, *args, **others)

    with Counting(2) as executor:
        graded([(as_csv(perfect()), DIGITS)] * 8, executor)
        graded([(as_csv(perfect()), DIGITS)] * 1100, executor)
    assert chunks == [1] * 8 + [32] * 32 + [3] * 25 + [1]


def test_threads_that_want_the_same_answers_read_them_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []

    def slowly(*args: Any, **kwargs: Any) -> Grader:
        read.append(args)
        time.sleep(0.1)  # for the other thread to ask meanwhile
        return Grader(*args, **kwargs)

    monkeypatch.setattr("mlegrade.batch._kept_graders", _KeptGraders())
    monkeypatch.setattr("mlegrade.batch.Grader", slowly)
    with in_threads() as executor:
        reports = graded([(as_csv(perfect()), DIGITS)] * 2, executor)
    assert [outcome(report) for report in reports] == [1.0] * 2
    assert len(read) == 1


@pytest.mark.parametrize("pool", [nullcontext, in_processes])
def test_text_that_is_no_utf_8_is_a_report_wherever_it_is_graded(
    pool: Callable[[], Any], tmp_path: Path
) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(b"id,digit\n\xe9,1\n")
    good = (as_csv(perfect()), DIGITS)
    half = io.StringIO("id,digit\n\ud800,1\n")
    with path.open(encoding="utf-8") as text, pool() as executor:
        reports = graded([good, (half, DIGITS), (text, DIGITS), good], executor)
    assert [outcome(report) for report in reports] == [1.0, "not_utf8", "not_utf8", 1.0]


@pytest.mark.parametrize("item", ["ab", b"ab", None, (b"", DIGITS, "a third"), (b"",)])
def test_what_is_no_pair_is_told_what_an_item_is(item: Any) -> None:
    (report,) = graded([item])
    assert outcome(report) == "TypeError"
    assert report.error is not None
    assert "an item is a pair (submission, competition)" in report.error["message"]


def test_whoever_leaves_early_does_not_wait_for_the_others() -> None:
    asked_for: list[Future[Any]] = []

    class Asked(ThreadPoolExecutor):
        def submit(self, *args: Any, **others: Any) -> Future[Any]:
            asked_for.append(super().submit(*args, **others))
            return asked_for[-1]

    with Asked(1) as executor:
        reports = grade_many([(perfect(), DIGITS)] * 2000, executor=executor, data_dir=data_dir())
        next(reports)
        reports.close()
    assert asked_for[0].done()
    assert asked_for[-1].cancelled()
