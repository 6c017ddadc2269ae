"""Agents as processes of this machine: no isolation, for development and tests."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.errors import SetupError
from mlegrade.runner.engine import Ended, Task, write_log
from mlegrade.runner.inside.launch import KEY, end_all
from mlegrade.runner.job import INSTRUCTIONS
from mlegrade.runner.places import Places

if TYPE_CHECKING:
    from mlegrade.runner.agent import Agent
    from mlegrade.runner.job import Job
    from mlegrade.runner.limits import Limits

__all__ = ["LocalBox", "LocalEngine", "engine"]

_LAUNCHER = Path(__file__).with_name("inside") / "launch.py"
_LOG = "run.log"
# All else of the environment stays outside: it may hold what is not the agent's business.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "TZ")


def engine(name: str) -> LocalEngine:
    """Return the local engine."""
    del name
    return LocalEngine()


class LocalEngine:
    """Runs agents as processes of this machine, with the rights of whoever runs the runner.

    It keeps the limits of time and disk; memory, processors, processes and network are not
    limited.
    """

    isolated = False

    def __repr__(self) -> str:
        return "LocalEngine()"

    def facts(self) -> dict[str, Any]:
        """Return name and versions."""
        return {"name": "local", "version": platform.release(), "isolated": False}

    def require(self, limits: Limits) -> None:
        """Refuse nothing: its limits are those of this class."""
        del limits

    def image(self, agent: Agent, image: str | None) -> tuple[str | None, dict[str, Any]]:
        """Return no image: there is none."""
        del agent, image
        return None, {}

    def places(self, job: Job, port: int | None) -> Places:
        """Return where an agent finds things: where they really are."""
        return Places(
            data=str(job.public),
            submission=str(job.work / "submission"),
            code=str(job.work / "code"),
            logs=str(job.work / "logs"),
            agent=str(job.agent.folder),
            instructions=str(job.control / INSTRUCTIONS),
            validate_script=str(job.control / "validate_submission.sh"),
            validation_url=f"http://127.0.0.1:{port}",
        )

    def start(self, task: Task) -> LocalBox:
        """Start a command."""
        if task.network != "none":
            raise SetupError("the local engine has no networks: it cannot keep an agent from any.")
        passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment = passed | {KEY: task.key} | dict(task.environment) | dict(task.secrets)
        if task.gpus:
            environment["CUDA_VISIBLE_DEVICES"] = ",".join(task.gpus)
        launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), str(task.limits.disk)]
        with (task.work / _LOG).open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 to run the agent is what this is for
                [*launcher, *task.command],
                cwd=task.work / "code",
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return LocalBox(task.key, process, task.work / _LOG)

    def find(self, key: str) -> None:
        """Return nothing: a process ends with the runner that started it."""
        del key

    def clear(self, key: str) -> None:
        """End all processes of a run."""
        end_all(key)

    def busy_gpus(self) -> set[str]:
        """Return none: a process ends with the runner that started it."""
        return set()


class LocalBox:
    """A process and all that it started.

    Parameters
    ----------
    key : str
        What the run is found by.
    process : Popen
        The launcher.
    log : Path
        Where the output goes.
    """

    def __init__(self, key: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = str(process.pid)
        self._key = key
        self._process = process
        self._log = log

    def wait(self, seconds: float) -> bool:
        """Wait for the command's end, but no longer than this."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def terminate(self) -> None:
        """Send SIGTERM; the launcher passes it on."""
        self._process.terminate()

    def kill(self) -> None:
        """End all processes: those of the launcher's session, and those that left it."""
        self._process.kill()
        end_all(self._key)

    def ended(self) -> Ended:
        """Return how the command ended."""
        self.remove()
        end_all(self._key)
        code = self._process.returncode
        return Ended(code if code is None or code >= 0 else 128 - code)

    def seconds(self) -> None:
        """Return nothing: nobody takes a process over."""

    def extra_bytes(self) -> int:
        """Return the size of the output, which goes to a file beside the folders."""
        return self._log.stat().st_size if self._log.is_file() else 0

    def write_log(self, path: Path) -> None:
        """Copy what was printed, if the agent has left it, into a file, cut at a limit."""
        source = self._log if self._log.is_file() else Path(os.devnull)
        with source.open("rb") as file:
            write_log(file, path)

    def remove(self) -> None:
        """Forget the process, which has ended."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.poll() is None:
            self.kill()
            self._process.wait()
