"""Make a task of a competition for MLAgentBench, run its research agent, hand in what it makes.

MLAgentBench looks for tasks beside its own code and works in a folder of its own; here is what
leads from one to the other. Its submission is handed in whenever it has changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TASK = "competition"
EVERY = 20
PROBLEM = """\
{text}

Work in the current folder. The competition's data is here as well: read it, and change none of it.
Write the predictions into submission.csv in the current folder, in the form that is described
above, as soon as there are any, and again when they are better.
"""


def folder(name: str) -> Path:
    """Return a folder of the contract."""
    return Path(os.environ.get(f"{name.upper()}_DIR", f"/home/{name}"))


def make_task(home: Path) -> None:
    """Copy MLAgentBench to where it can be written to, and add the task."""
    source = Path(os.environ.get("MLAGENTBENCH", "/opt/MLAgentBench")) / "MLAgentBench"
    package = home / "MLAgentBench"
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("benchmarks", "Auto-GPT"))
    task = package / "benchmarks" / TASK
    (task / "env").mkdir(parents=True)
    (task / "scripts").mkdir()
    (package / "benchmarks" / "tasks.json").write_text("{}")
    names = sorted(path.name for path in folder("data").iterdir())
    for name in names:
        (task / "env" / name).symlink_to(folder("data") / name)
    text = Path(os.environ.get("INSTRUCTIONS_FILE", "/home/instructions.txt")).read_text()
    (task / "scripts" / "research_problem.txt").write_text(PROBLEM.format(text=text))
    # It copies all other files at each step.
    read_only = [f"*/{name}" for name in names] + [f"*/{name}/*" for name in names]
    (task / "scripts" / "read_only_files.txt").write_text("\n".join(read_only))


def hand_in(work: Path, handed_in: float) -> float:
    """Hand in the newest submission, whole or not at all; return when it was written."""
    found = [path for path in work.rglob("submission.csv") if "backup" not in path.parts]
    found = [path for path in found if path.is_file() and not path.is_symlink()]
    newest = max(found, key=lambda path: path.stat().st_mtime, default=None)
    if newest is None or newest.stat().st_mtime <= handed_in:
        return handed_in
    written = newest.stat().st_mtime
    target = folder("submission") / "submission.csv"
    shutil.copyfile(newest, target.with_name(".submission.csv"))
    target.with_name(".submission.csv").replace(target)
    return written


def command(work: Path) -> list[str]:
    """Return the command that runs the research agent."""
    model = os.environ["LLM_NAME"]
    steps = os.environ.get("STEP_LIMIT", "2000")
    options = {
        "--task": TASK,
        "--log-dir": str(folder("logs")),
        "--work-dir": str(work),
        "--max-steps": steps,
        "--agent-max-steps": steps,
        "--max-time": os.environ.get("TIME_LIMIT_SECS", "86400"),
        "--python": sys.executable,
        "--llm-name": model,
        "--edit-script-llm-name": model,
        "--fast-llm-name": os.environ.get("FAST_LLM_NAME", model),
    }
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-u", "-m", "MLAgentBench.runner", *words]


def main() -> int:
    """Run the agent; return its exit code."""
    with tempfile.TemporaryDirectory(prefix="mlagentbench-") as name:
        home = Path(name)
        make_task(home)
        # It reads "organization:key" from a file of its current folder, which nobody collects.
        key = os.environ["OPENAI_API_KEY"]
        (home / "openai_api_key.txt").write_text(
            f"{os.environ.get('OPENAI_ORGANIZATION', '')}:{key}"
        )
        work = folder("code")
        handed_in = 0.0
        process = subprocess.Popen(command(work), cwd=home)
        while True:
            try:
                code = process.wait(EVERY)
            except subprocess.TimeoutExpired:
                handed_in = hand_in(work, handed_in)
                continue
            hand_in(work, handed_in)
            return code


if __name__ == "__main__":
    sys.exit(main())
