"""Synthetic answers of a competition, and submissions of known quality to them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade import schema
from mlegrade.competitions import get
from mlegrade.errors import SetupError
from mlegrade.testing._cells import constant_cells, true_cells
from mlegrade.testing._tables import keys, take, to_csv

if TYPE_CHECKING:
    from mlegrade.competitions import Competition
    from mlegrade.testing._cells import Columns

__all__ = ["Synthetic", "perfect_submission", "synthesize"]

_LEAST_ROWS = 12
_WRONG = 0.3
_HELD = (schema.Permutation, schema.Given)  # cells that belong to their row alone


@dataclass(frozen=True, slots=True)
class Synthetic:
    """Answers and submissions of a competition that nobody has to download.

    Parameters
    ----------
    competition : Competition
        The competition.
    answers : bytes
        The content of the answers file.
    perfect : bytes
        A submission that is right everywhere.
    plausible : bytes
        A submission that is right in most rows.
    baseline : bytes
        A submission that says the same in every row; serves as sample submission.
    tables : mapping of str to columns
        The submissions ``perfect``, ``plausible`` and ``baseline`` as columns of text.
    """

    competition: Competition
    answers: bytes
    perfect: bytes
    plausible: bytes
    baseline: bytes
    tables: dict[str, Columns] = field(repr=False)


def synthesize(competition: str | Competition, rows: int = 50, seed: int = 0) -> Synthetic:
    """Make synthetic answers and submissions.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    rows : int, optional
        About how many rows the answers get; at least 12.
    seed : int, optional
        The same seed gives the same bytes.

    Returns
    -------
    Synthetic

    Examples
    --------
    >>> import mlegrade
    >>> made = synthesize("spooky-author")
    >>> mlegrade.grade(made.perfect, "spooky-author", answers=made.answers).medal
    <Medal.GOLD: 'gold'>
    """
    competition = get(competition)
    rng = np.random.default_rng([seed, *competition.id.encode()])
    own: Any = competition.module("synthetic") if _has_own(competition) else None
    rows = max(rows, _LEAST_ROWS)
    made = own.answers(rng, rows) if hasattr(own, "answers") else _answers(competition, rng, rows)
    table = competition.grading.submission
    perfect = _perfect(competition, made)
    tables = {
        "perfect": perfect,
        "plausible": _plausible(table, perfect, rng),
        "baseline": _baseline(table, perfect),
    }
    return Synthetic(
        competition=competition,
        answers=_lines(made) if isinstance(made, list) else to_csv(made),
        tables=tables,
        **{name: to_csv(columns) for name, columns in tables.items()},
    )


def perfect_submission(competition: str | Competition, answers: bytes) -> bytes:
    """Return the submission that says what the answers say.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    answers : bytes
        The content of its answers file, be it synthetic or real.

    Returns
    -------
    bytes
        The submission. Grade it before relying on it: where real answers hold what no submission
        can say, it is less than perfect.

    Raises
    ------
    SetupError
        If these are not the answers of this competition.

    Examples
    --------
    >>> made = synthesize("spooky-author")
    >>> perfect_submission("spooky-author", made.answers) == made.perfect
    True
    """
    competition = get(competition)
    try:
        return to_csv(_perfect(competition, _read(competition, answers)))
    except (LookupError, TypeError, ValueError) as error:
        raise SetupError(
            f"no submission can be made of these answers of {competition.id} ({error!r}).",
            "Look whether the answers are those of this competition.",
        ) from error


def _read(competition: Competition, answers: bytes) -> Any:
    """Return answers as they are when they are made: columns of text, or records."""
    if competition.answers_file.endswith(".jsonl"):
        return [json.loads(line) for line in answers.splitlines() if line.strip()]
    import pandas as pd  # noqa: PLC0415 most synthetic data is made without it

    table = pd.read_csv(io.BytesIO(answers), dtype=str, na_filter=False)
    return {str(name): column.tolist() for name, column in table.items()}


def _has_own(competition: Competition) -> bool:
    return (competition.folder / "synthetic.py").is_file()


def _lines(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def _answers(competition: Competition, rng: np.random.Generator, rows: int) -> Columns:
    table, submission = competition.grading.answers, competition.grading.submission
    made = keys(table.key, rng, rows)
    # Where both sides have a field of the same columns, that of the submission may know more of
    # its cells: a permutation is mere text in the answers.
    better = [field for field in submission.fields if isinstance(field, _HELD)]
    for one in [*table.fields, *better]:
        if not set(one.reads) <= set(table.key.columns):
            made |= true_cells(one, rng, rows)
    return made


def _perfect(competition: Competition, answers: Any) -> Columns:
    """Return the columns of a submission that is right everywhere."""
    own: Any = competition.module("synthetic") if _has_own(competition) else None
    make = own.perfect if hasattr(own, "perfect") else partial(_copied, competition)
    made: Columns = make(answers)
    return {name: made[name] for name in competition.grading.submission.columns}


def _copied(competition: Competition, answers: Columns) -> Columns:
    """Take the cells of the answers; where names differ, column by column."""
    table, truth = competition.grading.submission, competition.grading.answers
    made = {name: answers[name] for name in table.key.columns}
    others = [name for one in truth.fields for name in one.reads]
    for one in table.fields:
        names = list(one.reads)
        sources = names if set(names) <= answers.keys() else others
        made |= {name: answers[source] for name, source in zip(names, sources, strict=True)}
    n_rows = len(next(iter(made.values())))
    return made | {name: ["0"] * n_rows for name in table.unread}


def _plausible(table: schema.Table, perfect: Columns, rng: np.random.Generator) -> Columns:
    """Give some rows the cells of others."""
    n_rows = len(next(iter(perfect.values())))
    wrong = np.flatnonzero(rng.random(n_rows) < _WRONG).tolist()
    source = list(range(n_rows))
    for row, other in zip(wrong, [*wrong[1:], *wrong[:1]], strict=True):
        source[row] = other
    made = dict(perfect)
    for one in table.fields:
        if isinstance(one, schema.Permutation):
            made[one.column] = [
                " ".join(sorted(cell.split())) if row in wrong else cell
                for row, cell in enumerate(perfect[one.column])
            ]
        elif not isinstance(one, _HELD):
            moved = {name: perfect[name] for name in one.reads if name not in table.key.columns}
            made |= take(moved, source)
    return made


def _baseline(table: schema.Table, perfect: Columns) -> Columns:
    n_rows = len(next(iter(perfect.values())))
    made = dict(perfect)
    for one in table.fields:
        if isinstance(one, schema.Permutation):
            made[one.column] = [" ".join(sorted(cell.split())) for cell in perfect[one.column]]
        elif not isinstance(one, _HELD):
            made |= constant_cells(one, n_rows)
    return made
