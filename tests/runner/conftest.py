"""Competitions, agents and engines for the tests of the runner."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlegrade.competitions import _catalogue, register
from mlegrade.prepare import prepare
from mlegrade.runner import Limits, run
from runner.helpers import (
    DIGITS,
    HOUR,
    TINY,
    Later,
    has_started,
    write_agent,
    write_competition,
    write_data,
)
from runner.rootfs import import_image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlegrade.runner import RunGroup

CONTAINERS_CONF = """\
[engine]
runtime = "runc"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
"""
REQUIRED = "MLEGRADE_REQUIRE_ENGINE"


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return prepared data of the built-in competition and of a tiny one."""
    root = tmp_path_factory.mktemp("data")
    prepare(DIGITS, data_dir=root)
    return write_data(root)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[str]:
    """Register a tiny competition for one test; return its id."""
    register(write_competition(tmp_path / "tiny"))
    yield TINY
    _catalogue._registered.pop(TINY)


@pytest.fixture(scope="session", autouse=True)
def _containers_conf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have Podman work as root inside a container, before any process that may call it starts."""
    with pytest.MonkeyPatch.context() as patch:
        if "CONTAINERS_CONF" not in os.environ and shutil.which("runc") and os.geteuid() == 0:
            file = tmp_path_factory.mktemp("podman") / "containers.conf"
            file.write_text(CONTAINERS_CONF)
            patch.setenv("CONTAINERS_CONF", str(file))
        yield


@pytest.fixture(scope="session")
def podman() -> str:
    """Return the image to run agents in; skip where there is no Podman."""
    if shutil.which("podman") is None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"Podman is not installed, and {REQUIRED} is set.")
        pytest.skip("Podman is not installed (Debian: apt-get install podman runc).")
    # Other processes of the same test session may be making the image just now.
    with (Path(tempfile.gettempdir()) / f"mlegrade-image-{os.getuid()}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return import_image("podman")


@pytest.fixture(scope="session")
def docker() -> Iterator[str]:
    """Start a Docker daemon of our own; return the image to run agents in.

    It has no bridge, since its agents have no network; skip where there is no daemon to start.
    """
    if not (shutil.which("dockerd") and shutil.which("docker")) or os.geteuid() != 0:
        pytest.skip("there is no Docker daemon that could be started (Debian: docker.io, as root).")
    # Sockets have short names, and what a daemon keeps takes more room than temporary files.
    with (
        tempfile.TemporaryDirectory(prefix="mlegrade-docker-") as name,
        pytest.MonkeyPatch.context() as patch,
        (Path(name) / "log").open("w+") as log,
    ):
        folder = Path(name)
        address = f"unix://{folder / 'socket'}"
        patch.setenv("DOCKER_HOST", address)
        places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        options = [f"--{option}={folder / place}" for option, place in places.items()]
        options += ["--host", address, "--iptables=false", "--ip6tables=false", "--bridge=none"]
        command = ["dockerd", *options]
        info = ["docker", "info"]
        with subprocess.Popen(command, stdout=log, stderr=log) as daemon:
            try:
                deadline = time.monotonic() + 600
                while subprocess.run(info, capture_output=True, check=False).returncode:
                    if daemon.poll() is not None or time.monotonic() > deadline:
                        log.seek(0)
                        pytest.skip(f"the Docker daemon does not start: {log.read()[-500:]}")
                    time.sleep(0.2)
                yield import_image("docker")
            finally:
                daemon.terminate()
                daemon.wait(300)


@pytest.fixture
def start(
    tmp_path: Path, data_dir: Path, tiny: str, request: pytest.FixtureRequest
) -> Callable[..., RunGroup]:
    """Return a function that runs a program as an agent, on the tiny competition."""

    def run_it(code: str, *, engine: str = "local", **options: Any) -> RunGroup:
        definition = options.pop("definition", {})
        agent = write_agent(tmp_path / "agent", code, **definition)
        limits = Limits(**({"time": HOUR / 2, "grace": 2} | options.pop("limits", {})))
        if engine in {"podman", "docker"}:
            options = {"image": request.getfixturevalue(engine)} | options
        where = {"out": tmp_path / "runs", "data_dir": data_dir, "engine": engine}
        return run(agent, [tiny], limits=limits, **(where | options))

    return run_it


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Set the runner's clock forward by an hour once an agent says that it is ready.

    The runner has to have noted when the agent started: else its start would be later as well.
    """
    signs = "runs/*/*/*/work/logs/ready"
    clock = Later(lambda: any(has_started(sign.parents[2]) for sign in tmp_path.glob(signs)))
    monkeypatch.setattr("mlegrade.runner.clock.time", clock)
    return clock
