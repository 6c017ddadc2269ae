"""The examples do what the page about embedding says, each with the package that it is for."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from prepared import DIGITS, data_dir
from runner.packages import install

EXAMPLES = Path(__file__).parents[2] / "examples"
GYMNASIUM = "gymnasium==1.4.0"

EPISODES = """
import sys
import warnings
from gymnasium.utils.env_checker import check_env
from gym_environment import PROGRAM, CompetitionEnv

env = CompetitionEnv("optical-digits", sys.argv[1], programs=4)
warnings.simplefilter("error")
check_env(env, skip_render_check=True)
told, _ = env.reset(seed=1)
assert told.startswith("# Optical"), told
sample = "import shutil; shutil.copy('data/sample_submission.csv', 'submission.csv')"
rewards = []
for program, expected in [
    ("print(1 / 0)", "ZeroDivisionError"),
    (PROGRAM, "The submission is valid."),
    ("open('submission.csv', 'w').write('id,label')", "there is no column 'digit'"),
    (sample, "The submission is valid."),
]:
    seen, reward, terminated, truncated, info = env.step(program)
    assert expected in seen, seen
    assert not terminated
    rewards.append(reward)
assert truncated
assert rewards[0] == 0 < rewards[1] == -rewards[2] and rewards[3] > 0, rewards
assert abs(sum(rewards) - rewards[3]) < 1e-9
env.reset(seed=2)
answers = sys.argv[1] + "/optical-digits/prepared/private/test.csv"
seen, reward, terminated, _, info = env.step(
    f"import shutil; shutil.copy({answers!r}, 'submission.csv')"  # this one cheats
)
assert (terminated, info["medal"]) == (True, "gold"), info
env.close()
print("played")
"""


def run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def test_rewards_of_a_batch() -> None:
    rewards = ast.literal_eval(run(str(EXAMPLES / "rollouts.py")))
    perfect, sample, absent, not_prepared = rewards
    assert perfect == 1
    assert 0 < sample < perfect
    assert absent == 0
    assert not_prepared is None


@pytest.mark.slow
def test_the_tests_of_an_agent_pass() -> None:
    path = str(EXAMPLES / "test_my_agent.py")
    assert "25 passed" in run("-m", "pytest", "-q", "-p", "no:cacheprovider", path)


@pytest.mark.slow
def test_the_environment_is_one_of_gymnasium(tmp_path: Path) -> None:
    packages = install("gymnasium", sys.executable, [GYMNASIUM])
    script = tmp_path / "episodes.py"
    script.write_text(EPISODES)
    path = os.pathsep.join([str(packages), str(EXAMPLES)])
    assert (data_dir() / DIGITS).is_dir()
    assert run(str(script), str(data_dir()), PYTHONPATH=path, SOURCE_DATE_EPOCH="0") == "played\n"
    assert "medal silver" in run(str(EXAMPLES / "gym_environment.py"), PYTHONPATH=str(packages))
