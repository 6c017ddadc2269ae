"""Run AIDE on a competition: step by step, and the best solution's submission is handed in.

AIDE comes from the package aideml; here is only what leads from its folders to those of a run.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path
from typing import Any

from aide.agent import Agent
from aide.interpreter import Interpreter
from aide.journal import Journal
from aide.utils.config import _load_cfg, load_task_desc, prep_agent_workspace, prep_cfg, save_run
from omegaconf import OmegaConf

# What is left of the time must suffice for a step's end.
MARGIN = 60


def folder(name: str) -> Path:
    """Return a folder of the contract."""
    return Path(os.environ.get(f"{name.upper()}_DIR", f"/home/{name}"))


def configuration() -> Any:
    """Return AIDE's configuration."""
    found = _load_cfg(use_cli_args=False)
    found.data_dir = str(folder("data"))
    found.desc_file = os.environ.get("INSTRUCTIONS_FILE", "/home/instructions.txt")
    found.log_dir = str(folder("logs"))
    found.workspace_dir = str(folder("code"))
    found.exp_name = "run"
    found.copy_data = False  # it is large, and cannot be written to
    found.generate_report = False
    found.exec.timeout = int(os.environ.get("STEP_SECONDS", "32400"))
    found.agent.steps = int(os.environ.get("STEP_LIMIT", "500"))
    found.agent.code.model = os.environ.get("AIDE_MODEL", found.agent.code.model)
    found.agent.feedback.model = os.environ.get("AIDE_FEEDBACK_MODEL", found.agent.feedback.model)
    return prep_cfg(found)


def hand_in(workspace: Path) -> bool:
    """Hand in what the last step has predicted, whole or not at all."""
    made = workspace / "working" / "submission.csv"
    if not made.is_file():
        return False
    target = folder("submission") / "submission.csv"
    partial = target.with_name(".submission.csv")
    shutil.copyfile(made, partial)
    partial.replace(target)
    return True


def main() -> None:
    """Take one step after the other until steps or time are used up."""
    random.seed(int(os.environ.get("SEED", "0")))
    end = time.monotonic() + float(os.environ.get("TIME_LIMIT_SECS", "86400")) - MARGIN
    config = configuration()
    prep_agent_workspace(config)
    workspace = Path(config.workspace_dir)
    journal = Journal()
    agent = Agent(task_desc=load_task_desc(config), cfg=config, journal=journal)
    interpreter = Interpreter(workspace, **OmegaConf.to_container(config.exec))
    handed_in = False
    try:
        while len(journal) < config.agent.steps and time.monotonic() < end:
            (workspace / "working" / "submission.csv").unlink(missing_ok=True)
            agent.step(exec_callback=interpreter.run)
            save_run(config, journal)
            last = journal.nodes[-1]
            best = journal.get_best_node()
            print(f"step {len(journal)}: buggy={last.is_buggy} metric={last.metric}", flush=True)
            # Without any good solution, a poor submission is better than none.
            if last is best or (best is None and not handed_in):
                handed_in = hand_in(workspace) or handed_in
    finally:
        interpreter.cleanup_session()
        shutil.rmtree(workspace / "input", ignore_errors=True)
        best = Path(config.log_dir) / "best_solution.py"
        if best.is_file():
            shutil.copyfile(best, folder("code") / best.name)


if __name__ == "__main__":
    main()
