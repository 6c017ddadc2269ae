"""How competitions become tasks, and where things are in these."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, get_args

from mlegrade.errors import SetupError
from mlegrade.rewards import RewardKind
from mlegrade.runner.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["IMAGE", "LIMITS", "NETWORKS", "PLACES", "TaskOptions"]

IMAGE = "python:3.12-slim"
LIMITS = Limits(cpus=4, memory=16 << 30, disk=50 << 30)
"""What an agent may use where nothing else is said: MLE-bench's day, on a small machine."""

NETWORKS = ("none", "public")
PLACES = {
    "DATA_DIR": PurePosixPath("/home/data"),
    "SUBMISSION_DIR": PurePosixPath("/home/submission"),
    "CODE_DIR": PurePosixPath("/home/code"),
    "LOGS_DIR": PurePosixPath("/home/logs"),
}
"""The folders of an agent, and the variables that name them."""

_HOST = re.compile(r"[A-Za-z0-9*:][A-Za-z0-9.:*/-]*")
_ENTRY = "mlegrade/integrations/harbor/__main__.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOptions:
    """How competitions become tasks.

    Parameters
    ----------
    limits : Limits, optional
        What an agent may use: ``time``, ``cpus``, ``memory``, ``gpus`` and ``disk``; the room for
        the public data is added to the last one.
    reward : {"any_medal", "medal", "percentile", "normalized"}, optional
        What counts as reward, see `mlegrade.reward`.
    network : {"none", "public"}, optional
        The agent's network.
    allowed_hosts : sequence of str, optional
        Hosts that an agent reaches although it has no network: names, ``*.`` and a name, addresses.
    image : str, optional
        The image that the agent's environment starts from.
    dockerfile : path, optional
        Lines to start from instead of an image.
    packages : sequence of str, optional
        What pip installs for the agent.
    validator : bool, optional
        Whether mlegrade is installed for the agent, for ``/home/validate_submission.sh``. It never
        is where titles are hidden: mlegrade knows them.
    obfuscated : bool, optional
        Whether the competition's title and origin are hidden.
    wheel : path, optional
        The wheel of mlegrade to install; by default this version from the package index.
    verifier_image : str, optional
        The image that the verifier starts from: Python 3.11 or later, with pip.

    Raises
    ------
    ValueError
        If there is no such reward or network, or something is no host, image or package.
    """

    limits: Limits = LIMITS
    reward: RewardKind = "any_medal"
    network: str = "none"
    allowed_hosts: tuple[str, ...] = ()
    image: str = IMAGE
    dockerfile: Path | None = None
    packages: tuple[str, ...] = ()
    validator: bool = True
    obfuscated: bool = False
    wheel: Path | None = None
    verifier_image: str = IMAGE

    def __post_init__(self) -> None:
        _one_of("reward", self.reward, get_args(RewardKind))
        _one_of("network", self.network, NETWORKS)
        if self.allowed_hosts and self.network == "public":
            raise ValueError("a public network reaches every host: name hosts or open it, not both")
        for host in self.allowed_hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is no name and no address of a host")
        for word in (self.image, self.verifier_image, *self.packages):
            if not word or word.startswith("-") or any(map(str.isspace, word)):
                raise ValueError(f"{word!r} is no image and no package: it is one word")

    def check(self) -> None:
        """Look at the files that are named.

        Raises
        ------
        SetupError
            If one is not there, or is not what it should be.
        """
        if self.dockerfile is not None and not Path(self.dockerfile).is_file():
            raise SetupError(f"there is no Dockerfile {self.dockerfile}.", "Name another one.")
        if self.wheel is None:
            return
        try:
            with zipfile.ZipFile(self.wheel) as archive:
                names = archive.namelist()
        except (OSError, zipfile.BadZipFile) as error:
            raise SetupError(f"{self.wheel} is no wheel: {error}.", _BUILD) from error
        if _ENTRY not in names or not Path(self.wheel).name.endswith(".whl"):
            raise SetupError(f"{self.wheel} is no wheel of a mlegrade that verifies.", _BUILD)


_BUILD = "Build one in mlegrade's folder: `pip wheel --no-deps --wheel-dir dist .`"


def _one_of(what: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise ValueError(f"no {what} is called {value!r}; choose one of {', '.join(known)}")
