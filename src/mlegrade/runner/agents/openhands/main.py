"""Give OpenHands the instructions, and let it work until it says that it is done.

OpenHands comes from the packages openhands-sdk and openhands-tools; here is only what leads from
its folders to those of a run. It writes the submission itself, as the instructions say.
"""

from __future__ import annotations

import os
from pathlib import Path

from openhands.sdk import LLM, Agent, Conversation, Tool
from openhands.tools.file_editor import FileEditorTool
from openhands.tools.task_tracker import TaskTrackerTool
from openhands.tools.terminal import TerminalTool
from pydantic import SecretStr


def folder(name: str) -> Path:
    """Return a folder of the contract."""
    return Path(os.environ.get(f"{name.upper()}_DIR", f"/home/{name}"))


def main() -> None:
    """Hold one conversation."""
    llm = LLM(
        model=os.environ["LLM_MODEL"],
        api_key=SecretStr(os.environ["LLM_API_KEY"]),
        base_url=os.environ.get("LLM_BASE_URL"),
        usage_id="agent",
    )
    tools = [Tool(name=kind.name) for kind in (TerminalTool, FileEditorTool, TaskTrackerTool)]
    conversation = Conversation(
        agent=Agent(llm=llm, tools=tools),
        workspace=folder("code"),
        persistence_dir=folder("logs") / "openhands",
        max_iteration_per_run=int(os.environ.get("STEP_LIMIT", "500")),
        delete_on_close=False,
    )
    file = os.environ.get("INSTRUCTIONS_FILE", "/home/instructions.txt")
    conversation.send_message(Path(file).read_text(encoding="utf-8"))
    conversation.run()
    conversation.close()


if __name__ == "__main__":
    main()
