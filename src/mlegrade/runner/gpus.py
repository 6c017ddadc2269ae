"""GPUs of one machine, leased to runs by id.

A lease is a lock on a file, which the system frees when its holder dies. All runners of a user on
a machine share the files, whatever started them: threads, processes, the workers of a cluster.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from mlegrade.errors import SetupError
from mlegrade.runner.files import exclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

__all__ = ["lease", "machine_gpus"]

_PAUSE = 0.5
_VARIABLE = "MLEGRADE_LEASES"
_NONE = {"", "-1"}  # to CUDA, such an id hides itself and all after it


def machine_gpus() -> tuple[str, ...]:
    """Return the ids of the GPUs that this process may use.

    Those of ``$CUDA_VISIBLE_DEVICES``, which a cluster's worker has for itself, else all that
    ``nvidia-smi`` lists.
    """
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        named = (part.strip() for part in visible.split(","))
        return tuple(takewhile(lambda gpu: gpu not in _NONE, named))
    if shutil.which("nvidia-smi") is None:
        return ()
    done = subprocess.run(
        ["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return tuple(done.stdout.split()) if done.returncode == 0 else ()


@contextlib.contextmanager
def lease(
    count: int,
    ids: Sequence[str],
    *,
    busy: Callable[[], Collection[str]] = tuple,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[str, ...]]:
    """Hold some of a machine's GPUs, all at once; wait until so many are free.

    Parameters
    ----------
    count : int
        How many.
    ids : sequence of str
        Which there are.
    busy : callable, optional
        Returns those that are in use although nobody holds them, by what an interrupted runner
        left running.
    stopped : callable, optional
        Whether to give up waiting; then there are none.

    Raises
    ------
    SetupError
        If there are not so many.
    """
    ids = tuple(dict.fromkeys(ids))  # the same one twice would never be free
    if count > len(ids):
        raise SetupError(
            f"the run needs {count} GPUs, and this machine has {len(ids)}: "
            f"{', '.join(ids) or 'none'}. Name them with --gpu-ids, or ask for fewer."
        )
    with contextlib.ExitStack() as stack:
        held = _take(count, ids, busy, stack)
        while len(held) < count and not stopped():
            time.sleep(_PAUSE)
            held = _take(count, ids, busy, stack)
        yield held


def _take(
    count: int,
    ids: Sequence[str],
    busy: Callable[[], Collection[str]],
    stack: contextlib.ExitStack,
) -> tuple[str, ...]:
    """Lock so many GPUs or none: whoever held some while waiting for more could wait for ever."""
    if not count:
        return ()
    folder = Path(os.environ.get(_VARIABLE) or _shared_folder())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = busy()
    held: list[str] = []
    with contextlib.ExitStack() as trial:
        for gpu in ids:
            name = gpu.replace("/", "_")
            if gpu not in taken and trial.enter_context(exclusive(folder / name)):
                held.append(gpu)
                if len(held) == count:
                    stack.push(trial.pop_all())
                    return tuple(held)
    return ()


def _shared_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"mlegrade-leases-{os.getuid()}"
