"""The agent that takes part where ``--solver`` names no other."""

from __future__ import annotations

from inspect_ai.agent import Agent, AgentPrompt, AgentSubmit, react
from inspect_ai.tool import bash, python

from mlegrade.integrations.inspect.places import FILE, ROOT
from mlegrade.integrations.inspect.tools import validate_submission

__all__ = ["tool_agent"]

_PROMPT = """\
A call of bash or python ends after {seconds} seconds. Start whatever takes longer in the
background (`nohup ... > log 2>&1 &`), and look at it from time to time."""
_FINISH = "End your work. The submission is scored as it is then; nothing can be changed after it."


def tool_agent(path: str = f"{ROOT}/{FILE}", tool_timeout: int = 3600) -> Agent:
    """Return a ReAct agent with bash, Python, and the check of a submission's form.

    Parameters
    ----------
    path : str, optional
        Where the submission is expected.
    tool_timeout : int, optional
        How many seconds a call of bash or python may take.
    """
    return react(
        prompt=AgentPrompt(instructions=_PROMPT.format(seconds=tool_timeout)),
        tools=[bash(tool_timeout), python(tool_timeout), validate_submission(path)],
        submit=AgentSubmit(name="finish", description=_FINISH),
        truncation="auto",  # a day is longer than a model's context
    )
