"""GPUs are leased by id: no two runs hold one, whatever process they are in, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mlegrade.errors import SetupError
from mlegrade.runner import Limits, get_agent
from mlegrade.runner.container import ContainerEngine
from mlegrade.runner.engine import Task
from mlegrade.runner.gpus import lease, machine_gpus
from mlegrade.runner.program import Program
from runner.helpers import READY, SIGNS, TINY, journal, waits_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlegrade.runner import RunGroup

IDS = ("0", "1", "GPU-8f3a", "MIG-1/2")


@pytest.fixture(autouse=True)
def leases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLEGRADE_LEASES", str(tmp_path / "leases"))


def test_leases_do_not_overlap() -> None:
    with lease(2, IDS) as first, lease(2, IDS) as second:
        assert sorted(first + second) == sorted(IDS)
    with lease(4, IDS) as all_of_them:
        assert all_of_them == IDS


def test_none_are_needed_by_default() -> None:
    with lease(0, ()) as held:
        assert held == ()


def test_more_than_there_are() -> None:
    with pytest.raises(SetupError, match="needs 5 GPUs, and this machine has 4: 0, 1"):
        lease(5, IDS).__enter__()


def test_the_same_one_twice_is_one() -> None:
    with lease(2, ("0", "0", "1")) as held:
        assert held == ("0", "1")
    with pytest.raises(SetupError, match="needs 2 GPUs, and this machine has 1: 0"):
        lease(2, ("0", "0")).__enter__()


def test_a_lease_waits_until_enough_are_free() -> None:
    """Whoever waits holds none meanwhile, so that two who wait for two of three both get them."""
    held: list[tuple[str, ...]] = []
    now: set[str] = set()
    lock = threading.Lock()

    def work(count: int) -> None:
        with lease(count, IDS) as gpus:
            with lock:
                assert not now & set(gpus)
                now.update(gpus)
                held.append(gpus)
            time.sleep(0.2)
            with lock:
                now.difference_update(gpus)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [3, 3, 1, 2, 4, 1, 2, 3]))
    assert [len(gpus) for gpus in sorted(held, key=len)] == [1, 1, 2, 2, 3, 3, 3, 4]


def test_waiting_can_be_given_up() -> None:
    stopped = threading.Event()
    with lease(3, IDS):
        threading.Timer(0.3, stopped.set).start()
        with lease(2, IDS, stopped=stopped.is_set) as gpus:
            assert gpus == ()


def test_what_is_in_use_is_not_leased() -> None:
    with lease(2, IDS, busy=lambda: {"0", "GPU-8f3a"}) as gpus:
        assert gpus == ("1", "MIG-1/2")


def test_a_killed_holder_holds_no_more() -> None:
    code = f"""
import time
from mlegrade.runner.gpus import lease
with lease(4, {IDS!r}):
    print("held", flush=True)
    time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        with lease(1, IDS, stopped=lambda: True) as gpus:
            assert gpus == ()
        process.send_signal(signal.SIGKILL)
        process.wait()
        with lease(4, IDS) as gpus:
            assert gpus == IDS


def test_the_gpus_of_a_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2, 5")
    assert machine_gpus() == ("2", "5")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert machine_gpus() == ()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,-1,5")
    assert machine_gpus() == ("2",)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine_gpus() == ()
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 0\necho 1\n")
    program.chmod(0o755)
    assert machine_gpus() == ("0", "1")


def test_runs_share_the_gpus_of_a_machine(start: Callable[..., RunGroup]) -> None:
    code = "import os, time\nbegin = time.monotonic()" + READY
    # Two run at the same time, and long enough for a third to be seen.
    code += waits_until(f"{SIGNS} > 1 and time.monotonic() - since > 1")
    code += "print(os.environ['CUDA_VISIBLE_DEVICES'], begin, time.monotonic())"
    group = start(code, seeds=5, workers=5, limits={"gpus": 2}, gpu_ids=IDS)
    spans = []
    for seed in range(5):
        gpus, begin, end = (group.run_folder(TINY, seed) / "run.log").read_text().split()
        assert journal(group, seed=seed)["gpus"] == gpus.split(",")
        assert len(gpus.split(",")) == 2
        spans += [(gpu, float(begin), float(end)) for gpu in gpus.split(",")]
    at_once = [sum(one[1] <= other[1] < one[2] for one in spans) for other in spans]
    assert max(at_once) == len(IDS)
    for gpu, begin, end in spans:
        others = [span for span in spans if span[0] == gpu and span[1] != begin]
        assert all(other[2] <= begin or other[1] >= end for other in others)


def test_too_few_gpus_are_a_fault_of_the_set_up(start: Callable[..., RunGroup]) -> None:
    record = journal(start("pass", limits={"gpus": 2}, gpu_ids=["0"]))
    assert (record["state"], record["fault"]) == ("failed", "setup")
    assert "needs 2 GPUs" in record["reason"]


@pytest.mark.parametrize(
    ("podman", "expected"),
    [
        (True, ["--device", "nvidia.com/gpu=0", "--device", "nvidia.com/gpu=GPU-8f3a"]),
        (False, ["--gpus", '"device=0,GPU-8f3a"']),
    ],
)
def test_how_engines_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, podman: bool, expected: list[str]
) -> None:
    """No machine of ours has GPUs: what is seen here is the command line."""
    monkeypatch.setattr(Program, "podman", podman)
    monkeypatch.setattr(Program, "rootless", False)
    task = Task(
        key="key",
        image="image",
        command=("x",),
        environment={},
        secrets={},
        public=tmp_path,
        agent=get_agent("dummy").folder,
        work=tmp_path,
        control=tmp_path,
        limits=Limits(gpus=2),
        gpus=("0", "GPU-8f3a"),
    )
    arguments = ContainerEngine("engine").arguments(task)
    assert " ".join(expected) in " ".join(arguments)
    assert "mlegrade.gpus=0,GPU-8f3a" in arguments


@pytest.mark.slow
def test_what_a_container_holds_is_in_use(podman: str) -> None:
    """A container whose runner died keeps its GPUs until somebody has taken it over."""
    command = ["podman", "run", "--detach", "--network", "none", "--label", "mlegrade.gpus=1,7"]
    name = subprocess.run(
        [*command, podman, "sleep", "900"], capture_output=True, text=True, check=True
    ).stdout.strip()
    try:
        assert {"1", "7"} <= ContainerEngine("podman").busy_gpus()
    finally:
        subprocess.run(["podman", "rm", "--force", name], capture_output=True, check=True)  # noqa: S607
    assert os.environ["MLEGRADE_LEASES"]
