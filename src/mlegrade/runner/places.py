"""Where an agent finds things, as it sees them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PORT", "Places"]

PORT = 5000
"""Where agents written for MLE-bench look for the validation server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where an agent finds things, as it sees them.

    Parameters
    ----------
    data, submission, code, logs, agent : str
        Folders: the public data and the agent's own files, which it can only read, and the three
        that it fills.
    instructions, validate_script : str
        Files.
    validation_url : str
        The validation server.
    """

    data: str
    submission: str
    code: str
    logs: str
    agent: str
    instructions: str
    validate_script: str
    validation_url: str
