"""Making a package, and trying it, before it is put in place."""

from __future__ import annotations

import math
import re
import shutil
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mlegrade.competitions import SPLITS, Competition, ids
from mlegrade.errors import AnswersError, UsageError
from mlegrade.grading import Grader
from mlegrade.scaffold._guess import declare, info_of
from mlegrade.scaffold._texts import files, module_of
from mlegrade.schema.describe import submission_schema
from mlegrade.schema.sources import read_trusted
from mlegrade.testing import perfect_submission

if TYPE_CHECKING:
    from mlegrade.schema.sources import Source

__all__ = ["Made", "make"]

_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_EXAMPLE = b"id,heads\n1,1\n2,0\n"
_EXACT = 1e-9
_MEND = "Mend them, or choose another metric."


@dataclass(frozen=True, slots=True)
class Made:
    """A package that was made.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    folder : Path
        The package's folder.
    module : str
        The import name of the package.
    schema : mapping
        The format of a submission, as `mlegrade info` tells it.
    score : float
        What the answers, handed in as a submission, get: a perfect score.
    """

    competition_id: str
    folder: Path
    module: str
    schema: dict[str, Any]
    score: float

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as JSON-compatible data."""
        return asdict(self) | {"folder": str(self.folder)}


def make(
    competition_id: str,
    folder: Path,
    *,
    answers: Source = _EXAMPLE,
    metric: str = "accuracy",
) -> Made:
    """Make a package for a competition: whole, or not at all.

    Parameters
    ----------
    competition_id : str
        Letters, digits and single hyphens between them.
    folder : Path
        The package's folder, which must not be there.
    answers : path, bytes, file object or DataFrame, optional
        The answers, which tell the columns; by default those of a coin that is tossed twice.
    metric : str, optional
        The name of the metric, as `mlegrade.metrics` has it.

    Raises
    ------
    UsageError
        If there can be no competition of this id, folder or metric.
    SetupError
        If the answers are missing or damaged, or are not perfect when they are handed in.
    """
    _check_id(competition_id)
    if folder.exists():
        raise UsageError(f"{folder} is there already.", "Choose another id, or run this elsewhere.")
    info = info_of(metric)
    content = read_trusted(answers, "answers file")
    texts = files(competition_id, declare(content, metric), info)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as place:
        partial = Path(place) / folder.name  # unlike the place itself, for everybody to read
        for name, text in texts.items():
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        module = module_of(competition_id)
        home = partial / "src" / module
        competition = Competition(competition_id, home)
        score = _try(competition, content, info.optimum)
        shutil.rmtree(home / "__pycache__", ignore_errors=True)
        partial.rename(folder)
    schema = submission_schema(competition.grading.submission)
    return Made(competition_id, folder, module, schema, score)


def _check_id(competition_id: str) -> None:
    if not _ID.fullmatch(competition_id):
        near = re.sub("[^A-Za-z0-9]+", "-", competition_id).strip("-") or "coin-toss"
        raise UsageError(
            f"{competition_id!r} is no id: one has letters, digits and hyphens between them.",
            f"Take {near}, for example.",
        )
    # Built-in ids may be written short: what begins one is that competition.
    for name in chain.from_iterable(map(ids, SPLITS)):
        if name.lower().startswith(competition_id.lower()):
            raise UsageError(f"the id {competition_id!r} means {name}.", "Choose another one.")


def _try(competition: Competition, answers: bytes, optimum: float) -> float:
    """Return what the answers get, handed in as a submission."""
    perfect = perfect_submission(competition, answers)
    report = Grader(competition, answers=answers)(perfect)
    if report.raw_score is None:
        reason = (report.error or {}).get("message")
        raise AnswersError(f"as a submission, the answers are refused: {reason}", _MEND)
    if not math.isclose(report.raw_score, optimum, rel_tol=0, abs_tol=_EXACT):
        raise AnswersError(
            f"as a submission, the answers get {report.raw_score:g} rather than {optimum:g}.", _MEND
        )
    return report.raw_score
