"""One run, from its queue to its end, whatever interrupts it."""

from __future__ import annotations

import contextlib
import os
import platform
import socket
from typing import TYPE_CHECKING, Any

import mlegrade
from mlegrade.errors import SetupError
from mlegrade.runner.clock import Clock, boot_id
from mlegrade.runner.collect import Collection, collect
from mlegrade.runner.engine import Task, get_engine, memory_note
from mlegrade.runner.files import exclusive, read_json_lines
from mlegrade.runner.gpus import lease, machine_gpus
from mlegrade.runner.job import OUTPUTS, make_folders, reset
from mlegrade.runner.journal import FAILED, FINISHED, QUEUED, RUNNING, Journal, now
from mlegrade.runner.relay import relay
from mlegrade.runner.remove import remove
from mlegrade.runner.serving import ValidationServer
from mlegrade.runner.snapshots import SUBMISSION, Snapshots
from mlegrade.runner.watch import StoppedError, Verdict, watch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mlegrade.runner.engine import Box, Ended, Engine
    from mlegrade.runner.job import Job
    from mlegrade.runner.places import Places

__all__ = ["execute"]

_OUTCOME = "outcome"
_OBFUSCATED_ID = "competition"
_AGAIN = "the runner was interrupted, so the run started again."
_UNWATCHED = "no runner watched when its time was up, so the run started again."


def execute(job: Job) -> str:
    """Bring a run to its end, or take it up where an interrupted runner left it.

    Parameters
    ----------
    job : Job
        What to do. A run that is over stays as it is.

    Returns
    -------
    str
        The run's state: ``queued`` if it was told to stop, ``running`` if another runner has it.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    with exclusive(job.lock) as ours:
        if not ours:
            return RUNNING
        engine = get_engine(job.engine)
        journal = Journal.load(job.folder) or Journal.create(job.folder, job.facts())
        if journal.final:
            if job.work.exists():
                _tidy(job, engine)
            return journal.state
        try:
            _Execution(job, journal, engine).go()
        except SetupError as error:
            if journal.final:
                raise
            # Not the agent's fault: the run is tried again with the next command.
            journal.advance(FAILED, fault="setup", reason=str(error), ended_at=now())
            with contextlib.suppress(SetupError):
                _tidy(job, engine)
        return journal.state


class _Execution:
    """What a run needs while it runs."""

    def __init__(self, job: Job, journal: Journal, engine: Engine) -> None:
        self.job = job
        self.journal = journal
        self.engine = engine

    def go(self) -> None:
        """Do what is left to be done."""
        if self.journal.state == RUNNING and _OUTCOME not in self.journal.record:
            self._take_up()
        if self.journal.state == QUEUED:
            self._start()
        if _OUTCOME in self.journal.record:
            self._finish()

    def _take_up(self) -> None:
        """Take over what an interrupted runner started, or put the run back into the queue."""
        record = self.journal.record
        clock = record.get("clock") or {}
        known = clock.get("boot") and clock["boot"] == boot_id()
        box = self.engine.find(self.job.key) if known else None
        if box is None:
            self._queue_again(_AGAIN)
            return
        gpus = tuple(record.get("gpus") or ())
        with lease(len(gpus), gpus), self._relay(), self._server() as server:
            since = Clock(self.job.limits.time, float(clock["started"]))
            over = box.wait(0)
            ran = box.seconds() if over else since.elapsed
            if ran is None or ran > self.job.limits.time:
                self._queue_again(_UNWATCHED)  # what it did meanwhile does not count
                return
            self.journal.update(taken_over=[*record.get("taken_over", []), now()])
            self._watch(box, since, server, ran if over else None)

    def _queue_again(self, reason: str) -> None:
        self.journal.advance(QUEUED, attempt=self.journal.attempt + 1, reason=reason)

    def _start(self) -> None:
        """Start from nothing."""
        job = self.job
        _tidy(job, self.engine)
        reset(job.folder)
        secrets = job.agent.secret_values()
        image, facts = self.engine.image(job.agent, job.image)
        self.journal.update(engine=self.engine.facts() | facts, host=_host())
        ids = job.gpu_ids or machine_gpus()
        busy = self.engine.busy_gpus
        with lease(job.limits.gpus, ids, busy=busy, stopped=job.stop.exists) as gpus:
            if job.stop.exists():
                return
            make_folders(job)
            with self._relay(), self._server() as server:
                task = self._task(image, secrets, gpus, server.port)
                self._begin(Clock.start(job.limits.time), started_at=now(), gpus=list(gpus))
                box = self.engine.start(task)
                self._watch(box, self._begin(Clock.start(job.limits.time), box=box.name), server)

    def _begin(self, clock: Clock, **facts: Any) -> Clock:
        """Note when the agent starts: before, so that it is found, and after, to be exact."""
        started = {"boot": boot_id(), "started": clock.started}
        if self.journal.state == QUEUED:
            self.journal.advance(RUNNING, clock=started, **facts)
        else:
            self.journal.update(clock=started, **facts)
        return clock

    def _relay(self) -> AbstractContextManager[None]:
        return relay(self.job.control, self.job.forward)

    def _server(self) -> ValidationServer:
        job = self.job
        return ValidationServer(
            job.competition_id,
            folder=job.competition_folder,
            sample=job.sample,
            log=job.folder / "validations.jsonl",
            control=job.control if self.engine.isolated else None,
            errors=job.work / "validation-server.log",
        )

    def _task(
        self,
        image: str | None,
        secrets: Mapping[str, str],
        gpus: tuple[str, ...],
        port: int | None,
    ) -> Task:
        job = self.job
        places = self.engine.places(job, port)
        limit = job.limits.time
        own = {
            name: job.agent.expand(text, places, job.seed, limit)
            for name, text in job.agent.environment.items()
        }
        return Task(
            key=job.key,
            image=image,
            command=tuple(
                job.agent.expand(word, places, job.seed, limit) for word in job.agent.command
            ),
            environment=_environment(job, places) | own,
            secrets=secrets,
            public=job.public,
            agent=job.agent.folder,
            work=job.work,
            control=job.control,
            limits=job.limits,
            network=job.network,
            gpus=gpus,
            ports=job.ports,
            writable=job.agent.writable,
            masks=job.masks(),
        )

    def _watch(
        self, box: Box, clock: Clock, server: ValidationServer, ran: float | None = None
    ) -> None:
        """Watch until the end, and note how it came: all else can be done again from that."""
        job = self.job
        try:
            verdict = watch(box, clock, job, server, self._snapshots())
        except StoppedError:
            box.kill()
            while not box.wait(1):
                box.kill()
            box.remove()
            self._queue_again("the runner was told to stop.")
            return
        elapsed = clock.elapsed if ran is None else ran
        ended = box.ended()
        log = job.folder / "run.log"
        box.write_log(log)
        _redact(log, job.agent.secret_values())
        state, fault, reason = _judge(verdict, ended, memory_note(log))
        self.journal.update(
            outcome={"state": state, "fault": fault, "reason": reason},
            exit_code=ended.exit_code,
            elapsed=round(elapsed, 3),
            ended_at=now(),
        )

    def _snapshots(self) -> Snapshots:
        job = self.job
        return Snapshots(job.folder / "snapshots", job.snapshot_every, job.limits.disk)

    def _finish(self) -> None:
        """Collect what is there, write the last word, and clear up."""
        folder = self.job.folder
        staged = folder / ".collecting"
        remove(staged)
        staged.mkdir()
        collection = Collection(self.job.limits.disk)
        for name in OUTPUTS:
            first = SUBMISSION if name == "submission" else ""
            collect(self.job.work / name, staged / name, collection, first=first)
        for name in OUTPUTS:
            remove(folder / name)
            (staged / name).rename(folder / name)
        staged.rmdir()
        snapshots = self._snapshots()
        snapshots.take(folder / "submission", float(self.journal.record["elapsed"]))
        outcome = self.journal.record.pop(_OUTCOME)
        self.journal.record.pop("clock", None)
        self.journal.advance(
            **outcome,
            collected=collection.to_dict(),
            snapshots=snapshots.count,
            validations=len(read_json_lines(folder / "validations.jsonl")),
        )
        _tidy(self.job, self.engine)


def _tidy(job: Job, engine: Engine) -> None:
    """End and remove what is left of a run; its folder of work goes last, to show what is done."""
    engine.clear(job.key)
    remove(job.work)


def _judge(
    verdict: Verdict, ended: Ended, memory: str | None
) -> tuple[str, str | None, str | None]:
    """Return a run's state, whose fault it is if it failed, and the reason."""
    if verdict.state is not None:
        return verdict.state, verdict.fault, verdict.reason
    reason = ended.reason or memory
    if ended.exit_code == 0:
        return FINISHED, None, reason
    if ended.exit_code is None:
        return FAILED, "setup", reason
    said = f"the agent's command ended with exit code {ended.exit_code}."
    return FAILED, "agent", f"{said} {reason}" if reason else said


def _environment(job: Job, places: Places) -> dict[str, str]:
    """Return what the runner tells every agent in its environment."""
    return {
        "COMPETITION_ID": _OBFUSCATED_ID if job.obfuscated else job.competition_id,
        "SEED": str(job.seed),
        "TIME_LIMIT_SECS": str(int(job.limits.time)),
        "DATA_DIR": places.data,
        "SUBMISSION_DIR": places.submission,
        "CODE_DIR": places.code,
        "LOGS_DIR": places.logs,
        "AGENT_DIR": places.agent,
        "INSTRUCTIONS_FILE": places.instructions,
        "VALIDATE_SCRIPT": places.validate_script,
        "VALIDATION_URL": places.validation_url,
        "HOME": places.code,
    }


def _host() -> dict[str, Any]:
    return {
        "name": socket.gethostname(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "mlegrade": mlegrade.__version__,
        "cpus": os.cpu_count(),
    }


def _redact(log: Path, secrets: Mapping[str, str]) -> None:
    """Strike secrets out of what an agent printed."""
    if not secrets:
        return
    content = log.read_bytes()
    # The longest first: a shorter one may be a part of it, and would leave the rest.
    for name, value in sorted(secrets.items(), key=lambda item: -len(item[1])):
        if value:
            content = content.replace(value.encode(), f"<{name}>".encode())
    log.write_bytes(content)
