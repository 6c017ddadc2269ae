"""Where the data of competitions lives; the layout is MLE-bench's own.

``<data_dir>/<id>/raw`` holds a download, ``<data_dir>/<id>/prepared/public`` what an agent may see,
``<data_dir>/<id>/prepared/private`` the answers. Nothing here writes a file.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.errors import NotPreparedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "ABOUT",
    "CAVEATS",
    "SYNTHETIC",
    "CompetitionPaths",
    "about",
    "data_dir",
    "is_prepared",
    "is_synthetic",
    "notes",
    "paths",
    "prepare_command",
    "require_answers",
    "require_prepared",
    "variant",
]

ABOUT = "mlegrade.json"
"""The name of the note beside ``public`` and ``private`` that says how they were made."""

SYNTHETIC = "SYNTHETIC.txt"
"""The name of the file in ``public`` that marks data which mlegrade has made up."""

CAVEATS = {
    "fixes": "graded on data with fixes: not to be compared with MLE-bench.",
    "synthetic": "graded on synthetic data: score and medal say nothing about the competition.",
}
"""What has to be said about scores on other data than MLE-bench's, by its `variant`."""

_VARIABLE = "MLEGRADE_DATA_DIR"
_WAYS = "(`--answers FILE`; in Python, and in the items of grade-many, `answers`)"


@dataclass(frozen=True, slots=True)
class CompetitionPaths:
    """The folders of one competition, whether they exist or not.

    Parameters
    ----------
    root : Path
        The competition's folder below the data directory.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """The files as downloaded."""
        return self.root / "raw"

    @property
    def prepared(self) -> Path:
        """What preparing makes: `public` and `private`."""
        return self.root / "prepared"

    @property
    def public(self) -> Path:
        """What an agent may see."""
        return self.prepared / "public"

    @property
    def private(self) -> Path:
        """The answers."""
        return self.prepared / "private"


def data_dir(explicit: str | os.PathLike[str] | None = None) -> Path:
    """Return the data directory, which need not exist.

    Parameters
    ----------
    explicit : path, optional
        The directory, where the caller names one.

    Returns
    -------
    Path
        `explicit`, else ``$MLEGRADE_DATA_DIR``, else ``mlegrade/data`` in the user's cache
        directory.
    """
    if explicit is not None:
        return Path(explicit).expanduser()
    named = os.environ.get(_VARIABLE)
    return Path(named).expanduser() if named else _cache_dir() / "mlegrade" / "data"


def paths(competition_id: str, data_dir: str | os.PathLike[str] | None = None) -> CompetitionPaths:
    """Return the folders of a competition.

    Parameters
    ----------
    competition_id : str
        The competition's full id.
    data_dir : path, optional
        The data directory; by default that of `data_dir`.
    """
    return CompetitionPaths(_data_dir(data_dir) / competition_id)


def is_prepared(
    competition_id: str, answers_file: str, data_dir: str | os.PathLike[str] | None = None
) -> bool:
    """Return whether the answers of a competition are in place.

    Parameters
    ----------
    competition_id : str
        The competition's full id.
    answers_file : str
        The name of the answers file below ``prepared/private``.
    data_dir : path, optional
        The data directory; by default that of `data_dir`.
    """
    return (paths(competition_id, data_dir).private / answers_file).is_file()


def require_answers(
    competition_id: str, answers_file: str, data_dir: str | os.PathLike[str] | None = None
) -> Path:
    """Return the path of the answers of a competition.

    Parameters
    ----------
    competition_id : str
        The competition's full id.
    answers_file : str
        The name of the answers file below ``prepared/private``.
    data_dir : path, optional
        The data directory; by default that of `data_dir`.

    Raises
    ------
    NotPreparedError
        If they are not there.
    """
    folder = _data_dir(data_dir)
    answers = paths(competition_id, folder).private / answers_file
    try:
        if answers.is_file():
            return answers
    except OSError as error:
        raise NotPreparedError(
            f"the answers of {competition_id} cannot be read: {answers}: {error.strerror}.",
            "Whoever grades needs the right to read them.",
        ) from error
    if folder.is_file():
        raise NotPreparedError(
            f"{folder} is a file.", f"Name the data directory, or the answers themselves {_WAYS}."
        )
    raise NotPreparedError(
        f"the answers of {competition_id} are not prepared: {answers} is missing.",
        f"Run `{prepare_command([competition_id], folder)}`, or name the answers themselves "
        f"{_WAYS}.",
    )


def prepare_command(competition_ids: Iterable[str], data_dir: Path) -> str:
    """Return the command that prepares competitions, to be copied into a shell."""
    import shlex  # noqa: PLC0415 only errors need it

    return f"mlegrade prepare {' '.join(competition_ids)} --data-dir {shlex.quote(str(data_dir))}"


def require_prepared(
    answers: Mapping[str, str | None], data_dir: str | os.PathLike[str] | None = None
) -> None:
    """Look whether competitions have all that an agent works on, before the first of them runs.

    Parameters
    ----------
    answers : mapping of str to str or None
        The competitions, by their full ids, and the names of their answers files; None where the
        public data is all that is needed.
    data_dir : path, optional
        The data directory; by default that of `data_dir`.

    Raises
    ------
    NotPreparedError
        If something is missing; it names all of it, and the command that prepares it.
    """
    folder = _data_dir(data_dir)
    public = {name: paths(name, folder).public for name in answers}
    absent = [name for name, path in public.items() if not path.is_dir()]
    bare = [name for name, path in public.items() if about(path.parent).get("answers_only")]
    there = [name for name in answers if name not in {*absent, *bare}]
    blind = [
        name for name in there if (file := answers[name]) and not is_prepared(name, file, folder)
    ]
    what = []
    if absent:
        what = [f"the data of {', '.join(absent)} is not prepared: {public[absent[0]]} is missing."]
    if bare:
        what += [f"of {', '.join(bare)} only the answers are prepared: nothing to work on."]
    if blind:
        what += [f"the answers of {', '.join(blind)} are missing."]
    if what:
        command = prepare_command([*absent, *bare, *blind], folder)
        raise NotPreparedError(" ".join(what), f"Run `{command}`.")


def about(prepared: Path) -> dict[str, Any]:
    """Return what preparing has noted about its result; nothing about that of others.

    Parameters
    ----------
    prepared : Path
        The folder with ``public`` and ``private``.
    """
    try:
        note = json.loads((prepared / ABOUT).read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def variant(answers: Path) -> str | None:
    """Return how answers were made, as far as that is noted.

    ``mle-bench``, ``fixes`` or ``synthetic``.
    """
    prepared = answers.parent.parent
    noted = about(prepared).get("variant")
    if noted is None:
        return "synthetic" if is_synthetic(prepared) else None
    return str(noted)


def notes(answers: Path) -> tuple[Path, Path]:
    """Return the files that `variant` looks at, whether they are there or not."""
    prepared = answers.parent.parent
    return prepared / ABOUT, _mark(prepared)


def is_synthetic(prepared: Path) -> bool:
    """Return whether the data in a folder with ``public`` and ``private`` is marked as made up."""
    return _mark(prepared).is_file()


def _mark(prepared: Path) -> Path:
    return prepared / "public" / SYNTHETIC


_data_dir = data_dir  # the functions above take a parameter of this name


def _cache_dir() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    # The XDG specification has relative paths ignored.
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".cache"
