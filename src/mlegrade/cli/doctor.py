"""The command ``doctor``."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

import click

import mlegrade
from mlegrade.cli import _options
from mlegrade.cli._group import SETUP, Command
from mlegrade.cli._kaggle import ask
from mlegrade.cli._output import MARKS, clean, echo, echo_json, style, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlegrade.competitions import Competition
    from mlegrade.prepare import Access

_REQUIREMENT = re.compile(r"""^([\w.-]+)\s*([^;\s]*)(?:.*extra\s*==\s*["']([\w-]+)["'])?""")


@dataclass(frozen=True, slots=True)
class _Package:
    """A package that mlegrade uses: always, or for one of its extras."""

    name: str
    needed: str
    installed: str | None
    extra: str | None
    good: bool
    mend: str | None


@dataclass(frozen=True, slots=True)
class _Data:
    """What there is of a competition's data."""

    competition_id: str
    prepared: bool
    missing: tuple[str, ...]
    download: bool
    mend: str | None


@click.command(
    cls=Command,
    example="mlegrade doctor\nmlegrade doctor spooky-author --json\n"
    "mlegrade doctor --kaggle --split lite",
)
@_options.competitions
@_options.split
@click.option(
    "--kaggle", is_flag=True, help="Ask Kaggle, too, whether it hands out what is not prepared."
)
@_options.data_dir
@_options.json_flag
@click.pass_context
def command(
    ctx: click.Context,
    competitions: tuple[str, ...],
    split: str | None,
    kaggle: bool,
    data_dir: str | None,
    as_json: bool,
) -> None:
    """Look at what is installed and prepared, and say what is missing.

    Of the competitions that are named or in the split, or of all. Exit code 3 tells that a package
    that mlegrade cannot do without is missing or too old, that a competition that was named is not
    prepared, or that Kaggle does not hand out what it was asked for.
    """
    from mlegrade import data
    from mlegrade.competitions import get, ids

    folder = data.data_dir(data_dir)
    packages = list(_packages())
    named = [*competitions, *(ids(split) if split else ())]
    found = [_data(get(name), folder) for name in dict.fromkeys(named or ids())]
    wanted = [entry.competition_id for entry in found if not entry.prepared and entry.download]
    access = ask(wanted) if kaggle else []
    if as_json:
        echo_json(
            {
                "mlegrade": mlegrade.__version__,
                "python": platform.python_version(),
                "packages": [asdict(package) for package in packages],
                "data_dir": str(folder),
                "data_dir_state": _state(folder),
                "competitions": [asdict(entry) for entry in found],
                "kaggle": [entry.to_dict() for entry in access] if kaggle else None,
            }
        )
    else:
        _show_packages(packages)
        _show_data(folder, found, all_of_them=not named)
        if kaggle:
            _show_access(access, len(wanted))
    broken = any(not package.good and package.extra is None for package in packages)
    unprepared = bool(named) and not kaggle and not all(entry.prepared for entry in found)
    refused = not all(entry.ok for entry in access)
    if broken or unprepared or refused:
        ctx.exit(SETUP)


def _packages() -> Iterator[_Package]:
    for text in requires("mlegrade") or ():
        match = _REQUIREMENT.match(text)
        if match is None:
            continue
        name, needed, extra = match.groups()
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = None
        good = installed is not None and _reaches(installed, needed)
        wanted = f"'mlegrade[{extra}]'" if extra else f"'{name}{needed}'"
        mend = None if good else f"pip install {wanted}"
        yield _Package(name, needed, installed, extra, good, mend)


def _reaches(installed: str, needed: str) -> bool:
    """Compare with the lower bound, the only kind of bound that mlegrade declares."""
    least = re.search(r">=([\d.]+)", needed)
    return least is None or _release(installed) >= _release(least[1])


def _release(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _data(competition: Competition, folder: Path) -> _Data:
    from mlegrade import data

    paths = data.paths(competition.id, folder)
    wanted = [paths.private / competition.answers_file]
    if not data.about(paths.prepared).get("answers_only"):
        wanted.insert(0, paths.public / competition.sample_submission_file)
    missing: tuple[str, ...]
    try:
        missing = tuple(str(path) for path in wanted if not path.is_file())
        mend = data.prepare_command([competition.id], folder)
    except PermissionError as error:
        missing = (str(error.filename),)
        mend = "give the account that grades the right to read it"
    prepared, download = not missing, bool(competition.raw_files)
    return _Data(competition.id, prepared, missing, download, mend if missing else None)


def _state(folder: Path) -> str:
    if not folder.exists():
        return "absent"
    if not folder.is_dir():
        return "not a folder"
    return "writable" if os.access(folder, os.W_OK) else "read-only"


def _show_packages(packages: list[_Package]) -> None:
    echo(style(f"mlegrade {mlegrade.__version__}, Python {platform.python_version()}", "strong"))
    echo()
    for package in packages:
        mark = style(MARKS["good"], "good") if package.good else style(MARKS["bad"], "bad")
        purpose = f"  (extra: {package.extra})" if package.extra else ""
        state = package.installed or "missing"
        mend = f"  {package.mend}" if package.mend else ""
        echo(f"{mark}  {package.name:<18}{state:<12}{package.needed}{purpose}{mend}")


def _show_data(folder: Path, found: list[_Data], *, all_of_them: bool) -> None:
    echo()
    echo(f"{style('data', 'strong')}  {clean(str(folder))}  {style(_state(folder), 'faint')}")
    echo()
    absent = 0
    for entry in found:
        if entry.prepared:
            echo(f"{style(MARKS['good'], 'good')}  {entry.competition_id}")
        elif all_of_them and not (folder / entry.competition_id).exists():
            absent += 1
        else:
            echo(f"{style(MARKS['bad'], 'bad')}  {entry.competition_id}")
            for path in entry.missing:
                echo(f"   missing  {clean(path)}")
            echo(f"   mend     {clean(entry.mend or '')}")
    if absent:
        echo(f"   {absent} not prepared: mlegrade prepare COMPETITION")


def _show_access(access: list[Access], wanted: int) -> None:
    echo()
    echo(style("kaggle", "strong"))
    echo()
    for entry in access:
        mark = style(MARKS["good"], "good") if entry.ok else style(MARKS["bad"], "bad")
        size = f"  {entry.size / 1e9:,.2f} GB" if entry.size is not None else ""
        echo(f"{mark}  {entry.competition_id}{size}{'' if entry.ok else '  ' + entry.code}")
        for line in wrapped(f"{entry.what} {entry.mend}") if not entry.ok else ():
            echo(line)
    if len(access) < wanted:
        echo(f"   {wanted - len(access)} more were not asked for: the answer would be the same.")
