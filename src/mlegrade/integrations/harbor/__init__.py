"""Competitions as tasks of Harbor: one folder each, with the answers in the verifier's part alone.

>>> from mlegrade.integrations import harbor
>>> harbor.export(["optical-digits"], out="tasks", data_dir="data")  # doctest: +SKIP

Nothing of Harbor is needed to write them, and nothing but mlegrade to verify in them: there
``python -m mlegrade.integrations.harbor`` grades what an agent left behind, see `verify`.
Each name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlegrade.integrations.harbor.exporting import Exported, Plan, export, plan
    from mlegrade.integrations.harbor.options import TaskOptions
    from mlegrade.integrations.harbor.verifying import verify

_HOMES = {
    "Exported": "exporting",
    "Plan": "exporting",
    "TaskOptions": "options",
    "export": "exporting",
    "plan": "exporting",
    "verify": "verifying",
}

__all__ = ["Exported", "Plan", "TaskOptions", "export", "plan", "verify"]


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
