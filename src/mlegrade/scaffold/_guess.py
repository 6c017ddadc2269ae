"""The declaration of a grading, guessed from an answers file and a metric."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from mlegrade import metrics
from mlegrade.competitions import get, summaries
from mlegrade.errors import AnswersError, InvalidSubmissionError, UsageError
from mlegrade.metrics import MetricInfo
from mlegrade.schema import Key
from mlegrade.schema.reader import CellKind, read_csv, read_header_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from mlegrade.schema.reader import RawTable

__all__ = ["Declaration", "declare", "info_of"]

# What columns hold, and how that is called; several together hold the last of what each does.
_KINDS = {
    "truth": "True and False",
    "bits": "0 and 1",
    "whole": "whole numbers",
    "number": "numbers",
    "text": "text",
}
_SHOWN = 3

_Forms: TypeAlias = "dict[str, tuple[str, str]]"


def _take(kinds: str, submission: str, answers: str | None = None) -> _Forms:
    """Return, for kinds of columns, the fields of a submission and of the answers."""
    return dict.fromkeys(kinds.split(), (submission, answers or submission))


_CLASSES = (
    _take("truth", "Boolean({0})")
    | _take("bits", "WholeNumber({0}, 0, 1)")
    | _take("whole", "WholeNumber({0})")
    | _take("text", "ClassName({0})")
)
_CHANCE = _take("truth bits", "probability({0})", "WholeNumber({0}, 0, 1)")
_CHANCES = _take(
    "truth bits", 'Numbers(COLUMNS, probability(""))', 'Numbers(COLUMNS, WholeNumber("", 0, 1))'
)
_AMOUNT = _take("bits whole number", "Number({0})")
_AMOUNTS = _take("bits whole number", "Numbers(COLUMNS)")
_VARYING = _take("bits whole number", "Number({0}, varies=True)")
_TEXT = _take("text", "Text({0})")

_ONE_COLUMN = {
    "accuracy": _CLASSES,
    "classification_error": _CLASSES,
    "f1_macro": _CLASSES,
    "f1_micro": _CLASSES,
    "quadratic_weighted_kappa": {kind: _CLASSES[kind] for kind in ("bits", "whole")},
    "matthews_corrcoef": {"bits": _CLASSES["bits"]},
    "log_loss": _CHANCE,
    "roc_auc": _CHANCE,
    "probabilistic_f1": _CHANCE,
    "mean_absolute_error": _AMOUNT,
    "root_mean_squared_error": _AMOUNT,
    "root_mean_squared_log_error": _take("bits whole number", "Number({0}, low=0.0)"),
    "pearson_correlation": _VARYING,
    "spearman_correlation": _VARYING,
    "mean_levenshtein": _TEXT,
    "word_jaccard": _TEXT,
}
_SEVERAL_COLUMNS = {
    "log_loss": _take("truth bits", "Probabilities(COLUMNS)", "OneHot(COLUMNS)"),
    "roc_auc": _CHANCES,
    "lwlrap": _CHANCES,
    "mean_absolute_error": _AMOUNTS,
    "root_mean_squared_error": _AMOUNTS,
    "root_mean_squared_log_error": _take(
        "bits whole number", 'Numbers(COLUMNS, Number("", low=0.0))'
    ),
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """How submissions are graded, as Python source.

    Parameters
    ----------
    source : str
        What a ``grader.py`` holds below its first line.
    columns : sequence of str
        The columns to predict.
    """

    source: str
    columns: Sequence[str]


def info_of(metric: str) -> MetricInfo:
    """Return the facts about a metric whose columns can be guessed.

    Raises
    ------
    UsageError
        If there is no such metric, or if it takes more than columns.
    """
    known = list(dict.fromkeys([*_ONE_COLUMN, *_SEVERAL_COLUMNS]))
    info = getattr(getattr(metrics, metric, None), "info", None)
    if not isinstance(info, MetricInfo):
        raise UsageError(f"there is no metric {metric!r}.", f"Choose one of {', '.join(known)}.")
    if metric not in known:
        like = [each.id for each in summaries("all") if each.metric == metric]
        pattern = f", as {get(like[0]).folder / 'grader.py'} does" if like else ""
        raise UsageError(
            f"how {metric} takes its columns cannot be guessed.",
            f"Leave --answers and --metric away, and declare the columns in grader.py{pattern}.",
        )
    return info


def declare(answers: bytes, metric: str) -> Declaration:
    """Guess how submissions are graded.

    The first column of the answers is the key or, where it does not tell the rows apart, the first
    few.

    Raises
    ------
    AnswersError
        If the answers cannot be read, or have no key.
    UsageError
        If the metric does not take columns of this kind.
    """
    cells = _read(answers, CellKind.NUMBER).columns
    kinds = {name: _kind(values) for name, values in cells.items()}
    # As numbers, long ones may not differ.
    key = _key(kinds, _read(answers, CellKind.VERBATIM).columns)
    columns = [name for name in kinds if name not in key.columns]
    forms = _forms(metric, columns, max((kinds[name] for name in columns), key=list(_KINDS).index))
    names = {"Grading", "Key", *re.findall(r"\w+(?=\()", " ".join(forms))}
    submission, truth = (form.format(_quoted(columns[0])) for form in forms)
    words = [*map(_quoted, key.columns), *(["text=True"] if key.text else [])]
    row = f"Key({', '.join(words)})"
    constants, function, arguments = [], "Grading.alike", [row, submission]
    if submission != truth:
        names.add("Table")
        constants.append(f"ROW = {row}\n")
        function = "Grading"
        arguments = [f"submission=Table(ROW, {submission})", f"answers=Table(ROW, {truth})"]
    if len(columns) > 1:
        constants.append(f"COLUMNS = {_exploded(map(_quoted, columns))}")
    imports = (
        f"from mlegrade.metrics import {metric}\n"
        f"from mlegrade.schema import {', '.join(sorted(names))}\n"
    )
    grading = f"GRADING = {function}{_exploded([*arguments, f'metric={metric}'])}"
    parts = [imports, "".join(constants), grading]
    return Declaration("\n".join(filter(None, parts)), columns)


def _read(answers: bytes, kind: CellKind) -> RawTable:
    try:
        data, header = read_header_of(answers)
        raw = read_csv(data, header, dict.fromkeys(header, kind))
    except InvalidSubmissionError as error:
        raise AnswersError(f"the answers cannot be read: {error}") from error
    if not raw.n_rows:
        raise AnswersError("the answers have no rows.")
    return raw


def _kind(values: NDArray[Any]) -> str:
    if values.dtype == object:
        return "text"
    if values.dtype == np.bool_:
        return "truth"
    there = values[~np.isnan(values)]
    if ((there == 0) | (there == 1)).all():
        return "bits"
    return "whole" if (there == np.floor(there)).all() else "number"


def _key(kinds: Mapping[str, str], cells: Mapping[str, NDArray[Any]]) -> Key:
    """Return the first columns that tell the rows apart; only one by itself may hold fractions."""
    header = list(kinds)
    for count in range(1, len(header)):
        names = header[:count]
        if "number" in {kinds[name] for name in names[1:]}:
            break
        key = Key(*names, text="text" in {kinds[name] for name in names})
        if not key.duplicates(cells).any():
            return key
    raise AnswersError(
        f"the answers need a key, and something beside it: {header[0]!r} is none.",
        "Begin them with a column that is different in every row, such as an id.",
    )


def _forms(metric: str, columns: Sequence[str], kind: str) -> tuple[str, str]:
    """Return the field of a submission and that of the answers."""
    several = len(columns) > 1
    known = _SEVERAL_COLUMNS if several else _ONE_COLUMN
    if found := known.get(metric, {}).get(kind):
        return found
    others = [name for name, forms in known.items() if kind in forms]
    ways = [f"--metric with one of {', '.join(others)}"] if others else []
    if several:
        ways.append("answers with a single column beside the key")
    elif "truth" in _SEVERAL_COLUMNS.get(metric, ()):
        ways.append("answers with a column of 0 and 1 for each class")
    shown = ", ".join(columns[:_SHOWN]) + (", ..." if len(columns) > _SHOWN else "")
    raise UsageError(
        f"{metric} does not take the {_KINDS[kind]} of {shown}.", f"Give {', or '.join(ways)}."
    )


def _exploded(lines: Iterable[str]) -> str:
    """Return what stands in brackets, a line for each: formatters leave that as it is."""
    return "".join(["(\n", *(f"    {line},\n" for line in lines), ")\n"])


def _quoted(text: str) -> str:
    """Return text as Python source, in double quotes where it holds none."""
    return repr(text) if '"' in text else '"' + repr("'" + text)[2:]
