"""Run agents on competitions, apart from the answers, against the runner's clock.

>>> from mlegrade import runner
>>> group = runner.run("dummy", ["optical-digits"], out="runs", engine="local")  # doctest: +SKIP
>>> for run, report in runner.grade_group(group):  # doctest: +SKIP
...     print(run.competition_id, run.seed, run.state, report and report.medal)

Each name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlegrade.runner.agent import Agent, get_agent, shipped_agents
    from mlegrade.runner.grades import grade_group
    from mlegrade.runner.group import RunGroup, RunState
    from mlegrade.runner.launch import run
    from mlegrade.runner.limits import Limits

_HOMES = {
    "Agent": "agent",
    "Limits": "limits",
    "RunGroup": "group",
    "RunState": "group",
    "get_agent": "agent",
    "grade_group": "grades",
    "run": "launch",
    "shipped_agents": "agent",
}

__all__ = [
    "Agent",
    "Limits",
    "RunGroup",
    "RunState",
    "get_agent",
    "grade_group",
    "run",
    "shipped_agents",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
