"""Tools for agents over the Model Context Protocol: what the task is, and whether a file is valid.

A client starts the server as a program of its own and speaks with it through standard input and
output. Only files below one folder are read, so that nobody has the answers validated.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlegrade
from mlegrade import data
from mlegrade.competitions import get, summaries
from mlegrade.errors import MlegradeError, PrerequisiteError
from mlegrade.grading import grade, validate
from mlegrade.integrations._below import opened_below
from mlegrade.schema.describe import submission_schema

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from mcp.server.mcpserver import MCPServer

    from mlegrade.competitions import Competition
    from mlegrade.schema.sources import Source

__all__ = ["server"]

_INSTRUCTIONS = (
    "Tasks of machine-learning competitions. Read the task and the format of its submission, write "
    "the submission as a CSV file, and have its form checked before you hand it in."
)


def server(
    competitions: Iterable[str] = (),
    *,
    root: str | os.PathLike[str] = ".",
    data_dir: str | os.PathLike[str] | None = None,
    obfuscated: bool = False,
    may_grade: bool = False,
) -> MCPServer[Any]:
    """Return a server of the Model Context Protocol.

    Parameters
    ----------
    competitions : iterable of str, optional
        The competitions that it knows, by id or unambiguous prefix; by default all.
    root : path, optional
        The folder of submissions; files elsewhere are not read.
    data_dir : path, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    obfuscated : bool, optional
        Whether tasks are told without title, origin and names that give the data set away.
    may_grade : bool, optional
        Whether it tells scores and medals. An agent that is evaluated may not know them.

    Returns
    -------
    MCPServer
        With the tools ``list_competitions``, ``describe_competition``, ``submission_format`` and
        ``validate_submission``, and ``grade_submission`` if it may grade.

    Raises
    ------
    PrerequisiteError
        If the extra is not installed.
    UnknownCompetitionError
        If there is no such competition.
    """
    try:
        from mcp.server.mcpserver import MCPServer  # noqa: PLC0415 comes with the extra
    except ImportError as error:
        raise PrerequisiteError(
            f"the server needs {error.name}: pip install 'mlegrade[mcp]'"
        ) from error
    made: MCPServer[Any] = MCPServer(
        "mlegrade", version=mlegrade.__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    tools = _Tools(
        [get(name).id for name in competitions],
        Path(root).resolve(),
        data_dir,
        obfuscated=obfuscated,
    )
    for tool in tools.all if may_grade else tools.without_answers:
        made.add_tool(_telling_faults(tool))
    return made


class _Tools:
    """What a client may call; the docstrings are what a model is told."""

    def __init__(
        self,
        allowed: list[str],
        root: Path,
        data_dir: str | os.PathLike[str] | None,
        *,
        obfuscated: bool,
    ) -> None:
        self._allowed = allowed
        self._root = root
        self._data_dir = data_dir
        self._obfuscated = obfuscated

    @property
    def without_answers(self) -> list[Callable[..., Any]]:
        """The tools that need and tell no answers."""
        return [
            self.list_competitions,
            self.describe_competition,
            self.submission_format,
            self.validate_submission,
        ]

    @property
    def all(self) -> list[Callable[..., Any]]:
        """All tools."""
        return [*self.without_answers, self.grade_submission]

    def list_competitions(self) -> list[dict[str, str]]:
        """List the competitions: id, category, metric."""
        return [
            {"id": summary.id, "category": summary.category, "metric": summary.metric}
            for summary in summaries()
            if not self._allowed or summary.id in self._allowed
        ]

    def describe_competition(self, competition: str) -> str:
        """Return the task of a competition as Markdown: data, metric, format of the submission."""
        return self._known(competition).description(obfuscated=self._obfuscated)

    def submission_format(self, competition: str) -> dict[str, Any]:
        """Return the format of a competition's submission: key, columns, what a cell may hold."""
        return dict(submission_schema(self._known(competition).grading.submission))

    def validate_submission(self, competition: str, path: str) -> dict[str, Any]:
        """Check the form of a submission, a CSV file, without telling how good it is.

        Each problem says which column and rows are wrong and what was expected. `rows_checked`
        is false where the rows that are needed are not known here.
        """
        with self._opened(path) as file:
            return validate(file, self._known(competition), data_dir=self._data_dir).to_dict()

    def grade_submission(self, competition: str, path: str) -> dict[str, Any]:
        """Grade a submission, a CSV file: score, medal, thresholds, and what is wrong if it is."""
        with self._opened(path) as file:
            report = grade(file, self._known(competition), data_dir=self._data_dir)
        return report.to_dict() | {"submission_path": path}

    def _known(self, name: str) -> Competition:
        found = get(name)
        if self._allowed and found.id not in self._allowed:
            raise _RefusedError(f"this server knows only {', '.join(self._allowed)}.")
        return found

    def _opened(self, path: str) -> AbstractContextManager[Source]:
        """Open a submission: no link that takes a folder's place meanwhile leads elsewhere."""
        place = self._below_root(path)
        return opened_below(self._root, place.relative_to(self._root).parts, path)

    def _below_root(self, path: str) -> Path:
        """Return where a file is; refuse files that an agent has no business with."""
        try:
            place = (self._root / path).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise _RefusedError(f"{path[:200]!r} is no path of a file: {error}") from error
        if not place.is_relative_to(self._root):
            raise _RefusedError(f"{path} is not below {self._root}: only files there are read.")
        home = data.data_dir(self._data_dir).resolve()
        if place.is_relative_to(home) and place.relative_to(home).parts[1:3] != _PUBLIC:
            raise _RefusedError(f"{path} is no submission, but data that competitions are made of.")
        return place


_PUBLIC = ("prepared", "public")


class _RefusedError(MlegradeError):
    """A call that is not answered."""


def _telling_faults(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Have a tool tell the client what our errors say; of others it learns nothing."""
    from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415 comes with the extra

    @functools.wraps(tool)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return tool(*args, **kwargs)
        except MlegradeError as error:
            raise ToolError(str(error)) from error

    return call
