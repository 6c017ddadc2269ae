"""The benchmark as a task of Inspect AI. Needs the extra ``inspect``.

``inspect eval mlegrade/mle_bench`` finds the task by itself. In Python:

>>> from inspect_ai import eval
>>> from mlegrade.integrations.inspect import mle_bench, reports
>>> logs = eval(mle_bench(competitions="optical-digits"), model="...")  # doctest: +SKIP
>>> [report.medal for log in logs for report in reports(log)]  # doctest: +SKIP

Each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlegrade._lazy import lazily
from mlegrade.errors import PrerequisiteError

if TYPE_CHECKING:
    from mlegrade.integrations.inspect.agent import tool_agent
    from mlegrade.integrations.inspect.logs import reports
    from mlegrade.integrations.inspect.scoring import mlegrade_scorer
    from mlegrade.integrations.inspect.task import mle_bench
    from mlegrade.integrations.inspect.tools import validate_submission

_HOMES = {
    "mle_bench": "task",
    "mlegrade_scorer": "scoring",
    "reports": "logs",
    "tool_agent": "agent",
    "validate_submission": "tools",
}

__all__ = ["mle_bench", "mlegrade_scorer", "reports", "tool_agent", "validate_submission"]


if not TYPE_CHECKING:  # type checkers are to find names that there are not
    _imported = lazily(__name__, _HOMES)

    def __getattr__(name: str) -> Any:
        """Import what is asked for, or say what to install for it."""
        try:
            return _imported(name)
        except ModuleNotFoundError as error:
            raise PrerequisiteError(
                f"the integration needs {error.name}: pip install 'mlegrade[inspect]'"
            ) from error
