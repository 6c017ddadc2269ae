"""Fields whose cells have a format of their own: masks, lists, orders, boxes, spans."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade import formats
from mlegrade.schema.cells import Cells, missing
from mlegrade.schema.fields import Column, OneColumn
from mlegrade.schema.reader import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from mlegrade.metrics.masks import Runs

__all__ = [
    "GroupList",
    "NumeralList",
    "Permutation",
    "RankedList",
    "RunLengths",
    "SpanOrWord",
    "WordSet",
]


@dataclass(frozen=True)
class RunLengths(OneColumn):
    """A binary mask as ``start length`` pairs, pixels numbered from 1.

    Parameters
    ----------
    column : str
        The column's name.
    height, width : int or str
        The image's size in pixels: a number, or the column of the answers that holds it.
    row_major : bool, optional
        Whether pixels are numbered along the rows; by default down the columns.
    empty : str or None, optional
        The cell that means an empty mask. By default an empty cell; None if an empty cell is
        refused.
    """

    height: int | str
    width: int | str
    row_major: bool = False
    empty: str | None = ""

    @property
    def facts(self) -> Mapping[str, CellKind]:
        """The columns that hold the image's size."""
        names = [side for side in (self.height, self.width) if isinstance(side, str)]
        return dict.fromkeys(names, CellKind.NUMBER)

    def context(self, facts: Mapping[str, NDArray[Any]]) -> NDArray[np.int64] | None:
        """Return the pixels of each image, or of all; None if the images' sizes are not known."""
        if not self.facts.keys() <= facts.keys():
            return None
        height, width = (
            np.asarray(side if isinstance(side, int) else facts[side]).astype(np.int64)
            for side in (self.height, self.width)
        )
        return np.asarray(height * width)

    def decode(self, cells: Cells, context: Any) -> Runs:
        """Return the masks as run lists, pixels numbered from 0."""
        expected = "run lengths" + (f", or {self.empty!r} for an empty mask" if self.empty else "")
        missing_as = "" if self.empty == "" else None
        texts = cells.text(self.column, missing_as=missing_as, expected=expected)
        if self.empty:
            texts = np.where(texts == self.empty, "", texts)
        runs, faults = formats.decode_run_lengths(texts.tolist(), context)
        cells.reject_faults(self.column, faults)
        return runs

    def describe(self) -> list[Column]:
        """Describe the column."""
        way = "along the rows" if self.row_major else "down the columns"
        nothing = {
            "": "an empty cell is an empty mask",
            None: "empty cells are refused",
        }.get(self.empty, f"`{self.empty}` is an empty mask")
        says = f"run lengths: `start length` pairs, pixels numbered from 1 {way}; {nothing}"
        order = "row_major" if self.row_major else "column_major"
        return [Column(self.column, "run_lengths", says, {"order": order})]


@dataclass(frozen=True)
class RankedList(OneColumn):
    """Words separated by single blanks, best first.

    Parameters
    ----------
    column : str
        The column's name.
    at_most : int, optional
        Words that count; later ones are not looked at.
    integers_as_read_by_pandas : bool, optional
        Whether a column of bare integers loses its leading zeros, as it does when pandas infers
        the column's type.
    says : str, optional
        What the words are, for the documentation.
    may_be_empty : bool, optional
        Whether a missing cell is an empty list; else it is refused.
    """

    at_most: int | None = None
    integers_as_read_by_pandas: bool = False
    says: str = "words"
    may_be_empty: bool = True

    def decode(self, cells: Cells, context: Any) -> Sequence[Any]:
        """Return the lists."""
        del context
        if self.integers_as_read_by_pandas:
            # The type is inferred from the whole column, rows that do not count included.
            whole = cells.columns[self.column]
            texts = formats.as_read_by_pandas(whole, missing(whole))
            texts = texts if cells.order is None else texts[cells.order]
        else:
            texts = cells[self.column]
        empty = missing(texts)
        if not self.may_be_empty:
            cells.reject(self.column, empty, "missing_value", f"at least one of the {self.says}")
        filled = np.where(empty, "", texts) if empty.any() else texts
        return formats.split_at_blanks(filled.tolist(), empty, at_most=self.at_most)

    def describe(self) -> list[Column]:
        """Describe the column."""
        count = f"up to {self.at_most} {self.says}" if self.at_most else self.says
        nothing = "" if self.may_be_empty else "; not empty"
        says = f"{count}, separated by single blanks, best first{nothing}"
        return [Column(self.column, "ranked_list", says, {"at_most": self.at_most})]


@dataclass(frozen=True)
class WordSet(RankedList):
    """Words separated by single blanks, in no order; a missing cell is an empty set."""

    def decode(self, cells: Cells, context: Any) -> Sequence[Any]:
        """Return the sets."""
        return formats.WordSets(super().decode(cells, context))

    def describe(self) -> list[Column]:
        """Describe the column."""
        says = f"{self.says}, separated by single blanks, in any order"
        return [Column(self.column, "word_set", says)]


@dataclass(frozen=True)
class Permutation(OneColumn):
    """All items of the row in some order, separated by white space.

    The items are those of the answers' column of the same name, in their true order.

    Parameters
    ----------
    column : str
        The column's name.
    says : str, optional
        What the items are, for the documentation.
    """

    says: str = "items"

    @property
    def facts(self) -> Mapping[str, CellKind]:
        """The items in their true order."""
        return {self.column: CellKind.TEXT}

    def context(self, facts: Mapping[str, NDArray[Any]]) -> formats.Items | None:
        """Return the items of all rows, ready to be looked up."""
        return formats.Items(facts[self.column].tolist()) if self.column in facts else None

    def decode(self, cells: Cells, context: Any) -> formats.IntegerLists:
        """Return for each row the true places of its items, in the order proposed."""
        texts = cells.text(self.column).tolist()
        items = context or formats.Items(texts)
        places, faults = formats.decode_permutations(texts, items)
        cells.reject_faults(self.column, faults)
        return places

    def describe(self) -> list[Column]:
        """Describe the column."""
        says = f"all {self.says} of the row, each once, separated by blanks"
        return [Column(self.column, "permutation", says)]


@dataclass(frozen=True)
class GroupList(OneColumn):
    """Any number of things, each as a fixed sequence of tokens: boxes, detections.

    Parameters
    ----------
    column : str
        The column's name.
    tokens : sequence of str
        The names of a group's tokens, in their order.
    label : str, optional
        The token that is text; the others are finite numbers.
    integers : mapping of str to (int, int), optional
        Tokens that are whole numbers, with their range.
    positive : sequence of str, optional
        Tokens that are above zero.
    ascending : sequence of (str, str), optional
        Pairs of tokens of which the second is not below the first.
    separator : str, optional
        What separates tokens; white space of any length by default.
    may_be_empty : bool, optional
        Whether an empty cell means that there is nothing; else it is refused.
    blank_is_empty : bool, optional
        Whether a cell of nothing but white space means that there is nothing; else it is refused
        where an empty cell is.
    like_python : bool, optional
        Whether numbers are what Python's `float` reads; see `mlegrade.formats.decode_groups`.
    """

    tokens: tuple[str, ...]
    label: str | None = None
    integers: Mapping[str, tuple[int, int]] | None = None
    positive: tuple[str, ...] = ()
    ascending: tuple[tuple[str, str], ...] = ()
    separator: str | None = None
    may_be_empty: bool = True
    blank_is_empty: bool = True
    like_python: bool = False

    def place(self, token: str) -> int:
        """Return the place of a numeric token in the decoded rows of numbers."""
        return [name for name in self.tokens if name != self.label].index(token)

    def decode(self, cells: Cells, context: Any) -> formats.Groups:
        """Return all groups of all rows."""
        del context
        texts = cells.text(self.column, missing_as="" if self.may_be_empty else None).tolist()
        groups, faults = formats.decode_groups(
            texts,
            size=len(self.tokens),
            label=None if self.label is None else self.tokens.index(self.label),
            separator=self.separator,
            blank_is_empty=self.blank_is_empty,
            like_python=self.like_python,
        )
        cells.reject_faults(self.column, faults)
        if not (self.may_be_empty or self.blank_is_empty):
            blank = np.fromiter(map(str.isspace, texts), np.bool_, len(texts))
            cells.reject(self.column, blank, "missing_value", f"`{' '.join(self.tokens)}`")
        for wrong, expected in self._broken_limits(groups):
            where = np.unique(groups.owner[wrong])
            spot = partial(self._spot, texts, groups.owner, wrong)
            cells.reject(self.column, where, "out_of_range", expected, spot=spot)
        return groups

    def _spot(
        self, texts: list[str], owner: NDArray[np.int32], wrong: NDArray[np.bool_], place: int
    ) -> int:
        """Return where the first wrong group of a cell stands."""
        group = int(wrong[owner == place].argmax())
        spots = formats.token_spots(texts[place], self.separator)
        token = group * len(self.tokens)
        return spots[token] if token < len(spots) else 0

    def _broken_limits(self, groups: formats.Groups) -> list[tuple[NDArray[np.bool_], str]]:
        numbers = groups.numbers
        limits = []
        for token, (low, high) in (self.integers or {}).items():
            values = numbers[:, self.place(token)]
            wrong = (values != np.floor(values)) | (values < low) | (values > high)
            limits.append((wrong, f"a whole number from {low} to {high} as {token}"))
        limits += [
            (numbers[:, self.place(token)] <= 0, f"a {token} above 0") for token in self.positive
        ]
        limits += [
            (numbers[:, self.place(low)] > numbers[:, self.place(high)], f"{low} <= {high}")
            for low, high in self.ascending
        ]
        return limits

    def describe(self) -> list[Column]:
        """Describe the column."""
        gap = "single blanks" if self.separator == " " else "blanks"
        nothing = "an empty cell means none" if self.may_be_empty else "empty cells are refused"
        says = f"groups of `{' '.join(self.tokens)}`, all separated by {gap}; {nothing}"
        return [Column(self.column, "groups", says, {"tokens": list(self.tokens)})]


@dataclass(frozen=True)
class NumeralList(OneColumn):
    """Whole numbers separated by white space, at least one.

    Parameters
    ----------
    column : str
        The column's name.
    says : str, optional
        What the numbers are, for the documentation.
    """

    says: str = "whole numbers"

    def decode(self, cells: Cells, context: Any) -> list[list[str]]:
        """Return the numbers of each row as text, the same for the same number."""
        del context
        lists, faults = formats.split_numerals(cells.text(self.column, missing_as=" ").tolist())
        cells.reject_faults(self.column, faults)
        return lists

    def describe(self) -> list[Column]:
        """Describe the column."""
        says = f"{self.says}: whole numbers separated by blanks, at least one"
        return [Column(self.column, "integer_list", says)]


@dataclass(frozen=True)
class SpanOrWord(OneColumn):
    """A span ``start:end`` of token numbers, one of some words, or nothing.

    Parameters
    ----------
    column : str
        The column's name.
    words : sequence of str
        The words that may stand instead of a span.
    """

    words: tuple[str, ...]

    def decode(self, cells: Cells, context: Any) -> list[formats.Span]:
        """Return (start, end), a word, or None for each row."""
        del context
        texts = cells.text(self.column, missing_as="").tolist()
        spans, faults = formats.decode_spans(texts, self.words)
        cells.reject_faults(self.column, faults)
        return spans

    def describe(self) -> list[Column]:
        """Describe the column."""
        words = ", ".join(f"`{word}`" for word in self.words)
        says = f"`start:end` (token numbers, end exclusive), {words}, or empty for no answer"
        return [Column(self.column, "span", says, {"words": list(self.words)})]
