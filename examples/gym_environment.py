"""A Gymnasium environment: an agent writes programs, sees what they print, and is paid by grade.

``python examples/gym_environment.py`` plays an episode on the built-in competition; it takes
``pip install mlegrade gymnasium``.
"""

from __future__ import annotations

import shutil
import string
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import gymnasium
from gymnasium.spaces import Text

import mlegrade
from mlegrade.data import paths
from mlegrade.medals import Medal

Run: TypeAlias = Callable[[str, Path], str]
"""Runs a program in a folder and returns what it printed."""

LONGEST = 20_000  # characters of a program, and of what the agent sees


def run_here(program: str, folder: Path) -> str:
    """Run a program without any isolation; it could read the answers.

    Good enough for trying things out. Put your sandbox here before you train.
    """
    command = [sys.executable, "-I", "-c", program]
    try:
        done = subprocess.run(  # noqa: S603 see above
            command, cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        return "The program was ended after 60 seconds."
    return done.stdout + done.stderr


class CompetitionEnv(gymnasium.Env[str, str]):
    """A competition as an environment.

    The first observation is the competition's description. An action is a program in Python, which
    finds the public data in ``data`` and leaves a ``submission.csv``; the next observation is what
    it printed, and what is wrong with the submission's form. The reward is what the submission
    gained over the one before: those of an episode add up to that of its last submission. An
    episode ends with a gold medal, or after so many programs.

    Parameters
    ----------
    competition : str
        The competition, prepared in the data directory.
    data_dir : path, optional
        The data directory.
    programs : int, optional
        How many programs an episode has.
    kind : str, optional
        The reward; see `mlegrade.reward`.
    run : callable, optional
        What runs the programs.
    """

    def __init__(
        self,
        competition: str,
        data_dir: Path | None = None,
        *,
        programs: int = 8,
        kind: mlegrade.RewardKind = "percentile",
        run: Run = run_here,
    ) -> None:
        self.observation_space = Text(LONGEST, charset=string.printable)
        self.action_space = Text(LONGEST, charset=string.printable)
        self._grader = mlegrade.Grader(competition, data_dir=data_dir)
        self._public = paths(self._grader.competition.id, data_dir).public
        self._programs, self._kind, self._run = programs, kind, run
        self._room = tempfile.TemporaryDirectory(prefix="episodes-")
        self._folder = Path(self._room.name, "here")

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Begin an episode in an empty folder."""
        super().reset(seed=seed, options=options)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        (self._folder / "data").symlink_to(self._public.resolve())
        self._left, self._reward = self._programs, 0.0
        return _shown(self._grader.competition.description()), {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Run a program and grade what it leaves."""
        printed = self._run(action, self._folder)
        # Whatever is in the file, this is a report. A fault of the set-up raises: no reward of 0.
        report = self._grader(self._folder / "submission.csv")
        reward = mlegrade.reward(report, self._kind)
        gain, self._reward = reward - self._reward, reward
        self._left -= 1
        # The agent learns of the form, never of the score: that is for the trainer, in `info`.
        form = report.error["message"] if report.error else "The submission is valid."
        finished = report.medal is Medal.GOLD
        return _shown(f"{printed}\n{form}"), gain, finished, self._left <= 0, report.to_dict()

    def close(self) -> None:
        """Remove what episodes left."""
        self._room.cleanup()


def _shown(text: str) -> str:
    """Return text as the observation space has it."""
    return text.encode("ascii", "backslashreplace").decode()[:LONGEST]


PROGRAM = """
import pandas as pd
from sklearn.neighbors import KNeighborsClassifier

train, test = pd.read_csv("data/train.csv"), pd.read_csv("data/test.csv")
pixels = [name for name in test if name.startswith("pixel")]
model = KNeighborsClassifier(3).fit(train[pixels], train["digit"])
test[["id"]].assign(digit=model.predict(test[pixels])).to_csv("submission.csv", index=False)
"""

if __name__ == "__main__":
    from mlegrade.prepare import prepare

    with tempfile.TemporaryDirectory() as folder:
        prepare("optical-digits", data_dir=folder)
        env = CompetitionEnv("optical-digits", Path(folder), programs=2)
        observation, _ = env.reset(seed=0)
        print(observation.partition("\n")[0])
        for program in ("print(open('data/sample_submission.csv').readline())", PROGRAM):
            observation, reward, terminated, truncated, info = env.step(program)
            print(observation, f"reward {reward:.3f}, medal {info['medal']}", sep="\n")
        env.close()
