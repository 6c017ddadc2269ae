"""Run agents on competitions, apart from the answers, against the runner's clock.

>>> from mlegrade import runner
>>> group = runner.run("dummy", ["optical-digits"], out="runs", engine="local")  # doctest: +SKIP
>>> for run, report in runner.grade_group(group):  # doctest: +SKIP
...     print(run.competition_id, run.seed, run.state, report and report.medal)

Each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade._lazy import lazily

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

if not TYPE_CHECKING:  # type checkers are to find names that there are not
    __getattr__ = lazily(__name__, _HOMES)
