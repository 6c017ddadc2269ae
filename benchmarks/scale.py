"""Measure `grade_many` over many submissions of mixed competitions, alone and with workers.

``python benchmarks/scale.py [--submissions N] [--rows N] [--workers N] [--dask]``
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import peak_mib

from mlegrade import grade_many
from mlegrade.testing import write_data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

NAMES = (
    "spooky-author", "aerial-cactus", "spaceship-titanic", "leaf-classification", "tgs-salt",
    "AI4Code", "vinbigdata", "h-and-m", "bms-molecular", "nomad2018", "jigsaw-toxic", "kuzushiji",
    "tweet-sentiment", "champs-scalar", "google-quest", "ventilator",
)  # fmt: skip
WHEN = "2026-01-01T00:00:00+00:00"


def items(data_dir: Path, rows: int, count: int) -> list[tuple[Path, str]]:
    """Write data and return submissions to it, mixed."""
    folders = [write_data_dir(name, data_dir, rows=rows).submissions for name in NAMES]
    ids = [folder.parent.name for folder in folders]
    kinds = ("plausible", "perfect", "baseline")
    return [
        (folders[at % len(NAMES)] / f"{kinds[at // len(NAMES) % 3]}.csv", ids[at % len(NAMES)])
        for at in range(count)
    ]


def timed(given: list[Any], data_dir: Path, executor: Executor | None) -> tuple[float, str]:
    """Return the seconds needed, and a digest of all reports."""
    digest = hashlib.sha256()
    begin = time.perf_counter()
    for report in grade_many(given, executor=executor, data_dir=data_dir, created_at=WHEN):
        digest.update(report.to_json().encode())
    return time.perf_counter() - begin, digest.hexdigest()


def executors(workers: int, *, dask: bool) -> Iterator[tuple[str, Any]]:
    """Yield the ways to grade: a name, and what makes the executor."""
    yield "one process", None
    context = multiprocessing.get_context("spawn")
    yield f"{workers} processes", lambda: ProcessPoolExecutor(workers, mp_context=context)
    if dask:
        yield f"Dask, {workers} worker processes", lambda: dask_executor(workers)


def dask_executor(workers: int) -> ExitStack:
    """Return a context that gives the executor of a cluster of its own."""
    from distributed import Client, LocalCluster  # noqa: PLC0415 not needed otherwise

    stack = ExitStack()
    cluster = stack.enter_context(
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0")
    )
    client = stack.enter_context(Client(cluster))
    stack.submit = client.get_executor().submit  # type: ignore[attr-defined]
    return stack


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--dask", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        given = items(Path(folder), options.rows, options.submissions)
        alone = first = 0.0
        expected = ""
        for name, make in executors(options.workers, dask=options.dask):
            with ExitStack() as stack:
                executor = stack.enter_context(make()) if make else None
                # Workers start and import before the clock does.
                timed(given[: 4 * len(NAMES)], Path(folder), executor)
                before = peak_mib()
                seconds, digest = timed(given, Path(folder), executor)
            alone, expected = alone or seconds, expected or digest
            first = first or before
            print(
                f"{name:<30}{seconds:>8.1f} s{len(given) / seconds * 3600:>14,.0f} an hour"
                f"{alone / seconds:>7.2f} times one{peak_mib() - before:>+8.0f} MiB meanwhile  "
                f"{'same bytes' if digest == expected else 'OTHER BYTES'}",
                flush=True,
            )


if __name__ == "__main__":
    main()
