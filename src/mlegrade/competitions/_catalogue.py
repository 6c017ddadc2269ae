"""Finding competitions by name: the generated index, entry points, registered folders."""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from mlegrade.competitions._competition import Competition
from mlegrade.competitions._index import INDEX
from mlegrade.competitions._summary import Summary
from mlegrade.errors import SetupError, UnknownCompetitionError

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

__all__ = ["SPLITS", "Summary", "get", "ids", "register", "summaries"]

SPLITS = {
    "lite": ("low",),
    "low": ("low",),
    "medium": ("medium",),
    "high": ("high",),
    "all": ("low", "medium", "high"),
    "dev": ("dev",),
    "demo": ("demo",),
}
"""The names of splits, and the complexities that make them up."""

_GROUP = "mlegrade.competitions"
_HERE = Path(__file__).parent
_SUGGESTIONS = 5
_registered: dict[str, Competition] = {}
_installed: dict[str, Competition] = {}


def get(name: str | Competition) -> Competition:
    """Return a competition.

    Parameters
    ----------
    name : str or Competition
        An id or any unambiguous prefix of one, in any case.

    Raises
    ------
    UnknownCompetitionError
        If no id, or more than one, begins like this.
    """
    if isinstance(name, Competition):
        return name
    wanted = str(name).strip().lower()
    # Built-in names are found without looking for other packages.
    found = (
        _called(wanted, INDEX)
        or _called(wanted, _registered)
        or _begin_so(wanted, INDEX)
        or _called(wanted, _installed)
    )
    if not found:
        others = _others()
        found = _called(wanted, others) or _begin_so(wanted, others)
    if len(found) == 1:
        return _load(found[0])
    if found and wanted:
        raise UnknownCompetitionError(str(name), found[:_SUGGESTIONS], ambiguous=True)
    raise UnknownCompetitionError(str(name), _near(wanted))


def ids(split: str | None = None) -> list[str]:
    """Return the ids of a split, sorted.

    Parameters
    ----------
    split : str, optional
        ``lite`` (the same as ``low``), ``medium``, ``high``, ``all`` (the 75 of the benchmark),
        ``dev`` or ``demo``; by default every competition there is, those of other packages
        included.

    Raises
    ------
    ValueError
        If there is no such split.
    """
    return [summary.id for summary in summaries(split)]


def summaries(split: str | None = None) -> list[Summary]:
    """Return what a list of competitions shows, sorted by id; see `ids`."""
    if split is None:
        others = [_summary_of(competition) for competition in _others().values()]
        return sorted([*INDEX.values(), *others], key=lambda summary: summary.id.lower())
    if split.lower() not in SPLITS:
        raise ValueError(f"there is no split {split!r}; choose one of {', '.join(SPLITS)}.")
    complexities = SPLITS[split.lower()]
    return [summary for summary in INDEX.values() if summary.complexity in complexities]


def register(folder: str | os.PathLike[str]) -> Competition:
    """Add a competition of one's own for this process.

    Parameters
    ----------
    folder : path
        A folder with ``competition.toml`` and ``grader.py``.

    Raises
    ------
    SetupError
        If the folder has no ``competition.toml`` with an id, or if the id is taken.
    """
    # Its files are read when they are wanted, by then perhaps from another working directory.
    competition = _competition_in(Path(folder).absolute(), None)
    if _called(competition.id.lower(), INDEX):
        raise SetupError(f"the id {competition.id!r} is taken; choose another one.")
    _registered[competition.id] = competition
    return competition


def _competition_in(folder: Path, package: str | None) -> Competition:
    try:
        facts = tomllib.loads((folder / "competition.toml").read_text(encoding="utf-8"))
        return Competition(str(facts["id"]), folder, package)
    except (OSError, KeyError, ValueError) as error:
        raise SetupError(
            f"{folder} holds no competition: competition.toml with an id is needed ({error})."
        ) from error


def _load(competition_id: str) -> Competition:
    if competition_id in INDEX:
        return _built_in(competition_id)
    return _registered.get(competition_id) or _installed[competition_id]


@cache
def _built_in(competition_id: str) -> Competition:
    """Return the one object of a competition: its facts are read once a process."""
    folder = INDEX[competition_id].folder
    return Competition(competition_id, _HERE / folder, f"{__package__}.{folder}")


def _others() -> dict[str, Competition]:
    """Return registered competitions, and those that installed packages bring along.

    To look for these takes time: once found, they are called by their ids without another look.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415 dear to import, and seldom needed

    found = {}
    for entry in entry_points(group=_GROUP):
        try:
            module = import_module(entry.value)
        except Exception as error:  # whatever a package of others trips over
            name = entry.dist.name if entry.dist else entry.value
            raise SetupError(
                f"the package {name} offers {entry.value} as a competition, which cannot be "
                f"imported ({type(error).__name__}: {error}).",
                "Mend the package, or uninstall it.",
            ) from error
        folder = Path(str(module.__file__)).parent
        competition = _competition_in(folder, entry.value)
        if _installed.get(competition.id) != competition:
            _installed[competition.id] = competition
        found[competition.id] = _installed[competition.id]
    return found | _registered


def _called(wanted: str, known: Collection[str]) -> list[str]:
    if wanted in known:  # as most are named
        return [wanted]
    return [name for name in known if name.lower() == wanted]


def _begin_so(wanted: str, known: Collection[str]) -> list[str]:
    return [name for name in known if wanted and name.lower().startswith(wanted)]


def _near(wanted: str) -> list[str]:
    if not wanted:
        return []
    by_lower = {name.lower(): name for name in [*INDEX, *_others()]}
    inside = [name for lower, name in by_lower.items() if wanted in lower]
    close = difflib.get_close_matches(wanted, by_lower, n=_SUGGESTIONS, cutoff=0.5)
    # Most ids are long: what was meant is often near the beginning of one.
    begins = {lower[: len(wanted)]: name for lower, name in by_lower.items()}
    near = difflib.get_close_matches(wanted, begins, n=_SUGGESTIONS, cutoff=0.6)
    candidates = [*inside, *(by_lower[name] for name in close), *(begins[name] for name in near)]
    return list(dict.fromkeys(candidates))[:_SUGGESTIONS]


def _summary_of(competition: Competition) -> Summary:
    return Summary(
        competition.id,
        competition.folder.name,
        competition.name,
        competition.category,
        competition.complexity,
        competition.metric,
        competition.higher_is_better,
        competition.flags,
        competition.answers_raw_files is not None,
        bool(competition.fixes),
    )
