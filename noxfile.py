# /// script
# requires-python = ">=3.11"
# dependencies = ["nox>=2025.2.9"]
# ///
"""What has to hold before a change lands; ``nox`` without arguments runs all that CI runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "types", "tests", "lowest", "docs", "wheel"]

PYTHONS = ["3.11", "3.12", "3.13"]
PROJECT = nox.project.load_toml("pyproject.toml")
PROCESSORS = (
    len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
)
# Many tests wait for other processes: half as many workers again keep the processors busy.
PARALLEL = ["-n", str(-(-3 * PROCESSORS // 2)), "-q"]
QUICK = ["-m", "not slow", "--hypothesis-profile", "repeat"]
GRADING = [
    "tests/test_golden.py",
    "tests/test_bad_input.py",
    "tests/test_batch.py",
    "tests/test_grading.py",
    "tests/schema",
]
# What the packages whose oldest releases are promised have little or nothing to do with.
APART = (
    "cli",
    "examples",
    "integrations",
    "plots",
    "runner",
    "test_generators.py",
    "test_toy.py",
)
WITHOUT = [f"--ignore=tests/{room}" for room in APART]
WHEEL_LIMIT = 5_000_000
# The oldest releases that are promised, where they install on the oldest Python.
LOWEST = [
    "click==8.2.*",
    "kagglehub==1.0.0",
    "numpy==1.26.*",
    "pandas==2.2.*",
    "pillow==10.0.*",
    "py7zr==0.22.*",
    "pyarrow==14.*",
    "pycocotools==2.0.8",
    "rapidfuzz==3.9.*",
    "rich==13.7.*",
    "scikit-learn==1.4.*",
    "scipy==1.12.*",
    "shapely==2.0.*",
]

if shutil.which("pyenv") and "PYENV_VERSION" not in os.environ:
    # pyenv shows only its chosen Python; here all that it keeps count as present.
    listed = subprocess.run(
        ["pyenv", "versions", "--bare"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    kept = [name for name in listed.stdout.split() if name.rpartition(".")[0] in PYTHONS]
    if kept:
        os.environ["PYENV_VERSION"] = ":".join(kept)


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group of pyproject.toml."""
    return list(nox.project.dependency_groups(PROJECT, name))


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests with the newest packages; arguments go to pytest.

    All of them run with the oldest Python, and quick ones of grading with the others;
    ``nox -s tests-3.13 -- -n 3`` runs all of them there, too.
    """
    session.install(".", *group("test"))
    chosen = [] if session.python == PYTHONS[0] else [*QUICK, *GRADING]
    session.run("pytest", *(session.posargs or [*PARALLEL, *chosen]))


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the quick tests with the oldest packages that are promised, pandas 2.2 among them."""
    session.install(".", *LOWEST, *group("test"))
    session.run("pytest", *(session.posargs or [*PARALLEL, *QUICK, *WITHOUT]))


@nox.session
def lint(session: nox.Session) -> None:
    """Look at style and form."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types, strictly."""
    session.install(".", *group("types"))
    session.run("mypy", "--strict", "src", "noxfile.py", "tests/coin-toss/src")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; warnings are errors."""
    session.install(".", *group("docs"))
    session.run(
        "sphinx-build", "-W", "--keep-going", "-q", "-j", "auto", "docs", "docs/_build/html"
    )


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the packages and use the wheel in a clean environment."""
    session.install(*group("wheel"))
    folder = Path(session.create_tmp()).resolve()
    shutil.rmtree(folder / "dist", ignore_errors=True)
    command = ["python", "-m", "build", "--installer", "uv", "--outdir", str(folder / "dist")]
    session.run(*command, silent=True)
    (built,) = (folder / "dist").glob("*.whl")
    check_wheel(session, built)
    clean = folder / "clean"
    session.run("python", "-m", "venv", "--clear", str(clean))
    programs = clean / ("Scripts" if os.name == "nt" else "bin")
    # Little of what is installed is used here, and what is, compiles itself.
    install = [str(programs / "pip"), "install", "-q", "--no-compile", str(built)]
    session.run(*install, external=True)
    program = str(programs / "mlegrade")
    case = Path("tests/golden/spooky-author-identification").resolve()
    with session.chdir(folder):
        for arguments in (
            ["--help"],
            ["grade", str(case / "perfect.csv"), "spooky", "--answers", str(case / "test.csv")],
            ["demo", "--json"],
            ["doctor"],
        ):
            session.run(program, *arguments, external=True, silent=True)
        # Without the extra there is nothing to download with: a row of the table, no crash.
        names = ("spooky-author", "optical-digits", "leaf")
        told = session.run(
            program, "prepare", *names, "--data-dir", "data", "--json",
            external=True, silent=True, success_codes=[3],
        )  # fmt: skip
        if "mlegrade[prepare]" not in str(told) or "Traceback" in str(told):
            session.error(f"prepare without its extra: {told}")


def check_wheel(session: nox.Session, built: Path) -> None:
    """Refuse a wheel that is too large or lacks files of the package."""
    size = built.stat().st_size
    session.log(f"{built.name}: {size:,} bytes")
    if size > WHEEL_LIMIT:
        session.error(f"the wheel has more than {WHEEL_LIMIT:,} bytes.")
    source = Path("src")
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "mlegrade").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(built) as archive:
        absent = wanted - set(archive.namelist())
    if absent:
        session.error(f"the wheel lacks {', '.join(sorted(absent)[:5])}.")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure; arguments go to the benchmarks."""
    session.install(".")
    session.run("python", "benchmarks/run.py", *session.posargs)


if __name__ == "__main__":
    nox.main()
