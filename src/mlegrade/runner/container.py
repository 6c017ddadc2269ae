"""Agents in containers, through the command line that Podman and Docker share."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from mlegrade.errors import PrerequisiteError, SetupError
from mlegrade.runner.container_box import ContainerBox
from mlegrade.runner.engine import LOG_BYTES, Task
from mlegrade.runner.job import INSTRUCTIONS, OUTPUTS
from mlegrade.runner.places import PORT, Places
from mlegrade.runner.program import program

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.runner.agent import Agent
    from mlegrade.runner.job import Job
    from mlegrade.runner.limits import Limits

__all__ = ["ContainerEngine", "engine"]

PLACES = Places(
    data="/home/data",
    submission="/home/submission",
    code="/home/code",
    logs="/home/logs",
    agent="/home/agent",
    instructions="/home/instructions.txt",
    validate_script="/home/validate_submission.sh",
    validation_url=f"http://localhost:{PORT}",
)
CONTROL = "/run/mlegrade"
LABEL = "mlegrade.run"
GPUS = "mlegrade.gpus"
# Root runs agents as this user, anybody else as themselves: they own what agents write.
USER = 1000
_BLOCK = 512
_TMP_BYTES = 4 << 30
# An engine that enforces an end of its own does so long after the runner would have.
_BACKSTOP = 60


def engine(name: str) -> ContainerEngine:
    """Return the engine of that name, if it is there.

    Raises
    ------
    PrerequisiteError
        If its program is not installed.
    """
    if shutil.which(name) is None:
        raise PrerequisiteError(
            f"there is no program {name!r}. Install it, or choose another --engine; `--engine "
            "local` runs agents without isolation."
        )
    return ContainerEngine(name)


class ContainerEngine:
    """Runs agents in containers.

    Parameters
    ----------
    name : str
        ``podman`` or ``docker``.
    """

    isolated = True

    def __init__(self, name: str) -> None:
        self._program = program(name)

    def __repr__(self) -> str:
        return f"ContainerEngine({self._program.name!r})"

    def facts(self) -> dict[str, Any]:
        """Return name and versions."""
        side = "Client" if self._program.podman else "Server"
        return {
            "name": self._program.name,
            "version": self._program.call("version", "--format", f"{{{{.{side}.Version}}}}"),
            "runtime": self._program.runtime,
            "rootless": self._program.rootless,
            "unlimited": self._program.unlimited,
            "isolated": True,
        }

    def require(self, limits: Limits) -> None:
        """Raise `SetupError` if memory or processors cannot be limited as they should be."""
        for controller, option in (("memory", "memory"), ("cpu", "cpus")):
            if getattr(limits, option) is not None and controller in self._program.unlimited:
                raise SetupError(
                    f"--{option} asks for a limit that this user's containers cannot have here. "
                    "Leave it out, run as root, or have the system delegate the controller "
                    f"{controller!r} to the user, which needs cgroup v2."
                )

    def image(self, agent: Agent, image: str | None) -> tuple[str | None, dict[str, Any]]:
        """Return the image to run an agent in, built or pulled if need be, and facts about it."""
        name = image or agent.image
        if name is None and agent.containerfile is not None:
            name = f"localhost/mlegrade-agent-{agent.id}:{agent.sha256[:12]}"
            if not self._has(name):
                file = agent.folder / agent.containerfile
                self._program.call("build", "--tag", name, "--file", str(file), str(agent.folder))
        elif name is not None and not self._has(name):
            self._program.call("pull", name)
        if name is None:
            raise SetupError(
                f"the agent {agent.id} names no image: give `image` or `containerfile` in its "
                "agent.toml, or name one with --image."
            )
        found = json.loads(self._program.call("image", "inspect", name))[0]
        digest = found.get("Digest") or next(iter(found.get("RepoDigests") or []), None)
        # The run uses the image by its id: the name may come to mean another one.
        facts = {"image": name, "image_id": found["Id"], "image_digest": digest}
        return str(found["Id"]), facts

    def _has(self, image: str) -> bool:
        try:
            self._program.call("image", "inspect", image)
        except SetupError:
            return False
        return True

    def places(self, job: Job, port: int | None) -> Places:
        """Return where an agent finds things: always the same."""
        del job, port
        return PLACES

    def start(self, task: Task) -> ContainerBox:
        """Create a container and start it."""
        self.require(task.limits)
        if os.geteuid() == 0:
            for name in OUTPUTS:
                os.chown(task.work / name, USER, USER)
        name = container_name(task.key)
        self._program.call("create", *self.arguments(task), environment=dict(task.secrets))
        # Podman's monitor writes a file where it is started, when memory runs out.
        self._program.call("start", name, folder=task.work)
        return ContainerBox(self._program, name)

    def arguments(self, task: Task) -> list[str]:
        """Return the arguments of ``create``."""
        if task.image is None:
            raise SetupError(
                f"the engine {self._program.name} needs an image: name one with --image."
            )
        ports = [f"{port}={CONTROL}/{socket}" for port, socket in task.ports.items()]
        entry = [f"{CONTROL}/entry.sh", str(max(task.limits.disk // _BLOCK, 1)), *ports, "--"]
        return [
            *("--name", container_name(task.key), "--label", f"{LABEL}={task.key}"),
            *("--hostname", "agent", "--workdir", PLACES.code),
            *self._isolation(task),
            *self._limits(task),
            *self._mounts(task),
            *[part for pair in task.environment.items() for part in ("--env", "=".join(pair))],
            # Without a value: it is taken from the environment, where a list of processes shows
            # none of it.
            *[part for name in task.secrets for part in ("--env", name)],
            *("--entrypoint", "/bin/sh", task.image),
            *entry,
            *task.command,
        ]

    def _isolation(self, task: Task) -> list[str]:
        user = os.geteuid() or USER
        group = os.getegid() if os.geteuid() else USER
        arguments = ["--user", f"{user}:{group}", "--network", task.network, "--cap-drop", "all"]
        arguments += ["--security-opt", "no-new-privileges"]
        if self._program.rootless:
            arguments += ["--userns", "keep-id"]
        if not task.writable:
            arguments.append("--read-only")
            if self._program.podman:  # it would add folders that can be written to
                arguments.append("--read-only-tmpfs=false")
        return arguments

    def _limits(self, task: Task) -> list[str]:
        limits = task.limits
        arguments = ["--pids-limit", str(limits.pids), "--shm-size", str(limits.shared_memory)]
        arguments += ["--tmpfs", f"/tmp:rw,size={_TMP_BYTES},mode=1777"]  # noqa: S108 inside
        if limits.memory is not None:
            arguments += ["--memory", str(limits.memory), "--memory-swap", str(limits.memory)]
        if limits.cpus is not None:
            arguments += ["--cpus", f"{limits.cpus:g}"]
        arguments += ["--log-driver", "json-file", "--log-opt", f"max-size={LOG_BYTES}"]
        if task.gpus:
            arguments += ["--label", f"{GPUS}={','.join(task.gpus)}"]
        if self._program.podman:
            seconds = int(limits.time + limits.grace) + _BACKSTOP
            arguments += ["--timeout", str(seconds)]
            arguments += [
                part for gpu in task.gpus for part in ("--device", f"nvidia.com/gpu={gpu}")
            ]
        elif task.gpus:
            arguments += ["--gpus", f'"device={",".join(task.gpus)}"']
        return arguments

    @staticmethod
    def _mounts(task: Task) -> list[str]:
        read_only = [
            (task.public, PLACES.data),
            (task.agent, PLACES.agent),
            (task.control, CONTROL),
            (task.control / INSTRUCTIONS, PLACES.instructions),
            (task.control / "validate_submission.sh", PLACES.validate_script),
            *[(file, f"{PLACES.data}/{name}") for name, file in task.masks],
        ]
        mounts = [_mount(source, target, "readonly") for source, target in read_only]
        mounts += [_mount(task.work / name, f"/home/{name}") for name in OUTPUTS]
        return [part for mount in mounts for part in ("--mount", mount)]

    def find(self, key: str) -> ContainerBox | None:
        """Return the container of a run that was started, whether it still runs or has ended."""
        box = ContainerBox(self._program, container_name(key))
        state = box.state()
        return box if state and state["Status"] in {"running", "exited", "stopped"} else None

    def clear(self, key: str) -> None:
        """End and remove all containers of a run."""
        listed = self._program.call("ps", "--all", "--quiet", "--filter", f"label={LABEL}={key}")
        for name in listed.split():
            self._program.call("rm", "--force", name)

    def busy_gpus(self) -> set[str]:
        """Return the GPUs of containers that run, whether somebody watches them or not."""
        listed = self._program.call("ps", "--quiet", "--filter", f"label={GPUS}").split()
        if not listed:
            return set()
        found = json.loads(self._program.call("container", "inspect", *listed))
        return {gpu for one in found for gpu in one["Config"]["Labels"][GPUS].split(",")}


def container_name(key: str) -> str:
    """Return the name of a run's container: one that a second one cannot have."""
    return f"mlegrade-{key}"


def _mount(source: Path, target: str, *options: str) -> str:
    path = str(source)
    if "," in path or '"' in path:
        raise SetupError(f"{path} has a comma or a quote in its name, which engines cannot mount.")
    return ",".join(("type=bind", f"source={path}", f"target={target}", *options))
