"""Multi-modal Gesture Recognition: the last of four archives of training sessions is for test."""

import io
import random
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from mlegrade.prepare import Workspace, write_csv

GESTURES = range(1, 21)
DESCRIPTION = 116  # bytes of a MATLAB file's head
TEST = "training4.tar.gz"
SHOWN = (
    *(f"training{at}.tar.gz" for at in (1, 2, 3)),
    *(f"validation{at}.tar.gz" for at in (1, 2, 3)),
    "devel01-40.7z",
    "valid_all_files_combined.7z",
    "sample_code_mmrgc.zip",
)


def prepare(files: Workspace) -> None:
    """Make public and private data; the sessions stay in their archives."""
    with tarfile.open(files.raw(TEST)) as archive:
        sessions = [PurePosixPath(name) for name in archive.getnames()]
    ids = sorted(session.stem[-4:] for session in sessions if session.suffix == ".zip")
    table = files.read_csv("training.csv", dtype=str)
    is_test = table["Id"].isin(ids)
    files.require(is_test.sum() == len(ids), "a row of each test session")
    rng = random.Random(0)
    guesses = [" ".join(map(str, rng.sample(GESTURES, len(GESTURES)))) for _ in ids]
    sample = pd.DataFrame({"Id": ids, "Sequence": guesses})
    write_csv(files.public / "training.csv", table[~is_test])
    write_csv(files.public / "test.csv", sample[["Id"]])
    write_csv(files.public / "randomPredictions.csv", sample)
    write_csv(files.private / "test.csv", table[is_test])
    files.copy(*SHOWN)
    if not files.fixes:
        files.copy_as(TEST, "test.tar.gz")
    elif not files.answers_only:
        _write_unlabelled(files.raw(TEST), files.public / "test.tar.gz")


def _write_unlabelled(source: Path, target: Path) -> None:
    """Write the archive of the test sessions anew, without the labels in their recordings."""
    with tarfile.open(source) as old, tarfile.open(target, "x:gz") as new:
        for info in old:
            content = old.extractfile(info)
            if content is None:
                continue
            data = content.read()
            if info.name.endswith(".zip"):
                data = _unlabelled_session(data)
            info.size = len(data)
            new.addfile(info, io.BytesIO(data))


def _unlabelled_session(session: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(session)) as old, zipfile.ZipFile(result, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, _unlabelled(data) if info.filename.endswith(".mat") else data)
    return result.getvalue()


def _unlabelled(recording: bytes) -> bytes:
    """Return a recording whose structure `Video` lacks the field `Labels`."""
    from scipy.io import loadmat, savemat  # noqa: PLC0415 dear to import

    video = loadmat(io.BytesIO(recording))["Video"]
    kept = [name for name in video.dtype.names if name != "Labels"]
    shown = np.empty(video.shape, [(name, object) for name in kept])
    for name in kept:
        shown[name] = video[name]
    result = io.BytesIO()
    savemat(result, {"Video": shown}, do_compression=True)
    # The description in the head, which scipy fills with the time, is made the same every time.
    return b"MATLAB 5.0 MAT-file".ljust(DESCRIPTION) + result.getvalue()[DESCRIPTION:]
