"""Where an agent finds things in a sandbox, and what it is told about that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlegrade.runner.instructions import Surroundings
from mlegrade.runner.job import DESCRIPTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.competitions import Competition
    from mlegrade.runner.limits import Limits

__all__ = ["DATA", "FILE", "FOLDERS", "IMAGE", "LOCAL", "ROOT", "compose", "surroundings"]

LOCAL = "local"
"""Inspect's sandbox without isolation; its places are in a temporary folder."""

ROOT = "/home"
DATA = "data"
FOLDERS = ("submission", "code", "logs")
FILE = "submission/submission.csv"
IMAGE = "mlegrade-inspect"
"""What the image is called that is built where none is named."""

_CHECK = """\
The tool `validate_submission`, where you have it, says what is wrong with the form of a file. It
does not know the answers, so it never tells a score."""
_END = "Then you are stopped, whatever you are at, and what is in `submission.csv` counts."
_RELATIVE = "\nThese names begin at the folder that your commands start in."


def surroundings(sandbox: str) -> Surroundings:
    """Return what an agent in a sandbox is told of where it is.

    Parameters
    ----------
    sandbox : str
        The sandbox's type.
    """
    local = sandbox == LOCAL
    return Surroundings(
        check=_CHECK,
        end=_END,
        places=_RELATIVE if local else "",
        root="." if local else ROOT,
        disk=False,
    )


def compose(
    competition: Competition,
    public: Path,
    limits: Limits,
    *,
    image: str | None = None,
    build: Path | None = None,
    network: str = "none",
    obfuscated: bool = False,
) -> dict[str, Any]:
    """Return the Compose file of a competition's sandbox.

    Parameters
    ----------
    competition : Competition
        The competition.
    public : Path
        Its public data: all of the host that is mounted, and read-only.
    limits : Limits
        What the sandbox may use.
    image : str, optional
        The image.
    build : Path, optional
        The folder that the image is made of where none is named.
    network : str, optional
        ``none``, or what Compose knows as a ``network_mode``.
    obfuscated : bool, optional
        Whether descriptions among the public data that tell the competition's name are covered.
    """
    service: dict[str, Any] = {
        "command": ["tail", "-f", "/dev/null"],
        "hostname": "agent",
        "working_dir": f"{ROOT}/code",
        "init": True,
        "stop_grace_period": "1s",
        "network_mode": network,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "pids_limit": limits.pids,
        "shm_size": limits.shared_memory,
        "volumes": [_mount(public, f"{ROOT}/{DATA}")],
    }
    if image is not None:
        service["image"] = image
    else:
        service["image"] = IMAGE
        service["build"] = {"context": _literal(build), "dockerfile": "Containerfile"}
    if obfuscated:
        told = competition.folder / "description_obfuscated.md"
        covered = [name for name in DESCRIPTIONS if (public / name).is_file()]
        service["volumes"] += [_mount(told, f"{ROOT}/{DATA}/{name}") for name in covered]
    if limits.cpus is not None:
        service["cpus"] = limits.cpus
    if limits.memory is not None:
        # The same twice: no swap beside it.
        service |= {"mem_limit": str(limits.memory), "memswap_limit": limits.memory}
    if limits.gpus:
        gpus = {"driver": "nvidia", "count": limits.gpus, "capabilities": ["gpu"]}
        service["deploy"] = {"resources": {"reservations": {"devices": [gpus]}}}
    return {"services": {"default": service}}


def _mount(source: Path, target: str) -> dict[str, Any]:
    return {
        "type": "bind",
        "source": _literal(source),
        "target": target,
        "read_only": True,
        "bind": {"create_host_path": False},
    }


def _literal(path: object) -> str:
    """Return a path as Compose has to see it, which fills in variables."""
    return str(path).replace("$", "$$")
