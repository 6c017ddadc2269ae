"""Random cells for each kind of column: true ones, and the plainest valid ones."""

from __future__ import annotations

import math
from functools import singledispatch
from typing import TYPE_CHECKING, TypeAlias

from mlegrade import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

__all__ = ["SIZES", "WORDS", "Columns", "constant_cells", "true_cells"]

Columns: TypeAlias = "dict[str, list[str]]"
"""The cells of a table as text, by column."""

WORDS = ("amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath", "islet", "jade")
SIZES = (12, 16)
"""The height and the width of synthetic images whose size a column of the answers holds."""

_LIST_LENGTH = 3


@singledispatch
def true_cells(field: schema.Field, rng: np.random.Generator, rows: int) -> Columns:
    """Return random cells of a field, as the truth may hold them."""
    del rng, rows
    raise TypeError(f"{type(field).__name__} has no synthetic cells: register some.")


@singledispatch
def constant_cells(field: schema.Field, rows: int) -> Columns:
    """Return cells that are as plain as the field allows: what a sample submission holds."""
    del rows
    raise TypeError(f"{type(field).__name__} has no plain cells: register some.")


def _texts(values: object) -> list[str]:
    return [format(value, ".6g") for value in values]  # type: ignore[attr-defined]


def _limits(field: schema.Number) -> tuple[float, float]:
    low = field.low if field.low is not None else field.above
    low = -10.0 if low is None else low
    return low, max(low + 1.0, 10.0) if field.high is None else field.high


@true_cells.register(schema.Number)
def _(field: schema.Number, rng: np.random.Generator, rows: int) -> Columns:
    low, high = _limits(field)
    return {field.column: _texts(low + (high - low) * (0.001 + 0.998 * rng.random(rows)))}


@constant_cells.register(schema.Number)
def _(field: schema.Number, rows: int) -> Columns:
    low, high = _limits(field)
    middle = low + (high - low) / 2
    # Where a column of equal values has no score, the rows take turns.
    other = middle + (high - low) / 4 if field.varies else middle
    return {field.column: _texts([(middle, other)[row % 2] for row in range(rows)])}


@true_cells.register(schema.WholeNumber)
def _(field: schema.WholeNumber, rng: np.random.Generator, rows: int) -> Columns:
    low, high = (int(limit) for limit in _limits(field))
    low = max(low, 0) if field.low is None else low
    values = rng.integers(low, high + 1, rows)
    # Few rows hold both ends, too: a metric may need both classes.
    values[: high - low + 1] = [low + at for at in range(min(rows, high - low + 1))]
    return {field.column: [str(value) for value in rng.permutation(values).tolist()]}


@constant_cells.register(schema.WholeNumber)
def _(field: schema.WholeNumber, rows: int) -> Columns:
    low, _ = _limits(field)
    value = max(math.ceil(low), 0) if field.low is None else math.ceil(low)
    return {field.column: [str(value)] * rows}


@true_cells.register(schema.Numbers)
def _(field: schema.Numbers, rng: np.random.Generator, rows: int) -> Columns:
    each = ((name, true_cells(field.each, rng, rows)) for name in field.columns)
    return {name: cells[field.each.column] for name, cells in each}


@constant_cells.register(schema.Numbers)
def _(field: schema.Numbers, rows: int) -> Columns:
    cells = constant_cells(field.each, rows)[field.each.column]
    return {name: list(cells) for name in field.columns}


@true_cells.register(schema.OneHot)
def _(field: schema.OneHot, rng: np.random.Generator, rows: int) -> Columns:
    labels = rng.integers(0, len(field.classes), rows).tolist()
    return {
        name: [str(int(label == place)) for label in labels]
        for place, name in enumerate(field.classes)
    }


@constant_cells.register(schema.Probabilities)
def _(field: schema.Probabilities, rows: int) -> Columns:
    share = repr(1 / len(field.classes))
    return {name: [share] * rows for name in field.classes}


@true_cells.register(schema.Boolean)
def _(field: schema.Boolean, rng: np.random.Generator, rows: int) -> Columns:
    values = rng.permutation([row % 2 == 0 for row in range(rows)])
    return {field.column: [str(bool(value)) for value in values]}


@constant_cells.register(schema.Boolean)
def _(field: schema.Boolean, rows: int) -> Columns:
    return {field.column: ["False"] * rows}


def _sentence(rng: np.random.Generator, longest: int = 4) -> str:
    return " ".join(rng.choice(WORDS, rng.integers(1, longest + 1), replace=False).tolist())


@true_cells.register(schema.Text)
def _(field: schema.Text, rng: np.random.Generator, rows: int) -> Columns:
    return {field.column: [_sentence(rng) for _ in range(rows)]}


@constant_cells.register(schema.Text)
def _(field: schema.Text, rows: int) -> Columns:
    return {field.column: [WORDS[0]] * rows}


@true_cells.register(schema.ClassName)
def _(field: schema.ClassName, rng: np.random.Generator, rows: int) -> Columns:
    return {field.column: rng.choice(WORDS[:5], rows).tolist()}


@true_cells.register(schema.RunLengths)
def _(field: schema.RunLengths, rng: np.random.Generator, rows: int) -> Columns:
    height, width = image_size(field)
    cells = []
    for row in range(rows):
        if not (row + 1) % 4 and field.empty is not None:
            cells.append(field.empty)  # now and then there is nothing to be found
            continue
        edges = sorted(rng.choice(height * width + 1, 6, replace=False).tolist())
        pairs = zip(edges[0::2], edges[1::2], strict=True)
        cells.append(" ".join(f"{begin + 1} {end - begin}" for begin, end in pairs))
    facts = {name: [str(size)] * rows for name, size in size_columns(field).items()}
    return {field.column: cells, **facts}


def image_size(field: schema.RunLengths) -> tuple[int, int]:
    """Return height and width of the synthetic images of a field."""
    sides = zip((field.height, field.width), SIZES, strict=True)
    height, width = (side if isinstance(side, int) else size for side, size in sides)
    return height, width


def size_columns(field: schema.RunLengths) -> Mapping[str, int]:
    """Return the columns of the answers that hold the size of an image."""
    sides = zip((field.height, field.width), SIZES, strict=True)
    return {side: size for side, size in sides if isinstance(side, str)}


@constant_cells.register(schema.RunLengths)
def _(field: schema.RunLengths, rows: int) -> Columns:
    return {field.column: ["1 1"] * rows}


def _numerals(rng: np.random.Generator) -> list[str]:
    return [str(number) for number in rng.choice(50, _LIST_LENGTH, replace=False) + 1]


@true_cells.register(schema.RankedList)
@true_cells.register(schema.LabelSet)
def _(field: schema.RankedList | schema.LabelSet, rng: np.random.Generator, rows: int) -> Columns:
    numerals = getattr(field, "digits", False) or getattr(
        field, "integers_as_read_by_pandas", False
    )
    cells = [" ".join(_numerals(rng)) if numerals else _sentence(rng) for _ in range(rows)]
    return {field.column: cells}


@constant_cells.register(schema.RankedList)
@constant_cells.register(schema.LabelSet)
def _(field: schema.RankedList | schema.LabelSet, rows: int) -> Columns:
    numerals = getattr(field, "digits", False) or getattr(
        field, "integers_as_read_by_pandas", False
    )
    return {field.column: ["1 2" if numerals else f"{WORDS[0]} {WORDS[1]}"] * rows}


@true_cells.register(schema.NumeralList)
@true_cells.register(schema.FirstInteger)
def _(
    field: schema.NumeralList | schema.FirstInteger, rng: np.random.Generator, rows: int
) -> Columns:
    return {field.column: [" ".join(_numerals(rng)) for _ in range(rows)]}


@constant_cells.register(schema.NumeralList)
@constant_cells.register(schema.FirstInteger)
def _(field: schema.NumeralList | schema.FirstInteger, rows: int) -> Columns:
    return {field.column: ["1 2 3"] * rows}


@true_cells.register(schema.Permutation)
def _(field: schema.Permutation, rng: np.random.Generator, rows: int) -> Columns:
    return {
        field.column: [
            " ".join(f"{item:08x}" for item in rng.integers(1 << 28, 1 << 32, 3 + row % 4))
            for row in range(rows)
        ]
    }


@true_cells.register(schema.GroupList)
def _(field: schema.GroupList, rng: np.random.Generator, rows: int) -> Columns:
    counts = rng.integers(0 if field.may_be_empty else 1, 4, rows).tolist()
    return {field.column: [" ".join(_group(field, rng) for _ in range(n)) for n in counts]}


def _group(field: schema.GroupList, rng: np.random.Generator) -> str:
    values = {name: f"{value:.3f}" for name, value in _numbers_of_group(field, rng).items()}
    for name, (low, high) in (field.integers or {}).items():
        values[name] = str(rng.integers(low, high + 1))
    if field.label is not None:
        values[field.label] = str(rng.choice(WORDS[:3]))
    return (field.separator or " ").join(values[name] for name in field.tokens)


def _numbers_of_group(field: schema.GroupList, rng: np.random.Generator) -> dict[str, float]:
    values = {name: 1.0 + 9.0 * rng.random() for name in field.tokens}
    for name in field.tokens:
        if "confidence" in name:
            values[name] = rng.random()
    # Corners have names such as xmin and x_max: the second lies beyond the first.
    pairs = field.ascending or tuple(
        (name, name.replace("min", "max")) for name in field.tokens if "min" in name
    )
    for low, high in pairs:
        values[high] = values[low] + 1.0 + 9.0 * rng.random()
    return values


@constant_cells.register(schema.GroupList)
def _(field: schema.GroupList, rows: int) -> Columns:
    values = dict.fromkeys(field.tokens, "1")
    values |= {name: str(low) for name, (low, _) in (field.integers or {}).items()}
    if field.label is not None:
        values[field.label] = WORDS[0]
    group = (field.separator or " ").join(values[name] for name in field.tokens)
    return {field.column: [group] * rows}


@constant_cells.register(schema.SpanOrWord)
def _(field: schema.SpanOrWord, rows: int) -> Columns:
    return {field.column: [""] * rows}


@true_cells.register(schema.Given)
def _(field: schema.Given, rng: np.random.Generator, rows: int) -> Columns:
    return {field.column: [str(number) for number in rng.integers(1, 1000, rows).cumsum()]}
