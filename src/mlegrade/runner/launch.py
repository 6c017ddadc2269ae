"""Run an agent on competitions: plan the runs, send them out, wait for them."""

from __future__ import annotations

import contextlib
import secrets
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade import data
from mlegrade.competitions import get
from mlegrade.errors import UsageError
from mlegrade.runner.agent import get_agent
from mlegrade.runner.engine import get_engine
from mlegrade.runner.execution import execute
from mlegrade.runner.files import exclusive, write_durably
from mlegrade.runner.group import RunGroup
from mlegrade.runner.instructions import instructions
from mlegrade.runner.job import INSTRUCTIONS, Job
from mlegrade.runner.journal import FAILED, QUEUED, RUNNING, Journal
from mlegrade.runner.limits import Limits
from mlegrade.runner.places import PORT
from mlegrade.runner.server import require

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from mlegrade.competitions import Competition
    from mlegrade.runner.agent import Agent
    from mlegrade.runner.group import RunState

__all__ = ["run"]

_LOOK = 0.5


def run(  # noqa: PLR0913 one call says it all, and all but three have defaults
    agent: str | os.PathLike[str] | Agent,
    competitions: Iterable[str | Competition],
    *,
    out: str | os.PathLike[str],
    data_dir: str | os.PathLike[str] | None = None,
    seeds: int | Sequence[int] = 1,
    limits: Limits | None = None,
    engine: str = "podman",
    image: str | None = None,
    network: str = "none",
    forward: Mapping[int, str] | None = None,
    obfuscated: bool = False,
    snapshot_every: float = 3600.0,
    gpu_ids: Sequence[str] = (),
    group: str | None = None,
    retry_failed: bool = False,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Callable[[Sequence[RunState]], None] | None = None,
) -> RunGroup:
    """Run an agent on competitions, once for each seed.

    The same call again continues where an interrupted one stopped: what is over stays, what still
    runs is taken over, the rest is run.

    Parameters
    ----------
    agent : str, path or Agent
        One that comes with mlegrade, by its name, or a folder with ``agent.toml``.
    competitions : iterable of str or Competition
        The competitions, which have to be prepared.
    out : path
        The folder of run groups.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    seeds : int or sequence of int, optional
        How many seeds, counted from 0, or which.
    limits : Limits, optional
        What a run may use.
    engine : str, optional
        ``podman``, ``docker`` or ``local``.
    image : str, optional
        An image to use instead of the agent's own.
    network : str, optional
        ``none``, or the name of one of the engine's networks.
    forward : mapping, optional
        Ports of an agent's loopback, and the addresses (``HOST:PORT``) that they lead to, without
        any network: the model's endpoint, and nothing else.
    obfuscated : bool, optional
        Whether agents get the description that hides title and origin.
    snapshot_every : float, optional
        Seconds between two snapshots of the submission.
    gpu_ids : sequence of str, optional
        The GPUs that runs share; by default all of the machine that a run is on.
    group : str, optional
        The group's name; by default the agent's, and a hash of the configuration.
    retry_failed : bool, optional
        Whether runs that failed by themselves are run again. Those that failed because of the
        set-up always are.
    workers : int, optional
        How many runs at a time, on this machine.
    executor : concurrent.futures.Executor, optional
        Where to run instead: a cluster's machines that share the folders.
    progress : callable, optional
        Called with the states of all runs whenever one has changed.

    Returns
    -------
    RunGroup

    Raises
    ------
    UnknownCompetitionError
        If there is no such competition.
    UsageError
        If what is asked for cannot be.
    SetupError
        If something is missing before the first run: data, an engine, a secret, an extra.
    """
    chosen = {each.id: each for each in map(get, competitions)}
    numbers = list(dict.fromkeys(range(seeds) if isinstance(seeds, int) else seeds))
    if not chosen or not numbers:
        raise UsageError("there is nothing to run: name competitions, and at least one seed.")
    found = get_agent(agent)
    limits = limits or Limits()
    forward = dict(forward or {})
    _check(found, engine, limits, chosen, data_dir, network, forward)
    shared = {
        "engine": engine,
        "image": image,
        "limits": limits.to_dict(),
        "network": network,
        "forward": {str(port): address for port, address in forward.items()},
        "obfuscated": obfuscated,
        "snapshot_every": snapshot_every,
        "environment": dict(found.environment),
    }
    # Seed by seed: an interrupted group has whole seeds first.
    pairs = [(competition_id, seed) for seed in numbers for competition_id in chosen]
    folder = data.data_dir(data_dir).resolve()
    made = RunGroup.create(Path(out).resolve(), group, found, shared, pairs, folder)
    for competition in chosen.values():
        _write_instructions(made, competition, limits, network, obfuscated=obfuscated)
    runner = secrets.token_hex(8)
    jobs = [
        Job(
            folder=made.run_folder(competition_id, seed),
            group=made.name,
            competition_id=competition_id,
            seed=seed,
            agent=found,
            engine=engine,
            limits=limits,
            image=image,
            network=network,
            forward=forward,
            obfuscated=obfuscated,
            snapshot_every=snapshot_every,
            gpu_ids=tuple(gpu_ids),
            runner=runner,
            **_public(chosen[competition_id], data_dir),
        )
        for competition_id, seed in pairs
    ]
    _queue_failed(jobs, all_of_them=retry_failed)
    with _pool(executor, workers) as pool:
        _send_out(made, jobs, pool, progress)
    return made


def _check(
    agent: Agent,
    engine: str,
    limits: Limits,
    competitions: Iterable[str],
    data_dir: str | os.PathLike[str] | None,
    network: str,
    forward: Mapping[int, str],
) -> None:
    """Raise `SetupError` for what would fail every run."""
    require()
    agent.secret_values()
    used = get_engine(engine)
    used.facts()
    used.require(limits)
    if engine == "local" and (network != "none" or forward):
        raise UsageError("the local engine has no networks; its agents use this machine's own.")
    if PORT in forward:
        raise UsageError(f"port {PORT} is the validation server's: forward another one.")
    # Answers are for whoever grades, perhaps elsewhere and later.
    data.require_prepared(dict.fromkeys(competitions), data_dir)


def _public(competition: Competition, data_dir: str | os.PathLike[str] | None) -> dict[str, Any]:
    """Return what a run has to know of its competition; nothing of it is private."""
    public = data.paths(competition.id, data_dir).public.resolve()
    sample = public / competition.sample_submission_file
    return {
        "competition_folder": None if competition.package else str(competition.folder.resolve()),
        "public": public,
        "sample": sample if sample.is_file() else None,
    }


def _write_instructions(
    group: RunGroup,
    competition: Competition,
    limits: Limits,
    network: str,
    *,
    obfuscated: bool,
) -> None:
    """Write what agents are told, once for all runs on a competition."""
    path = group.folder / competition.id / INSTRUCTIONS
    if path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    text = instructions(competition, limits, network=network, obfuscated=obfuscated)
    write_durably(path, text)


def _queue_failed(jobs: Iterable[Job], *, all_of_them: bool) -> None:
    """Put runs that failed back into the queue."""
    for job in jobs:
        if _failed(job, any_fault=all_of_them) is None:
            continue
        # Who has the lock looks again: another runner may have done the same.
        with exclusive(job.lock) as ours:
            journal = _failed(job, any_fault=all_of_them) if ours else None
            if journal is not None:
                journal.advance(QUEUED, attempt=journal.attempt + 1, reason=None, fault=None)


def _failed(job: Job, *, any_fault: bool) -> Journal | None:
    """Return the journal of a run that failed: because of the set-up, or at all."""
    journal = Journal.load(job.folder)
    if journal is None or journal.state != FAILED:
        return None
    return journal if any_fault or journal.record.get("fault") == "setup" else None


@contextlib.contextmanager
def _pool(executor: Executor | None, workers: int) -> Iterator[Executor]:
    """Give the caller's executor, which stays open, or threads: they only wait for engines."""
    if executor is not None:
        yield executor
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="mlegrade-run") as pool:
        yield pool


def _send_out(
    group: RunGroup,
    jobs: Sequence[Job],
    executor: Executor,
    progress: Callable[[Sequence[RunState]], None] | None,
) -> None:
    """Run all jobs; those first that were running when a runner was interrupted."""
    states = {run.folder: run.state for run in group.runs()}
    ordered = sorted(jobs, key=lambda job: states[job.folder] != RUNNING)
    futures = {executor.submit(execute, job): job for job in ordered}
    try:
        _await(group, set(futures), progress)
    except BaseException:
        # An interrupt, most likely: runs that wait stay in the queue, those that run go back to it.
        # The file stays, since workers on other machines may see it late. Whoever continues the
        # group, or works on it at the same time, has another one.
        jobs[0].stop.touch()
        for future in futures:
            future.cancel()
        wait(futures)
        raise
    for future in futures:
        future.result()  # what went wrong with one run has not kept the others from theirs


def _await(
    group: RunGroup,
    waiting: set[Future[str]],
    progress: Callable[[Sequence[RunState]], None] | None,
) -> None:
    shown: list[tuple[str, int]] = []
    while True:
        _, waiting = wait(waiting, timeout=_LOOK, return_when=FIRST_COMPLETED)
        if progress is not None:
            runs = group.runs()
            now = [(run.state, int(run.record.get("attempt", 1))) for run in runs]
            if now != shown:
                progress(runs)
                shown = now
        if not waiting:
            return
