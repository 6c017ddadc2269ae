"""How a competition is graded, declared: two tables and a metric.

The pipeline is the same for all: header, keys, cells, alignment, metric, one finite number. A
competition says what its tables hold and, where the metric needs other arguments than the decoded
values, how they come from there.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.errors import (
    AnswersError,
    InvalidSubmissionError,
    UndefinedMetricError,
    UndefinedTruthError,
)
from mlegrade.metrics import metric_info
from mlegrade.schema._structure import check_text, refuse_rows_beyond
from mlegrade.schema.cells import Cells
from mlegrade.schema.keys import KeyIndex, distinct, no_rows
from mlegrade.schema.numbers import WholeNumber, probability
from mlegrade.schema.reader import CellKind, RawTable, read_csv, read_header_of
from mlegrade.schema.table import Table, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from mlegrade.metrics import Metric
    from mlegrade.schema.fields import Field
    from mlegrade.schema.keys import Key

    Records = Callable[[Mapping[str, Any]], Iterable[tuple[object, ...]]]

__all__ = ["Answers", "Grading", "Scored"]

_LEAST_LIMIT = 64 << 20  # bytes
_NO_ROWS = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The rows that a submission has to have and, where they are known, their true values.

    Parameters
    ----------
    index : KeyIndex
        The expected keys.
    context : mapping of str to any
        What decoding a submission has to know, such as image sizes, by field.
    values : Values or None
        The truth; None where only the form of submissions is looked at.
    max_bytes : int
        The size that a submission may have.
    scored : ndarray of int64 or None
        The places of the rows that count; None if all do.
    """

    index: KeyIndex
    context: Mapping[str, Any]
    values: Values | None
    max_bytes: int
    scored: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A score and what a reader of it should know.

    Parameters
    ----------
    score : float
        The unrounded score.
    warnings : sequence of str
        Remarks about a valid submission.
    """

    score: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grading:
    """The declaration of a competition's grading.

    Parameters
    ----------
    submission : Table
        What a submission holds.
    answers : Table
        What the answers file holds.
    metric : Metric
        The metric.
    options : mapping of str to any, optional
        Keyword arguments of the metric.
    arguments : callable, optional
        Makes the metric's arguments of the decoded answers and submission. By default the one
        value of the submission, and the one of the answers, or that of the same name.
    remarks : callable, optional
        Makes warnings of the decoded answers and submission, for valid but doubtful submissions.
    scored : callable, optional
        Tells from the decoded answers which rows count, as a mask. Every row needs its key, but
        the cells of the others are not looked at. By default all rows count.
    records : callable, optional
        For answers in JSON lines: makes the rows of one record, each with a cell for every
        column of the answers table, in its order; keys are text.
    decimals : int, optional
        The decimals that the score is rounded to, halves to the even digit; by default it is not
        rounded.
    reference_pairs_by_position : bool, optional
        Whether MLE-bench pairs rows by position; a submission in another order then gets a
        warning that MLE-bench may give another number.
    """

    submission: Table
    answers: Table
    metric: Metric
    options: Mapping[str, Any] = field(default_factory=dict)
    arguments: Callable[[Values, Values], tuple[Any, ...]] | None = None
    remarks: Callable[[Values, Values], Iterable[str]] | None = None
    scored: Callable[[Values], NDArray[np.bool_]] | None = None
    records: Records | None = None
    decimals: int | None = None
    reference_pairs_by_position: bool = False

    @classmethod
    def alike(cls, key: Key, *fields: Field, metric: Metric, **others: Any) -> Grading:
        """Declare a competition whose submissions look like its answers.

        Parameters
        ----------
        key : Key
            The columns by which rows belong together.
        *fields : Field
            The values of a row, predicted or true.
        metric : Metric
            The metric.
        **others : any
            Further parameters of the declaration.
        """
        table = Table(key, *fields)
        return cls(submission=table, answers=table, metric=metric, **others)

    @classmethod
    def binary(cls, key: Key, label: str, *, metric: Metric, says: str, **others: Any) -> Grading:
        """Declare a competition for the probability of a label that is 1 or 0 in the answers.

        Parameters
        ----------
        key : Key
            The columns by which rows belong together.
        label : str
            The column of the label, and of its probability in a submission.
        metric : Metric
            The metric.
        says : str
            What the label 1 means, to go on from "the probability that".
        **others : any
            Further parameters of the declaration.
        """
        return cls(
            submission=Table(key, probability(label, f"the probability that {says}, from 0 to 1")),
            answers=Table(key, WholeNumber(label, 0, 1)),
            metric=metric,
            **others,
        )

    def read_answers(self, data: bytes) -> Answers:
        """Decode an answers file, once for many submissions.

        Raises
        ------
        AnswersError
            If the file is damaged or is not the answers of this competition.
        """
        try:
            raw = (
                self._read_records(data, self.records)
                if self.records
                else self._read_csv_answers(data)
            )
        except InvalidSubmissionError as error:
            raise AnswersError(f"the answers cannot be read: {error}") from error
        absent = [name for name in self._answer_kinds if name not in raw.columns]
        if absent:
            raise AnswersError(f"the answers have no column {', '.join(map(repr, absent))}.")
        if not raw.n_rows:
            raise AnswersError("the answers have no rows.")
        values, context = self._decode_answers(raw, None)
        scored = None
        if self.scored:
            scored = np.flatnonzero(self.scored(values))
            values, context = self._decode_answers(raw, scored)
        keys = {name: raw.columns[name] for name in self.answers.key.columns}
        if self.answers.key.repeats and not self.submission.key.repeats:
            # Several true things a key, for example boxes in an image: one expected row a key.
            firsts, owner = distinct(keys)
            keys = {name: values[firsts] for name, values in keys.items()}
            values = Values(values.fields, owner=owner)
        index = KeyIndex(self.submission.key, keys)
        if index.repeated:
            raise AnswersError("the answers name a key more than once.")
        return Answers(index, context, values, _limit(len(data)), scored)

    def _decode_answers(
        self, raw: RawTable, rows: NDArray[np.int64] | None
    ) -> tuple[Values, Mapping[str, Any]]:
        """Return the values of some rows, and what decoding submissions has to know of them."""
        cells = Cells(raw.columns, rows, lambda _: "")
        facts = {name: cells[name] for name in self._facts}
        values = self.answers.decode(cells, self.answers.context(facts))
        if cells.problems:
            raise AnswersError(f"the answers are damaged: {cells.problems[0]}")
        return values, self.submission.context(facts)

    def read_sample(self, data: bytes) -> Answers:
        """Take the expected rows from a sample submission: all that a check of the form needs.

        Raises
        ------
        AnswersError
            If the file is damaged or is not a sample submission of this competition.
        """
        try:
            data, header = read_header_of(data)
            kinds = {**self._facts, **self.submission.key.reads}
            raw = read_csv(data, header, kinds)
        except InvalidSubmissionError as error:
            raise AnswersError(f"the sample submission cannot be read: {error}") from error
        absent = [name for name in self.submission.key.columns if name not in raw.columns]
        if absent:
            raise AnswersError(f"the sample submission has no column {absent[0]!r}.")
        if not raw.n_rows:
            raise AnswersError("the sample submission has no rows.")
        facts = {name: raw.columns[name] for name in self._facts if name in raw.columns}
        index = KeyIndex(self.submission.key, raw.columns)
        return Answers(index, self.submission.context(facts), None, _limit(len(data)))

    def check(
        self, data: bytes, answers: Answers | None
    ) -> tuple[Values | None, list[InvalidSubmissionError]]:
        """Read a submission, align it with the answers and decode it.

        Parameters
        ----------
        data : bytes
            The submission.
        answers : Answers or None
            The expected rows, if they are known.

        Returns
        -------
        values : Values or None
            The decoded submission, in the order of the answers; None where it is invalid.
        problems : list of InvalidSubmissionError
            Everything that is wrong at the first stage where something is: the file's form, the
            header, the rows, the cells.
        """
        cells, problems = self.read(data, answers)
        return (None, problems) if cells is None else self.decode(cells, answers)

    def read(
        self, data: bytes, answers: Answers | None
    ) -> tuple[Cells | None, list[InvalidSubmissionError]]:
        """Read a submission and align it with the answers: the first half of `check`.

        Whoever takes the halves one by one can let go of the file in between.
        """
        try:
            data, header = read_header_of(data)
            header = self.submission.own_names(header)
            problems = self.submission.check_header(header)
            if problems:
                check_text(data)  # that it is text comes before what it says
                return None, problems
            if answers and not self.submission.extra_rows:
                refuse_rows_beyond(data, len(answers.index))
            further = self.submission.further(header)
            keys = answers.index.reads if answers else self.submission.key.reads
            kinds = {**dict.fromkeys(further, CellKind.NUMBER), **self.submission.reads, **keys}
            expected = answers.index.columns if answers else None
            raw = read_csv(data, header, kinds, expected)
            if rounded := self.submission.key.rounded(raw.columns):
                raw = read_csv(data, header, {**kinds, **rounded}, expected)
        except InvalidSubmissionError as error:
            return None, [error]
        order, problems = self._align(raw, answers)
        if problems:
            return None, problems
        if self.scored:
            # Without the truth nobody knows which rows count: none is looked at.
            rows = _NO_ROWS if answers is None or answers.scored is None else answers.scored
            order = rows if order is None else order[rows]
        key_of = partial(self.submission.key.name, raw.columns)
        return Cells(raw.columns, order, key_of, further), []

    def decode(
        self, cells: Cells, answers: Answers | None
    ) -> tuple[Values | None, list[InvalidSubmissionError]]:
        """Decode the cells of a submission: the second half of `check`."""
        context = answers.context if answers else self.submission.context({})
        values = self.submission.decode(cells, context)
        return (None, cells.problems) if cells.problems else (values, [])

    def _align(
        self, raw: RawTable, answers: Answers | None
    ) -> tuple[NDArray[np.int64] | None, list[InvalidSubmissionError]]:
        extra_rows = self.submission.extra_rows
        if answers is not None and (answers.values is not None or not extra_rows):
            return answers.index.locate(raw.columns, extra_rows=extra_rows)
        # Which rows are needed is not known here; that some are, and none twice, is.
        if not raw.n_rows:
            return None, [no_rows()]
        key = self.submission.key
        return None, key.refuse_duplicates(key.duplicates(raw.columns), raw.columns)

    def score(self, data: bytes, answers: Answers) -> Scored:
        """Score a submission.

        Raises
        ------
        InvalidSubmissionError
            If the submission has problems, or no score is defined for it.
        """
        values, problems = self.check(data, answers)
        if values is None:
            raise problems[0]
        return self.judge(values, answers)

    def judge(self, values: Values, answers: Answers) -> Scored:
        """Score a decoded submission; see `score`."""
        if answers.values is None:
            raise AnswersError("a sample submission holds no truth to score against.")
        try:
            with np.errstate(all="ignore"):  # what overflows is found by the look at the score
                arguments = (self.arguments or _one_value_each)(answers.values, values)
                score = float(self.metric(*arguments, **self.options))
        except UndefinedTruthError as error:
            raise AnswersError(f"the answers allow no score: {error}") from error
        except UndefinedMetricError as error:
            raise InvalidSubmissionError(
                "undefined_score", f"no score is defined: {error}"
            ) from error
        if not math.isfinite(score) and score != metric_info(self.metric).optimum:
            raise InvalidSubmissionError(
                "undefined_score",
                f"the {metric_info(self.metric).name} of this submission is {score}; "
                "the predictions are too large to be scored.",
            )
        if self.decimals is not None:
            score = round(score, self.decimals)
        return Scored(score, tuple(self._warnings(answers.values, values, answers.scored)))

    def _warnings(
        self, answers: Values, values: Values, scored: NDArray[np.int64] | None
    ) -> Iterable[str]:
        if self.reference_pairs_by_position and _moved(values.order, scored):
            yield (
                "the rows are not in the order of the sample submission; they were aligned by key, "
                "but MLE-bench pairs them by position and may give another score."
            )
        if self.remarks:
            yield from self.remarks(answers, values)

    @property
    def _facts(self) -> dict[str, CellKind]:
        return {**self.answers.facts, **self.submission.facts}

    @property
    def _answer_kinds(self) -> dict[str, CellKind]:
        return {**self._facts, **self.answers.reads, **self.answers.key.reads}

    def _read_csv_answers(self, data: bytes) -> RawTable:
        data, header = read_header_of(data)
        return read_csv(data, header, self._answer_kinds)

    def _read_records(self, data: bytes, records: Records) -> RawTable:
        """Read JSON lines, one record after the other: whole documents never pile up."""
        rows: list[tuple[object, ...]] = []
        for number, line in enumerate(data.splitlines(), start=1):
            if line.strip():
                rows += _rows_of(line, number, records)
        columns: dict[str, NDArray[Any]] = {}
        for place, name in enumerate(self.answers.columns):
            columns[name] = np.empty(len(rows), object)
            columns[name][:] = [row[place] for row in rows]
        return RawTable(list(columns), columns, len(rows))


def _rows_of(line: bytes, number: int, records: Records) -> list[tuple[object, ...]]:
    try:
        return list(records(json.loads(line)))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise AnswersError(
            f"line {number} of the answers is no record of this competition: {error!r}"
        ) from error


def _one_value_each(answers: Values, submission: Values) -> tuple[Any, ...]:
    (name,) = submission
    return answers.only if len(answers) == 1 else answers[name], submission.only


def _moved(order: NDArray[np.int64] | None, scored: NDArray[np.int64] | None) -> bool:
    """Tell whether rows that count stand in other places than expected."""
    if order is None:
        return False
    return not np.array_equal(order, np.arange(len(order)) if scored is None else scored)


def _limit(size: int) -> int:
    """Return how many bytes a submission may have, given the size of the answers."""
    return max(_LEAST_LIMIT, 64 * size)
