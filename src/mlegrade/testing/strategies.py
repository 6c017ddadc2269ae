"""Hypothesis strategies: submissions of every competition, and what metrics take.

Needs Hypothesis: ``pip install 'mlegrade[testing]'``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.competitions import get
from mlegrade.errors import PrerequisiteError
from mlegrade.metrics import Boxes, Runs
from mlegrade.testing._broken import breakages
from mlegrade.testing._synthesis import Synthetic, synthesize
from mlegrade.testing._tables import take, to_csv

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise PrerequisiteError(
        "mlegrade.testing.strategies needs Hypothesis: pip install 'mlegrade[testing]'"
    ) from error

if TYPE_CHECKING:
    from mlegrade.competitions import Competition
    from mlegrade.schema import Field
    from mlegrade.testing._cells import Columns

__all__ = [
    "answers",
    "boxes",
    "broken_submissions",
    "labels_and_scores",
    "masks",
    "probabilities",
    "rankings",
    "run_lengths",
    "runs",
    "submissions",
]

_ROWS = 16


@cache
def _made(competition_id: str) -> Synthetic:
    return synthesize(competition_id, _ROWS)


def answers(competition: str | Competition) -> bytes:
    """Return the answers that `submissions` and `broken_submissions` belong to."""
    return _made(get(competition).id).answers


@st.composite
def _tables(draw: st.DrawFn, competition_id: str) -> Columns:
    """Draw, for every field of every row, where its cells come from; then the order of the rows."""
    made = _made(competition_id)
    table = made.competition.grading.submission
    columns = dict(made.tables["perfect"])
    n_rows = len(next(iter(columns.values())))
    chosen = st.lists(st.booleans(), min_size=n_rows, max_size=n_rows)
    for field in table.fields:
        for name in ("plausible", "baseline"):
            taken = draw(chosen)
            columns |= _mixed(columns, made.tables[name], field, taken)
    if table.key.repeats:  # the order of rows with one key is a part of the format
        return columns
    return take(columns, draw(st.permutations(range(n_rows))))


def _mixed(columns: Columns, others: Columns, field: Field, taken: list[bool]) -> Columns:
    return {
        name: [
            other if take_other else own
            for own, other, take_other in zip(columns[name], others[name], taken, strict=True)
        ]
        for name in field.reads
    }


def submissions(competition: str | Competition) -> st.SearchStrategy[bytes]:
    """Draw submissions of good form, from right throughout to wrong throughout.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.

    Returns
    -------
    strategy of bytes
        The form is valid against `answers`; a score may still be undefined, such as the
        correlation with a constant.
    """
    return _tables(get(competition).id).map(to_csv)


@st.composite
def _broken(draw: st.DrawFn, competition_id: str) -> bytes:
    made = _made(competition_id)
    grading = made.competition.grading
    columns = draw(_tables(competition_id))
    row = draw(st.integers(0, len(next(iter(columns.values()))) - 1))
    ways = dict(breakages(grading.submission, columns, row, every_row=bool(grading.scored)))
    return ways[draw(st.sampled_from(list(ways)))]


def broken_submissions(competition: str | Competition) -> st.SearchStrategy[bytes]:
    """Draw submissions that have to be refused, each broken in one way.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    """
    return _broken(get(competition).id)


@st.composite
def masks(draw: st.DrawFn, height: int = 6, width: int = 5) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Draw a binary mask, shape (height, width)."""
    pixels = draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
    return np.array(pixels, np.bool_).reshape(height, width)


def run_lengths(n_pixels: int = 30, *, most: int = 5) -> st.SearchStrategy[str]:
    """Draw the text of a mask: ``start length`` pairs that ascend inside an image."""

    def text(edges: list[int]) -> str:
        ordered = sorted(edges)[: len(edges) // 2 * 2]
        pairs = zip(ordered[0::2], ordered[1::2], strict=True)
        return " ".join(f"{begin + 1} {end - begin}" for begin, end in pairs)

    places = st.integers(0, n_pixels)
    return st.lists(places, unique=True, max_size=min(2 * most, n_pixels + 1)).map(text)


def runs(height: int = 6, width: int = 5, *, most: int = 4) -> st.SearchStrategy[Runs]:
    """Draw several masks as runs."""
    return st.lists(masks(height, width), min_size=1, max_size=most).map(Runs.from_masks)


@st.composite
def boxes(draw: st.DrawFn, *, n_images: int = 3, n_classes: int = 2, most: int = 6) -> Boxes:
    """Draw detections: boxes with an image, a class and a score."""
    count = draw(st.integers(0, most))
    whole = st.integers(0, 20)
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, n_images - 1), st.integers(0, n_classes - 1),
                st.integers(0, 10), whole, whole, st.integers(1, 10), st.integers(1, 10),
            ),
            min_size=count,
            max_size=count,
        )
    )  # fmt: skip
    table = np.array(sorted(rows), np.float64).reshape(-1, 7)
    return Boxes.of(
        table[:, 0].astype(np.int64), table[:, 1], table[:, 3:], scores=table[:, 2] / 10
    )


def rankings(
    items: str = "abcdef", *, most: int = 5
) -> st.SearchStrategy[tuple[list[set[str]], list[list[str]]]]:
    """Draw relevant items and ranked predictions, for some rows."""
    relevant = st.sets(st.sampled_from(items), max_size=most)
    ranked = st.lists(st.sampled_from(items), max_size=most)
    return st.lists(st.tuples(relevant, ranked), min_size=1, max_size=6).map(
        lambda rows: ([row[0] for row in rows], [row[1] for row in rows])
    )


@st.composite
def probabilities(
    draw: st.DrawFn, n_classes: int = 3, *, most: int = 8
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.float64]]]:
    """Draw true classes, shape (n,), and probabilities whose rows sum to 1, shape (n, c)."""
    n_rows = draw(st.integers(1, most))
    shares = st.lists(st.integers(1, 100), min_size=n_classes, max_size=n_classes)
    weights = np.array(draw(st.lists(shares, min_size=n_rows, max_size=n_rows)), np.float64)
    labels = draw(st.lists(st.integers(0, n_classes - 1), min_size=n_rows, max_size=n_rows))
    return np.array(labels, np.int64), weights / weights.sum(axis=1, keepdims=True)


@st.composite
def labels_and_scores(
    draw: st.DrawFn, *, most: int = 12
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.float64]]]:
    """Draw binary labels of both classes, and a score for each; ties are frequent."""
    n_rows = draw(st.integers(2, most))
    labels = [0, 1, *draw(st.lists(st.integers(0, 1), min_size=n_rows - 2, max_size=n_rows - 2))]
    scores = draw(st.lists(st.integers(0, 6), min_size=n_rows, max_size=n_rows))
    order = draw(st.permutations(range(n_rows)))
    return np.array(labels, np.int64)[list(order)], np.array(scores, np.float64) / 6
