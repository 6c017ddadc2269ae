"""The tool that tells an agent whether its file has the right form."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import anyio.to_thread
from inspect_ai.tool import Tool, tool
from inspect_ai.util import store

from mlegrade import data
from mlegrade.competitions import get
from mlegrade.errors import SetupError
from mlegrade.integrations.inspect.places import FILE, ROOT
from mlegrade.integrations.inspect.submissions import read_submission
from mlegrade.runner.server import Validator, tell

__all__ = ["COMPETITION", "PUBLIC", "validate_submission"]

COMPETITION = "mlegrade:competition"
PUBLIC = "mlegrade:public"
"""Where the task's setup notes in a sample's store what the tool has to know."""


@tool
def validate_submission(
    path: str = f"{ROOT}/{FILE}", competition: str | None = None, data_dir: str | None = None
) -> Tool:
    """Say what is wrong with the form of a file. It knows no answers, and tells no score.

    Parameters
    ----------
    path : str, optional
        The file that is looked at where the model names none.
    competition : str, optional
        The competition; by default that of the sample, in the task ``mle_bench``.
    data_dir : str, optional
        The data directory, where the competition is named.
    """
    validators: dict[str, Validator] = {}

    async def execute(file: str = path) -> str:
        """Check the form of a submission: columns, rows, values. Never tells a score.

        Args:
          file: The file to check.
        """
        name = competition or store().get(COMPETITION)
        if name is None:
            raise SetupError(
                "validate_submission does not know which competition this is; name it."
            )
        if name not in validators:
            public = None if competition else store().get(PUBLIC)
            make = partial(_validator, name, data_dir, public)
            validators[name] = await anyio.to_thread.run_sync(make)
        validator = validators[name]
        submission = await read_submission(file, validator.max_bytes)
        return tell(await anyio.to_thread.run_sync(validator, submission))

    return execute


def _validator(name: str, data_dir: str | None, public: str | None) -> Validator:
    competition = get(name)
    folder = Path(public) if public else data.paths(competition.id, data_dir).public
    sample = folder / competition.sample_submission_file
    return Validator(competition, sample if sample.is_file() else None)
