"""One competition: its facts from `competition.toml`, its grading from `grader.py`, its texts."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import tomllib
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mlegrade import leaderboards
from mlegrade.errors import SetupError
from mlegrade.medals import Thresholds

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from mlegrade.schema import Grading
    from mlegrade.schema.sources import Source

__all__ = ["FIXES", "ISSUE_KINDS", "Checksums", "Competition", "KnownIssue"]

FIXES = "fixes"
"""The variant of data in which leaks and errors of MLE-bench's preparing are mended."""
ISSUE_KINDS = ("leak", "wrong_prepare", "saturated", "unavailable", "score_oddity")
"""What kinds of known issues there are."""


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """Something about a competition that a reader of its scores should know.

    Parameters
    ----------
    kind : str
        One of `ISSUE_KINDS`.
    what : str
        What it is, in a sentence.
    source : str
        Who says so.
    since : str
        Since when it is known; empty if that is not known.
    mended : bool
        Whether preparing the data with fixes mends it.
    """

    kind: str
    what: str
    source: str = ""
    since: str = ""
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Checksums:
    """MD5 sums: of the raw archive, and of the prepared files by name.

    Parameters
    ----------
    zip : str or None
        The archive as downloaded.
    public, private : mapping of str to str
        The prepared files.
    """

    zip: str | None
    public: dict[str, str]
    private: dict[str, str]


@dataclass(frozen=True)
class Competition:
    """A competition that submissions can be graded for.

    Everything is read from the competition's folder when it is first asked for.

    Parameters
    ----------
    id : str
        The competition's id on Kaggle.
    folder : Path
        The folder with ``competition.toml``, ``grader.py`` and the rest.
    package : str or None
        The import name of the folder; None for a folder outside every package.
    """

    id: str
    folder: Path
    package: str | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Return what names the folder: what was read of it is read again where it is wanted.

        Graders may hold functions that cannot be sent to another process.
        """
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The content of ``competition.toml``."""
        with (self.folder / "competition.toml").open("rb") as file:
            return tomllib.load(file)

    @property
    def name(self) -> str:
        """The title."""
        return str(self.facts["name"])

    @property
    def category(self) -> str:
        """The kind of task, such as ``Text Classification``."""
        return str(self.facts["category"])

    @property
    def complexity(self) -> str:
        """``low``, ``medium`` or ``high``; ``dev`` or ``demo`` outside the benchmark."""
        return str(self.facts["complexity"])

    @property
    def metric(self) -> str:
        """The metric's name."""
        return str(self.facts["metric"])

    @property
    def higher_is_better(self) -> bool:
        """The direction of the metric: declared, never inferred."""
        return bool(self.facts["higher_is_better"])

    @property
    def answers_file(self) -> str:
        """The name of the answers file below ``prepared/private``."""
        return str(self.facts["answers"])

    @property
    def sample_submission_file(self) -> str:
        """The name of the sample submission below ``prepared/public``."""
        return str(self.facts["sample_submission"])

    @property
    def raw_files(self) -> tuple[str, ...]:
        """The files of the download that preparing needs."""
        return tuple(self.facts.get("raw", {}).get("files", ()))

    @property
    def answers_raw_files(self) -> tuple[str, ...] | None:
        """The files of the download that suffice for the answers; None where that takes all."""
        files = self.facts.get("raw", {}).get("answers")
        return None if files is None else tuple(files)

    @property
    def fixes(self) -> tuple[str, ...]:
        """The leaks and errors of MLE-bench's data that preparing can mend: what is done."""
        return tuple(self.facts.get("fixes", {}).get("what", ()))

    @property
    def test_rows(self) -> int | None:
        """The number of test rows, as far as it is known for certain."""
        return self.facts.get("test_rows") if self.facts.get("test_rows_certain") else None

    @cached_property
    def thresholds(self) -> Thresholds | None:
        """The scores at the medal lines; None for a competition without a leaderboard."""
        medals = self.facts.get("medals")
        if not medals:
            return None
        return Thresholds(*(float(medals[line]) for line in ("gold", "silver", "bronze", "median")))

    @property
    def leaderboard_is_exact(self) -> bool:
        """Whether the leaderboard is the very one that the thresholds were made of."""
        return bool(self.facts.get("leaderboard", {}).get("exact", False))

    def leaderboard(self) -> tuple[float, ...] | None:
        """Return the scores of the leaderboard, best first; None if there is none.

        Raises
        ------
        SetupError
            If the competition's folder has a ``leaderboard.csv`` that is none.
        """
        if "leaderboard" not in self.facts:
            return None
        return leaderboards.load(self.id, self.folder, higher_is_better=self.higher_is_better)

    @cached_property
    def known_issues(self) -> tuple[KnownIssue, ...]:
        """What a reader of the scores should know."""
        return tuple(KnownIssue(**issue) for issue in self.facts.get("known_issues", ()))

    def issues_of(self, variant: str | None) -> tuple[KnownIssue, ...]:
        """Return the known issues that data prepared in this way have.

        Parameters
        ----------
        variant : str or None
            How the data were prepared, as reports say it; None where that is not known.
        """
        return tuple(i for i in self.known_issues if not (i.mended and variant == FIXES))

    def flags_of(self, variant: str | None) -> tuple[str, ...]:
        """Return the kinds of these issues, each once, sorted; see `issues_of`."""
        return tuple(sorted({issue.kind for issue in self.issues_of(variant)}))

    @property
    def flags(self) -> tuple[str, ...]:
        """The kinds of all known issues, each once, sorted."""
        return self.flags_of(None)

    @cached_property
    def checksums(self) -> Checksums:
        """The MD5 sums of the prepared files."""
        sums = self.facts.get("checksums", {})
        return Checksums(sums.get("zip"), sums.get("public", {}), sums.get("private", {}))

    @cached_property
    def grading(self) -> Grading:
        """How submissions are graded, as ``grader.py`` declares it.

        Raises
        ------
        SetupError
            If the competition's folder has no ``grader.py`` that defines ``GRADING``.
        """
        grading: Grading | None = getattr(self.module("grader"), "GRADING", None)
        if grading is None:
            raise SetupError(f"{self.folder / 'grader.py'} has to define GRADING.")
        return grading

    def score(self, submission: Source, answers: Source) -> float:
        """Return the unrounded score of a submission, or raise what is wrong with it.

        Parameters
        ----------
        submission, answers : path, bytes, file object or DataFrame
            The submission, and the answers to score it against.

        Raises
        ------
        InvalidSubmissionError
            If the submission is invalid.
        SetupError
            If the answers are missing or damaged.
        """
        from mlegrade.schema.sources import read_source, read_trusted  # noqa: PLC0415 loads numpy

        truth = self.grading.read_answers(read_trusted(answers, "answers file"))
        content = read_source(submission, max_bytes=truth.max_bytes)
        return self.grading.score(content, truth).score

    def module(self, name: str) -> ModuleType:
        """Import a module of the competition's folder: ``grader`` or ``prepare``.

        Raises
        ------
        SetupError
            If the folder has no such module.
        """
        path = self.folder / f"{name}.py"
        if not path.is_file():
            raise SetupError(f"{self.id} has no {name}.py: {path} is missing.")
        if self.package:
            return importlib.import_module(f"{self.package}.{name}")
        spec = importlib.util.spec_from_file_location(f"mlegrade_{self.folder.name}_{name}", path)
        if spec is None or spec.loader is None:
            raise SetupError(f"{path} cannot be imported.")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    def description(self, *, obfuscated: bool = False) -> str:
        """Return the task as an agent is told, in Markdown.

        Parameters
        ----------
        obfuscated : bool, optional
            Whether title, origin and names that identify the data set are hidden.

        Raises
        ------
        SetupError
            If a competition of one's own has no such text.
        """
        from mlegrade.schema.describe import submission_section  # noqa: PLC0415 loads numpy

        name = "description_obfuscated.md" if obfuscated else "description.md"
        path = self.folder / name
        if not path.is_file():
            raise SetupError(f"{self.id} has no {name}: {path} is missing.")
        text = path.read_text(encoding="utf-8").rstrip()
        return f"{text}\n\n{submission_section(self.grading.submission)}"
