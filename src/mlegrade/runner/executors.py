"""Executors of clusters, by address."""

from __future__ import annotations

import contextlib
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlegrade.errors import PrerequisiteError, SetupError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor

    from mlegrade.runner.limits import Limits

__all__ = ["connect", "dask_resources"]

_DASK = "dask://"
_ADDRESS = re.compile(rf"{_DASK}[^/]+:[0-9]{{1,5}}")
GPU = "GPU"
MEMORY = "MEMORY"


@contextlib.contextmanager
def connect(address: str, limits: Limits) -> Iterator[Executor]:
    """Give the executor of a cluster.

    Parameters
    ----------
    address : str
        ``dask://HOST:PORT``, where a Dask scheduler listens.
    limits : Limits
        What a run uses: a worker gets no more runs at a time than its resources suffice for.

    Raises
    ------
    UsageError
        If the address is none.
    SetupError
        If there is no such cluster, or none of its workers has the GPUs or the memory.
    """
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"{address!r} is no executor: write dask://HOST:PORT. Executors of other kinds, for "
            "Slurm or Ray, are for `mlegrade.runner.run` in Python."
        )
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise PrerequisiteError(
            f"--executor {address} needs distributed: pip install distributed"
        ) from error
    try:
        client = distributed.Client(f"tcp://{address.removeprefix(_DASK)}", set_as_default=False)
    except OSError as error:
        raise SetupError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        resources = dask_resources(limits, [worker["resources"] for worker in workers])
        # A run is no pure function, and whether it has to be done again is for its journal to say.
        yield client.get_executor(pure=False, resources=resources, retries=0)


def dask_resources(limits: Limits, workers: list[Mapping[str, Any]]) -> dict[str, float]:
    """Return which resources a run takes of a Dask worker.

    Parameters
    ----------
    limits : Limits
        What a run uses.
    workers : list of mapping
        The resources that each worker was started with (``--resources "GPU=2 MEMORY=64e9"``).

    Raises
    ------
    SetupError
        If no worker has so many GPUs, or states a memory and none has so much. Where no worker
        states a memory, memory is not shared out.
    """
    wanted: dict[str, float] = {}
    if limits.gpus:
        wanted[GPU] = float(limits.gpus)
    if limits.memory is not None and any(MEMORY in worker for worker in workers):
        wanted[MEMORY] = float(limits.memory)
    fitting = [
        worker
        for worker in workers
        if all(worker.get(name, 0) >= amount for name, amount in wanted.items())
    ]
    if not fitting:
        named = ", ".join(f"{name}={amount:g}" for name, amount in wanted.items()) or "any worker"
        raise SetupError(
            f"no worker of the cluster has {named}: start workers with --resources, or ask for "
            "less."
        )
    return wanted
