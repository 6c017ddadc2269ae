"""Agents that Harbor runs in the tests; this is imported by Harbor's own interpreter."""

from __future__ import annotations

from typing import Any

from harbor.agents.base import BaseAgent


class _Shell(BaseAgent):
    """Runs one line, and keeps what it printed where Harbor keeps the logs of agents."""

    LINE = ""

    @classmethod
    def name(cls) -> str:
        return cls.__name__.lower()

    def version(self) -> str:
        return "1"

    async def setup(self, environment: Any) -> None:
        del environment

    async def run(self, instruction: str, environment: Any, context: Any) -> None:
        del context
        (self.logs_dir / "instruction.md").write_text(instruction)
        done = await environment.exec(self.LINE)
        (self.logs_dir / "seen.txt").write_text(f"{done.stdout}\nexit {done.return_code}\n")


class Looker(_Shell):
    """Looks around, asks whether the sample has the right form, and hands it in."""

    LINE = (
        "cd; ls -d /tests /solution; ls $DATA_DIR; echo $TIME_LIMIT_SECS; "
        "/home/validate_submission.sh $DATA_DIR/train.csv; "
        "/home/validate_submission.sh $DATA_DIR/sample_submission.csv && "
        "cp $DATA_DIR/sample_submission.csv $SUBMISSION_DIR/submission.csv"
    )


class Remover(_Shell):
    """Removes the folder of its submission."""

    LINE = "rm -r $SUBMISSION_DIR; ls $SUBMISSION_DIR"
