"""Harbor itself loads the tasks, and runs one of them with Podman."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from integrations.harbor_tasks import all_tasks
from mlegrade.integrations.harbor import TaskOptions, export
from mlegrade.runner import Limits
from prepared import DIGITS, data_dir
from runner.conftest import REQUIRED, _containers_conf, podman  # noqa: F401
from runner.packages import install
from runner.rootfs import import_image

ROOT = Path(__file__).parents[2]
PACKAGES = ["harbor==0.26.0", "podman-compose==1.6.0"]
NEEDED = (3, 12)
IMPORTED = (
    "click, numpy, pip._internal.commands.install, pip._internal.resolution.resolvelib.resolver"
)
# Six builds install mlegrade, and use little of it: 0 is how pip is told to compile nothing. And
# none has to look whether pip is new.
PIP = "ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_COMPILE=0\n"
LOAD = """
import sys
from pathlib import Path
from harbor.models.task.task import Task
for folder in map(Path, sys.argv[1:]):
    task = Task(folder)
    assert Task.is_valid_dir(folder)
    assert task.config.task.name == f"mlegrade/{folder.name}"
    assert task.paths.discovered_solve_path is not None
    assert task.config.verifier.environment_mode.value == "separate"
    print(task.short_name, task.config.environment.network_mode.value)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """Return an interpreter that is new enough, and the environment in which it has Harbor."""
    python = _interpreter()
    packages = install("harbor", python, PACKAGES)
    home = tmp_path_factory.mktemp("home")
    return python, os.environ | {
        "PATH": f"{packages / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": f"{packages}:{Path(__file__).parent}",
        "HARBOR_TELEMETRY": "0",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "XDG_CONFIG_HOME": str(home),
        # Other tests remove images meanwhile: no build may look for its layers among them.
        "BUILDAH_LAYERS": "false",
    }


def _interpreter() -> str:
    if sys.version_info >= NEEDED:
        return os.path.realpath(sys.executable)
    code = "import os, sys; print(os.path.realpath(sys.executable))"
    for name in ("python3.12", "python3.13"):
        if found := shutil.which(name):
            done = subprocess.run([found, "-c", code], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return done.stdout.strip()
    pytest.skip("Harbor needs Python 3.12 or newer, and there is none.")


def test_harbor_loads_every_task(harbor: tuple[str, dict[str, str]]) -> None:
    python, environment = harbor
    folders = [str(one.folder) for one in all_tasks().values()]
    done = subprocess.run(
        [python, "-c", LOAD, *folders], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:-1] == [f"{name} no-network" for name in all_tasks()]


def test_a_run_with_podman(
    harbor: tuple[str, dict[str, str]],
    podman: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    """The oracle gets the best reward; a sample and a folder that is gone get 0."""
    del podman
    image = _image(tmp_path / "image")
    options = TaskOptions(
        limits=Limits(time=300, cpus=1, memory=2 << 30, disk=1 << 30),
        # Harbor's way to take the network away needs an image that is not here.
        network="public",
        image=image,
        verifier_image=image,
        wheel=_wheel(tmp_path),
    )
    (task,) = export([DIGITS], out=tmp_path / "tasks", data_dir=data_dir(), options=options)
    agents: list[dict[str, str]] = [{"name": "oracle"}]
    agents += [{"import_path": f"harbor_agents:{name}"} for name in ("Looker", "Remover")]
    job = {
        "job_name": "job",
        "jobs_dir": str(tmp_path / "jobs"),
        "n_concurrent_trials": 3,
        "quiet": True,
        "environment": {"type": "podman"},
        "agents": agents,
        "tasks": [{"path": str(task.folder)}],
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    python, environment = harbor
    code = "from harbor.cli.main import app; app()"
    command = [python, "-c", code, "run", "--config", tmp_path / "job.json", "--yes"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    trials = {
        name: result for name, result in map(_trial, (tmp_path / "jobs/job").iterdir()) if name
    }
    told = f"{trials}\n{done.stdout}"
    assert trials.keys() == {"oracle", "looker", "remover"}, told
    assert all(result["exception_info"] is None for result in trials.values()), told
    given = {name: result["verifier_result"]["rewards"] for name, result in trials.items()}
    assert (given["oracle"]["reward"], given["oracle"]["gold_medal"]) == (1.0, 1)
    assert (given["remover"]["reward"], given["remover"]["valid_submission"]) == (0.0, 0)
    assert (given["looker"]["reward"], given["looker"]["valid_submission"]) == (0.0, 1)
    assert 0 < given["looker"]["score"] < 1
    logs = tmp_path / "jobs/job" / trials["looker"]["trial_name"] / "agent"
    text = (logs / "seen.txt").read_text()
    # A terminal shows names in columns.
    assert "sample_submission.csv test.csv train.csv 300 " in " ".join(text.split())
    assert "cannot access '/tests'" in text
    assert "cannot access '/solution'" in text
    assert "missing_rows: " in text
    assert f"valid for {DIGITS}" in text
    assert text.endswith("exit 0\n")
    assert (logs / "instruction.md").read_text() == (task.folder / "instruction.md").read_text()


def _trial(folder: Path) -> tuple[str, Any]:
    if not (folder / "result.json").is_file() or not (folder / "agent").is_dir():
        return "", None
    result = json.loads((folder / "result.json").read_text())
    return result["agent_info"]["name"], result


def _wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", folder, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get(REQUIRED):
            pytest.fail(done.stderr)
        pytest.skip(f"no wheel can be built: {done.stderr.strip()[-500:]}")
    (wheel,) = folder.glob("mlegrade-*.whl")
    return wheel


def _image(folder: Path) -> str:
    """Make an image with pip, tar, and what mlegrade needs but for itself; return its name."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    packages = install("mlegrade-needs", sys.executable, [*needed, "pip"], imports=IMPORTED)
    base = import_image("podman", packages)
    tar = shutil.which("tar")
    assert tar is not None
    listed = subprocess.run(["ldd", tar], capture_output=True, text=True, check=True).stdout  # noqa: S607
    for word in (tar, *(word for word in listed.split() if word.startswith("/lib/"))):
        target = folder / "root" / f"usr/{word.removeprefix('/usr/').removeprefix('/')}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(os.path.realpath(word), target)
    (folder / "Dockerfile").write_text(f"FROM {base}\nCOPY root/usr/ /usr/\n{PIP}")
    name = f"{base}-harbor"
    subprocess.run(["podman", "build", "-q", "-t", name, folder], capture_output=True, check=True)  # noqa: S607
    return name
