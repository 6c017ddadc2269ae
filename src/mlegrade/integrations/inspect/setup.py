"""What is done in a sandbox before an agent begins."""

from __future__ import annotations

import shlex

from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import sandbox, store

from mlegrade.errors import SetupError
from mlegrade.integrations.inspect.places import DATA, FOLDERS, ROOT
from mlegrade.integrations.inspect.tools import COMPETITION, PUBLIC

__all__ = ["make_places"]

_NO_DATA = 9
_PATIENCE = 60


@solver
def make_places(*, local: bool) -> Solver:
    """Make the folders that an agent is told of, and see that the data is there.

    Parameters
    ----------
    local : bool
        Whether the sandbox is a folder of this machine.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        del generate
        public = str(state.metadata["public_data"])
        store().set(COMPETITION, str(state.sample_id))
        store().set(PUBLIC, public)
        root = "." if local else ROOT
        data_folder = f"{root}/{DATA}"
        make = " ".join(f"{root}/{name}" for name in FOLDERS)
        get_data = f"ln -s {shlex.quote(public)} {data_folder}" if local else ":"
        script = f"{get_data}; [ -d {data_folder} ] || exit {_NO_DATA}; mkdir -p {make}"
        done = await sandbox().exec(["sh", "-c", script], timeout=_PATIENCE)
        if done.returncode == _NO_DATA:
            raise SetupError(
                f"the sandbox has no folder {data_folder}.",
                f"Mount {public} there, read-only; for Inspect's local sandbox say "
                "`-T sandbox=local`.",
            )
        if not done.success:
            raise SetupError(f"the sandbox cannot make its folders: {done.stderr.strip()}")
        return state

    return solve
