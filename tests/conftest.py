"""Shared set-up of the tests."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

import scratch

# A job in the background ignores interrupts, and so would all that it starts; some tests send one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The machine's load decides how long an example takes; speed is looked at in benchmarks/.
settings.register_profile(
    "mlegrade",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("mlegrade")
# For a night: --hypothesis-profile thorough.
settings.register_profile("thorough", settings.get_profile("mlegrade"), max_examples=2000)
# For the same tests again with another Python or other packages.
settings.register_profile("repeat", settings.get_profile("mlegrade"), max_examples=20)

pytest_plugins = ["endpoint"]
# A package of its own, whose tests want it installed.
collect_ignore = ["coin-toss"]

APART = (
    "test_aide.py",
    "test_container.py",
    "test_harbor_runs.py",
    "test_inspect.py",
    "test_openhands.py",
    "test_restart.py",
)


@pytest.fixture(scope="session", autouse=True)
def _home_of_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    scratch.home = tmp_path_factory.getbasetemp()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with slow tests, so that none is left when all else is done."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let processes share the tests in their order, each file as a whole.

    Its tests share what takes long to make. Where only those of a class do, files are taken apart.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if "[docker" in nodeid:
                return "docker"  # one daemon is enough
            file, name, *inside = nodeid.partition("[")[0].split("::")
            if not file.endswith(APART):
                return file
            return f"{file}::{name}" if inside else nodeid

    config.option.loadscopereorder = False
    return Scheduling(config, log)
