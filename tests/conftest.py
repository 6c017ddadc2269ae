"""Shared set-up of the tests."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

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


def pytest_unconfigure() -> None:
    from scratch import remove_folders

    remove_folders()
