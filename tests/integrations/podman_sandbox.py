"""A sandbox provider for Inspect that keeps to a Compose file with Podman.

Inspect's own needs a Docker Engine and a Compose that are newer than what many machines have. This
one reads the same configuration, and refuses what it does not know.
"""

from __future__ import annotations

import errno
import shutil
import subprocess
from functools import partial
from typing import Any

import anyio.to_thread
from inspect_ai.util import (
    ExecResult,
    OutputLimitExceededError,
    SandboxEnvironment,
    SandboxEnvironmentLimits,
    sandboxenv,
)

# fmt: off
FLAGS = {
    "hostname": "--hostname", "network_mode": "--network", "pids_limit": "--pids-limit",
    "shm_size": "--shm-size", "cpus": "--cpus", "mem_limit": "--memory",
    "memswap_limit": "--memory-swap",
}
LISTS = {"cap_drop": "--cap-drop", "security_opt": "--security-opt"}
# fmt: on
IGNORED = {"init", "stop_grace_period"}


def arguments(service: dict[str, Any]) -> list[str]:
    """Return the arguments of ``podman run`` for a service of a Compose file."""
    image, command = service.pop("image"), service.pop("command")
    found = ["--detach", "--rm"]
    for mount in service.pop("volumes"):
        assert mount["type"] == "bind"
        options = ["type=bind", f"source={mount['source']}", f"target={mount['target']}"]
        found += ["--mount", ",".join([*options, *["readonly"] * mount["read_only"]])]
    for name, value in service.items():
        if name in LISTS:
            found += [part for item in value for part in (LISTS[name], item)]
        elif name not in IGNORED:
            found += [FLAGS[name], str(value)]
    return [*found, image, *command]


@sandboxenv(name="podman")
class Podman(SandboxEnvironment):
    """One container for each sample."""

    def __init__(self, container: str, folder: str) -> None:
        super().__init__()
        self.container = container
        self.folder = folder

    @classmethod
    def is_docker_compatible(cls) -> bool:
        return True

    @classmethod
    async def sample_init(cls, *given):
        _, config, _ = given
        service = config.model_dump(exclude_none=True)["services"]["default"]
        folder = service.pop("working_dir")
        started = await call("run", *arguments(service))
        assert started.returncode == 0, started.stderr
        made = cls(started.stdout.decode().strip(), folder)
        await call("exec", made.container, "mkdir", "-p", folder)  # as Docker does by itself
        return {"default": made}

    @classmethod
    async def sample_cleanup(cls, *given):
        _, _, environments, _ = given
        for environment in environments.values():
            await call("rm", "--force", "--time", "0", environment.container)

    async def exec(self, cmd, input=None, **_options):  # noqa: A002 as Inspect calls it
        text = (input or "").encode()
        words = ("--interactive", "--workdir", self.folder, self.container, *cmd)
        done = await call("exec", *words, text=text)
        texts = (done.stdout.decode(), done.stderr.decode())
        return ExecResult(done.returncode == 0, done.returncode, *texts)

    async def write_file(self, file, contents):
        raise NotImplementedError

    async def read_file(self, file, text=True):  # noqa: FBT002
        limit = SandboxEnvironmentLimits.MAX_READ_FILE_SIZE
        done = await call("exec", self.container, "head", "-c", str(limit + 1), file)
        if done.returncode:
            raise FileNotFoundError(errno.ENOENT, done.stderr.decode(), file)
        if len(done.stdout) > limit:
            raise OutputLimitExceededError(str(limit), None)
        return done.stdout.decode() if text else done.stdout


async def call(*words: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the program."""
    program = shutil.which("podman") or "podman"
    run = partial(subprocess.run, [program, *words], input=text, capture_output=True, check=False)
    return await anyio.to_thread.run_sync(run)
