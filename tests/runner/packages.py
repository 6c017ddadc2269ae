"""Packages of agents, installed once into a folder of the user's cache."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runner.conftest import REQUIRED


def install(name: str, python: str, *steps: list[str], imports: str = "") -> Path:
    """Install packages for an interpreter into a folder, unless they are there; return it.

    Each step is a list of arguments of ``pip install``. Where nothing can be installed, the test
    skips, unless everything has to be there. What is imported is compiled once, for all processes
    and containers that will import it.
    """
    texts = [Path(word).read_text() for step in steps for word in step if Path(word).is_file()]
    version = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
    content = f"{version.stdout}{[[Path(word).name for word in step] for step in steps]}{texts}"
    content += imports
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlegrade-tests"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / f"{name}-{digest}"
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder
        partial = folder.with_suffix(".new")
        shutil.rmtree(partial, ignore_errors=True)
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet"]
        command += ["--python", python, "--target", str(partial)]
        for step in steps:
            done = subprocess.run([*command, *step], capture_output=True, text=True, check=False)
            if done.returncode:
                if os.environ.get(REQUIRED):
                    pytest.fail(done.stderr)
                pytest.skip(f"{name} cannot be installed: {done.stderr.strip()[-500:]}")
        if imports:
            subprocess.run(
                [python, "-c", f"import {imports}"],
                env={**os.environ, "PYTHONPATH": str(partial), "PYTHONDONTWRITEBYTECODE": ""},
                check=True,
            )
        partial.rename(folder)
    return folder
