"""How well a model knows a competition's texts, against how well it does there."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.competitions import get
from mlegrade.errors import ReportsError, UnknownCompetitionError
from mlegrade.summary.uncertainty import CONFIDENCE, Floats, Interval

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mlegrade.report import GradeReport
    from mlegrade.summary.boards import Facts
    from mlegrade.summary.grid import Grid

__all__ = [
    "Correlation",
    "Familiarity",
    "correlation",
    "familiarity",
    "performance",
    "read_log_probabilities",
    "token_probability",
]

_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Correlation:
    """How two things go together.

    Parameters
    ----------
    n : int
        The number of points.
    pearson : float
        Pearson's correlation.
    interval : (float, float)
        Its interval (95 %) by Fisher's transformation.
    spearman : float
        The correlation of the ranks.
    """

    n: int
    pearson: float
    interval: Interval
    spearman: float


@dataclass(frozen=True, slots=True)
class Familiarity:
    """Familiarity and performance of one model.

    Parameters
    ----------
    points : mapping of str to (float, float)
        Familiarity and performance by competition.
    correlation : Correlation or None
        How they go together; None for fewer than four competitions, or where one is constant.
    left_out : tuple of str
        Competitions for which something is missing, and what; names that mean none.
    """

    points: Mapping[str, tuple[float, float]]
    correlation: Correlation | None
    left_out: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-compatible data."""
        found = self.correlation
        return {
            "points": {
                name: {"familiarity": x, "performance": y} for name, (x, y) in self.points.items()
            },
            "correlation": found
            and {
                "n": found.n,
                "pearson": found.pearson,
                "interval": list(found.interval),
                "spearman": found.spearman,
            },
            "left_out": list(self.left_out),
        }


def read_log_probabilities(path: str | os.PathLike[str]) -> dict[str, list[list[float]]]:
    """Return the documents of each competition from a JSON Lines file.

    Parameters
    ----------
    path : path
        Each line is one document: ``competition_id``, and ``token_logprobs``, the natural
        logarithm of the probability that the model gave each true next token. A first token
        without a context may be null.

    Raises
    ------
    ReportsError
        If a line is no such document; it is named.
    """
    documents: dict[str, list[list[float]]] = defaultdict(list)
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            values = [float(value) for value in data["token_logprobs"] if value is not None]
            name = str(data["competition_id"])
        except (ValueError, KeyError, TypeError) as error:
            raise ReportsError(f"{path}, line {number} is no document ({error!r}).") from error
        if not values or not all(value <= 0 for value in values):
            raise ReportsError(
                f"{path}, line {number}: token_logprobs have to be natural logarithms of "
                "probabilities, thus at most 0, and at least one."
            )
        documents[name].append(values)
    return dict(documents)


def token_probability(documents: Sequence[Sequence[float]]) -> float:
    """Return the mean probability of the true next token: over tokens, then over documents.

    Parameters
    ----------
    documents : sequence of sequence of float
        The log-probabilities of each document's tokens.
    """
    return float(np.mean([np.exp(np.asarray(values)).mean() for values in documents]))


def performance(grid: Grid, sample_scores: Mapping[str, float]) -> dict[str, float]:
    """Return each competition's mean share of the way from the sample's score to gold.

    Parameters
    ----------
    grid : Grid
        Competitions by seeds.
    sample_scores : mapping of str to float
        What the sample submission scores, by competition: its id, or a unique prefix.

    Returns
    -------
    dict of str to float
        0 is the sample's score, 1 the gold line; neither end is a limit. A run without a valid
        submission is worth the sample submission, 0. Competitions without a sample's score or a
        gold line, or where the two are the same, are left out.
    """
    whole, _ = _whole_ids(sample_scores, grid)
    samples = {whole[name]: score for name, score in sample_scores.items() if name in whole}
    found = {}
    for name in grid.competitions:
        sample = samples.get(name)
        reports = [grid.report(name, seed) for seed in grid.seeds]
        gold = _gold([report for report in reports if report], grid.facts[name])
        if sample is None or gold is None or gold == sample:
            continue
        shares = [
            (report.score - sample) / (gold - sample)
            if report and report.score is not None
            else 0.0
            for report in reports
        ]
        if all(map(math.isfinite, shares)):
            found[name] = float(np.mean(shares))
    return found


def _gold(reports: Sequence[GradeReport], facts: Facts) -> float | None:
    """Return the gold line that reports name, else the one that is known."""
    named = next((r.gold_threshold for r in reports if r.gold_threshold is not None), None)
    if named is not None:
        return named
    lower = facts.higher_is_better is False or any(r.is_lower_better for r in reports)
    lines = facts.lines(higher_is_better=not lower)
    return lines.gold if lines else None


def familiarity(
    grid: Grid,
    documents: Mapping[str, Sequence[Sequence[float]]],
    sample_scores: Mapping[str, float],
) -> Familiarity:
    """Set familiarity against performance, competition by competition.

    Parameters
    ----------
    grid : Grid
        Competitions by seeds.
    documents : mapping of str to documents
        What `read_log_probabilities` gave, from the model behind the agent.
    sample_scores : mapping of str to float
        What the sample submission scores, by competition.

    Notes
    -----
    Competitions are named by their ids, or by unique prefixes of them.
    """
    shares = performance(grid, sample_scores)
    whole, unknown = _whole_ids([*documents, *sample_scores], grid)
    texts: dict[str, list[Sequence[float]]] = defaultdict(list)
    for name, given in documents.items():
        if name in whole:
            texts[whole[name]].extend(given)
    points = {
        name: (token_probability(texts[name]), shares[name])
        for name in grid.competitions
        if name in shares and texts[name]
    }
    table = np.array(list(points.values())).reshape(-1, 2)
    return Familiarity(
        points,
        correlation(table[:, 0], table[:, 1]),
        (*_missing(grid.competitions, texts, shares), *unknown),
    )


def _whole_ids(names: Iterable[str], grid: Grid) -> tuple[dict[str, str], list[str]]:
    """Return the competitions that are meant, by name, and what is wrong with other names."""
    ids = {name.lower(): name for name in grid.competitions}
    whole, unknown = {}, []
    for name in dict.fromkeys(names):
        try:
            whole[name] = ids.get(name.lower()) or get(name).id
        except UnknownCompetitionError as error:
            unknown.append(str(error))
    return whole, unknown


def correlation(x: Floats, y: Floats) -> Correlation | None:
    """Return how two arrays go together; None for fewer than four points or a constant one."""
    if len(x) < _FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    pearson = _pearson(x, y)
    width = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) / math.sqrt(len(x) - 3)
    if abs(pearson) < 1:
        middle = math.atanh(pearson)
        interval = math.tanh(middle - width), math.tanh(middle + width)
    else:
        interval = pearson, pearson
    return Correlation(len(x), pearson, interval, _pearson(_ranks(x), _ranks(y)))


def _pearson(x: Floats, y: Floats) -> float:
    x, y = x - x.mean(), y - y.mean()
    product = float(x @ y) / (math.sqrt(float(x @ x)) * math.sqrt(float(y @ y)))
    return max(-1.0, min(1.0, product))


def _ranks(values: Floats) -> Floats:
    """Return ranks from 0; equal values share their mean rank."""
    ordered = np.sort(values)
    left = np.searchsorted(ordered, values, side="left")
    right = np.searchsorted(ordered, values, side="right")
    return (left + right - 1) / 2


def _missing(
    names: Sequence[str], documents: Mapping[str, Any], shares: Mapping[str, float]
) -> Iterator[str]:
    for name in names:
        if not documents.get(name):
            yield f"{name}: no document"
        elif name not in shares:
            yield f"{name}: no sample score, or no way from it to a gold line"
