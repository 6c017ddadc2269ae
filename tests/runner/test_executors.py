"""Runs on executors of many machines; here, of processes and of a real Dask cluster."""

from __future__ import annotations

import json
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlegrade.errors import PrerequisiteError, SetupError
from mlegrade.runner import Limits, grade_group, run
from mlegrade.runner.executors import connect, dask_resources
from runner.helpers import (
    DIGITS,
    READY,
    SIGNS,
    TINY,
    journal,
    table,
    waits_until,
    write_agent,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlegrade.runner import RunGroup

DOCS = Path(__file__).parents[2] / "docs"
GIB = 1 << 30
# When a run was, by the clock that all processes share, with which GPUs, and a submission.
BEGIN = """
import json, os, time
begin = time.monotonic()
"""
END = f"""
print(json.dumps({{"begin": begin, "end": time.monotonic(),
                   "gpus": os.environ.get("CUDA_VISIBLE_DEVICES")}}))
with open(os.environ["SUBMISSION_DIR"] + "/submission.csv", "w") as file:
    file.write({table(lambda row: int(row % 3 == 0))!r})
"""
CODE = BEGIN + END
# Two at least run at the same time, and long enough for too many to be seen.
TOGETHER = BEGIN + READY + waits_until(f"{SIGNS} > 1 and time.monotonic() - since > 1.5") + END


def test_processes(start: Callable[..., RunGroup]) -> None:
    """They know nothing of competitions that this one has registered, but are told."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        group = start(CODE, seeds=3, executor=pool)
    graded = list(grade_group(group))
    assert [report.score for _, report in graded] == [1, 1, 1]


def test_a_worker_that_dies(start: Callable[..., RunGroup]) -> None:
    """The error is told, and the same call goes on with the runs that it took along."""
    code = """
import os, signal
if not os.path.exists(os.environ["AGENT_DIR"] + "/once"):
    open(os.environ["AGENT_DIR"] + "/once", "w").close()
    launcher = os.getppid()
    with open(f"/proc/{launcher}/stat") as file:
        worker = int(file.read().split()[3])
    os.kill(worker, signal.SIGKILL)
"""
    from concurrent.futures.process import BrokenProcessPool

    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.raises(BrokenProcessPool),
    ):
        start(code, executor=pool, group="mine")
    # The file that says so is part of the agent's folder, which is another agent with it.
    group = start(code, group="again")
    assert [state.state for state in group.runs()] == ["finished"]


def shown(page: str, name: str) -> str:
    """Return the program on a page of the documentation that defines a class."""
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    (block,) = [block for block in blocks if f"class {name}(" in block]
    # Up to where it names addresses of machines that are not here.
    return re.split(r"\n\n\n(?=\w+ =|ray\.init)", block)[0]


def test_the_page_on_slurm(
    start: Callable[..., RunGroup], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Submitit's own local mode starts a process for each job, as Slurm would somewhere else."""
    import submitit

    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    names: dict[str, Any] = {}
    exec(shown("many-machines.md", "SlurmExecutor"), names)  # noqa: S102 it is our own page
    jobs = submitit.AutoExecutor(tmp_path / "jobs", cluster="local")
    jobs.update_parameters(timeout_min=60)
    group = start(CODE, seeds=2, executor=names["SlurmExecutor"](jobs))
    assert [report.score for _, report in grade_group(group)] == [1, 1]
    assert len(list((tmp_path / "jobs").glob("*_result.pkl"))) == 2


@dataclass
class Cluster:
    address: str
    workers: list[dict[str, float]]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Start a scheduler and two worker processes with different resources."""
    import dask
    from distributed import Client, SpecCluster
    from distributed.deploy.local import Nanny
    from distributed.scheduler import Scheduler

    resources = [{"GPU": 2, "MEMORY": 4 * GIB}, {"MEMORY": 1 * GIB}]
    workers = {
        name: {"cls": Nanny, "options": {"nthreads": 4, "resources": found, "name": str(name)}}
        for name, found in enumerate(resources)
    }
    scheduler = {"cls": Scheduler, "options": {"dashboard_address": ":0", "port": 0}}
    patience = {f"distributed.comm.timeouts.{kind}": "300s" for kind in ("connect", "tcp")}
    with (
        dask.config.set(patience),
        SpecCluster(workers=workers, scheduler=scheduler, asynchronous=False) as found,
    ):
        with Client(found) as client:
            client.wait_for_workers(2)
        yield Cluster(found.scheduler_address.replace("tcp://", "dask://"), resources)


def spans(group: RunGroup, competition: str = TINY) -> list[dict]:
    """Return what the agents printed."""
    found = []
    for state in group.runs():
        log = (group.run_folder(competition, state.seed) / "run.log").read_text()
        assert state.state == "finished", (state.reason, log)
        found.append(json.loads(log) | {"host": state.record["host"]})
    return found


def most_at_once(found: list[dict]) -> int:
    """Return how many runs there were at the same time."""
    return max(sum(one["begin"] <= other["begin"] < one["end"] for one in found) for other in found)


pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]


def test_dask_honours_memory(start: Callable[..., RunGroup], cluster: Cluster) -> None:
    """Runs of 1 GiB: four fit on the one worker, one on the other, and none anywhere else."""
    limits = Limits(time=60, grace=2, memory=1 * GIB)
    with connect(cluster.address, limits) as executor:
        group = start(TOGETHER, seeds=7, executor=executor, limits={"memory": 1 * GIB})
    assert 2 <= most_at_once(spans(group)) <= 5
    assert [report.score for _, report in grade_group(group)] == [1] * 7


def test_dask_honours_gpus(
    start: Callable[..., RunGroup],
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One worker has two GPUs: two runs at a time, each with one of its own."""
    monkeypatch.setenv("MLEGRADE_LEASES", str(tmp_path / "leases"))
    limits = Limits(time=60, grace=2, gpus=1)
    with connect(cluster.address, limits) as executor:
        group = start(
            TOGETHER, seeds=4, executor=executor, limits={"gpus": 1}, gpu_ids=["fake-0", "fake-1"]
        )
    found = spans(group)
    assert most_at_once(found) == 2
    assert {one["gpus"] for one in found} <= {"fake-0", "fake-1"}
    for one in found:
        same = [o for o in found if o["gpus"] == one["gpus"] and o is not one]
        assert all(other["end"] <= one["begin"] or other["begin"] >= one["end"] for other in same)


def test_what_no_worker_has(cluster: Cluster) -> None:
    with pytest.raises(SetupError, match="no worker of the cluster has GPU=3"):
        connect(cluster.address, Limits(gpus=3)).__enter__()
    with pytest.raises(SetupError, match="no worker of the cluster has MEMORY="):
        connect(cluster.address, Limits(memory=8 * GIB)).__enter__()


def test_what_a_run_takes_of_a_worker() -> None:
    limits = Limits(gpus=1, memory=GIB)
    assert dask_resources(limits, [{"GPU": 2, "MEMORY": 4 * GIB}]) == {"GPU": 1, "MEMORY": GIB}
    assert dask_resources(limits, [{"GPU": 1}]) == {"GPU": 1}  # nobody states a memory
    assert dask_resources(Limits(), [{}]) == {}
    with pytest.raises(SetupError, match="start workers with --resources"):
        dask_resources(limits, [{"GPU": 1}, {"MEMORY": 4 * GIB}])  # but not the same one
    with pytest.raises(SetupError, match="no worker"):
        dask_resources(Limits(), [])


def test_addresses_of_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SetupError, match="write dask://HOST:PORT"):
        connect("slurm://here", Limits()).__enter__()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PrerequisiteError, match="pip install distributed"):
        connect("dask://localhost:1", Limits()).__enter__()


def test_containers_on_a_cluster(
    tmp_path: Path, data_dir: Path, cluster: Cluster, podman: str
) -> None:
    agent = write_agent(tmp_path / "agent", CODE)
    with connect(cluster.address, Limits()) as executor:
        group = run(
            agent,
            [DIGITS],
            out=tmp_path / "runs",
            data_dir=data_dir,
            seeds=3,
            image=podman,
            executor=executor,
        )
    assert len(spans(group, DIGITS)) == 3
    assert {journal(group, DIGITS, seed)["engine"]["name"] for seed in range(3)} == {"podman"}
