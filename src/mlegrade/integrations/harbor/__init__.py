"""Competitions as tasks of Harbor: one folder each, with the answers in the verifier's part alone.

>>> from mlegrade.integrations import harbor
>>> harbor.export(["optical-digits"], out="tasks", data_dir="data")  # doctest: +SKIP

Nothing of Harbor is needed to write them, and nothing but mlegrade to verify in them: there
``python -m mlegrade.integrations.harbor`` grades what an agent left behind, see `verify`.
Each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade._lazy import lazily

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

if not TYPE_CHECKING:  # type checkers are to find names that there are not
    __getattr__ = lazily(__name__, _HOMES)
