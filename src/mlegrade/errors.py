"""Every error that mlegrade raises on purpose; each message says what to do next.

`InvalidSubmissionError` is about the submission: the submitter can mend it. `SetupError` and
its children are about the rest: data, answers, extras, what was asked for. The two never mix, so
that a missing answers file can never look like "no medal".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AnswersError",
    "ChecksumError",
    "DownloadError",
    "InvalidSubmissionError",
    "MlegradeError",
    "NotPreparedError",
    "PrerequisiteError",
    "ReportsError",
    "SetupError",
    "UndefinedMetricError",
    "UndefinedTruthError",
    "UnknownCompetitionError",
    "UsageError",
]


class MlegradeError(Exception):
    """Base class of all errors of mlegrade."""


class InvalidSubmissionError(MlegradeError):
    """The submission breaks the competition's format or cannot be scored.

    Parameters
    ----------
    code : str
        A stable, machine-readable kind of problem, such as ``"missing_column"``.
    message : str
        What is wrong, where, and what was expected instead. Shows the submission's own values
        only, never those of the answers.
    column : str, optional
        The column concerned.
    rows : sequence of int, optional
        The first few rows concerned, counted from 1 below the header.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        column: str | None = None,
        rows: Sequence[int] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.column = column
        self.rows = tuple(rows)

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions with keyword arguments need help to cross process borders.
        return (_rebuild_invalid_submission, (self.code, self.message, self.column, self.rows))

    def to_dict(self) -> dict[str, object]:
        """Return the error as JSON-compatible data."""
        return {
            "code": self.code,
            "message": self.message,
            "column": self.column,
            "rows": list(self.rows),
        }


def _rebuild_invalid_submission(
    code: str, message: str, column: str | None, rows: tuple[int, ...]
) -> InvalidSubmissionError:
    return InvalidSubmissionError(code, message, column=column, rows=rows)


class UndefinedMetricError(MlegradeError):
    """The metric has no value on these inputs, for example a correlation with a constant."""


class UndefinedTruthError(UndefinedMetricError):
    """The metric has no value on these true values, whatever is predicted."""


class UnknownCompetitionError(MlegradeError):
    """No competition, or more than one, has this name.

    Parameters
    ----------
    name : str
        The name that was asked for.
    suggestions : sequence of str, optional
        Ids that come near.
    ambiguous : bool, optional
        Whether the name is a prefix of several ids rather than of none.
    """

    def __init__(
        self, name: str, suggestions: Sequence[str] = (), *, ambiguous: bool = False
    ) -> None:
        self.name = name
        self.suggestions = tuple(suggestions)
        self.ambiguous = ambiguous
        listed = ", ".join(self.suggestions)
        if ambiguous:
            text = f"{name!r} could be any of: {listed}. Use a longer prefix."
        elif listed:
            text = f"no competition is called {name!r}. Did you mean: {listed}?"
        else:
            text = f"no competition is called {name!r}. `mlegrade list` shows all of them."
        super().__init__(text)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_unknown_competition, (self.name, self.suggestions, self.ambiguous))


def _rebuild_unknown_competition(
    name: str,
    suggestions: tuple[str, ...],
    ambiguous: bool,  # noqa: FBT001
) -> UnknownCompetitionError:
    return UnknownCompetitionError(name, suggestions, ambiguous=ambiguous)


class SetupError(MlegradeError):
    """Something about the machine is not as it has to be; the submission is not to blame.

    Parameters
    ----------
    what : str
        What is wrong; with what to do about it, unless `mend` says that.
    mend : str, optional
        What to do next, as a sentence of its own.
    """

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what} {self.mend}".strip()


class UsageError(SetupError):
    """What was asked for makes no sense on any machine, such as a broken address."""


class NotPreparedError(SetupError):
    """The data of a competition is not where it is looked for."""


class AnswersError(SetupError):
    """The answers of a competition are damaged or are not those of this competition."""


class ChecksumError(SetupError):
    """A prepared file does not have the content that its competition states."""


class DownloadError(SetupError):
    """Kaggle did not hand out the data.

    Parameters
    ----------
    code : str
        A stable, machine-readable kind of problem, such as ``"rules_not_accepted"``.
    what, mend : str
        What is wrong, and what to do next.
    url : str, optional
        The address to visit.
    """

    def __init__(self, code: str, what: str, mend: str, url: str = "") -> None:
        super().__init__(what, mend)
        self.code = code
        self.url = url

    def __reduce__(self) -> tuple[object, ...]:
        return (DownloadError, (self.code, self.what, self.mend, self.url))


class PrerequisiteError(SetupError):
    """An optional part of mlegrade needs a package that is not installed."""


class ReportsError(SetupError):
    """Reports that cannot be summarised as they are.

    Parameters
    ----------
    message : str
        What keeps them from it, and what to do.
    problems : sequence of str, optional
        One sentence for each file or entry.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.message = message
        self.problems = tuple(problems)
        super().__init__("\n".join((message, *(f"  {problem}" for problem in problems))))

    def __reduce__(self) -> tuple[object, ...]:
        return (ReportsError, (self.message, self.problems))
