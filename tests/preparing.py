"""Small raw data, prepared; and what came out."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from mlegrade.competitions import get
from mlegrade.prepare import prepare
from raw import RAWS
from scratch import new_folder

if TYPE_CHECKING:
    from raw.making import Tables


def made(name: str, folder: Path, tables: Tables | None = None, **options: Any) -> Path:
    """Write raw data and prepare it; return the folder of public and private."""
    RAWS[name].write(folder / "raw", tables)
    return run(name, folder / "raw", folder / "data", **options)


def run(name: str, source: Path, data_dir: Path, **options: Any) -> Path:
    """Prepare, with constants that fit the small size."""
    module = get(name).module("prepare")
    before = {constant: getattr(module, constant) for constant in RAWS[name].constants}
    vars(module).update(RAWS[name].constants)
    try:
        return prepare(name, source=source, data_dir=data_dir, verify="off", **options).folder
    finally:
        vars(module).update(before)


@cache
def prepared(name: str, *, fixes: bool = False) -> Path:
    return made(name, new_folder(), fixes=fixes)


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, those in its archives included."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file():
            continue
        if name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                found |= {f"{name}/{member}": archive.read(member) for member in archive.namelist()}
        elif name.endswith((".tar.gz", ".tar")):
            with tarfile.open(path) as archive:
                members = [member for member in archive if member.isfile()]
                found |= {f"{name}/{m.name}": archive.extractfile(m).read() for m in members}
        elif name.endswith(".7z"):
            found |= contents_of_7z(path, name)
        else:
            found[name] = path.read_bytes()
    return found


def contents_of_7z(path: Path, name: str) -> dict[str, bytes]:
    import py7zr

    with TemporaryDirectory() as folder:
        with py7zr.SevenZipFile(path) as archive:
            archive.extractall(folder)  # noqa: S202 made by the preparer
        return {f"{name}/{inner}": content for inner, content in contents(Path(folder)).items()}


def digests(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents(folder).items()}


def pins(folder: Path) -> dict[str, str]:
    """Return a short digest for each file of public and private, and one for each folder there.

    Those of parquet files and archives depend on what is in them, not on who wrote them.
    """
    sums: dict[str, Any] = {}
    for name, content in contents(folder).items():
        side, _, path = name.partition("/")
        if path:
            top, _, inner = path.partition("/")
            entry = sums.setdefault(f"{side}/{top}{'/' * bool(inner)}", hashlib.sha256())
            entry.update(f"{inner}\0".encode() + hashlib.sha256(_unpacked(name, content)).digest())
    return {name: digest.hexdigest()[:12] for name, digest in sums.items()}


def _unpacked(name: str, content: bytes) -> bytes:
    if name.endswith(".parquet") and content.startswith(b"PAR1"):
        return pd.read_parquet(io.BytesIO(content)).to_csv().encode()
    if name.endswith(".zip"):  # in another archive
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {inner: archive.read(inner) for inner in archive.namelist()}
        return b"".join(_unpacked(inner, members[inner]) for inner in sorted(members))
    return content
