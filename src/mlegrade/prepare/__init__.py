"""From a competition's download to what an agent may see and to the answers.

`prepare` runs a competition's ``prepare.py``, compares what comes out with the checksums that the
competition states, and puts it in place in one step: whatever happens on the way, there is either
all of the prepared data or none.
"""

from __future__ import annotations

from mlegrade.prepare._run import Prepared, prepare
from mlegrade.prepare._tables import one_hot, split, write_csv
from mlegrade.prepare._workspace import Workspace

__all__ = ["Prepared", "Workspace", "one_hot", "prepare", "split", "write_csv"]
