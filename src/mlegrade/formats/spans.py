"""Cells that hold an answer from a text: ``start:end``, ``YES``, ``NO`` or nothing."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from mlegrade.formats._fault import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Span", "decode_spans"]

Span: TypeAlias = "tuple[int, int] | str | None"
"""Token numbers (start, end), a word of the format, or None for no answer."""

_NUMBER = r"\s*+([+-]?)(?=[0-9])0*+([0-9]*+)\s*+"
_SPAN = re.compile(f"{_NUMBER}:{_NUMBER}")
# What Python converts whatever its limit is, a nought in front included. No text has as many
# tokens as longer numbers say, so that these may be cut.
_DIGITS = sys.int_info.str_digits_check_threshold - 1


def decode_spans(cells: Sequence[str], words: Sequence[str]) -> tuple[list[Span], list[Fault]]:
    """Decode answer spans.

    Parameters
    ----------
    cells : sequence of str, length n
        ``start:end`` with two integers in any order, one of the words, or blank text; surrounding
        white space does not matter.
    words : sequence of str
        The words that may stand instead of a span, as written.

    Returns
    -------
    spans : list, length n
        ``(start, end)``, the word, or None where the cell is blank or has a fault.
    faults : list of Fault
        ``not_a_span``.
    """
    allowed = {word: word for word in words}
    spans: list[Span] = []
    bad = []
    for place, cell in enumerate(cells):
        match = _SPAN.fullmatch(cell)
        if match:
            spans.append((_integer(match[1], match[2]), _integer(match[3], match[4])))
            continue
        word = cell.strip()
        spans.append(allowed.get(word))
        if word and word not in allowed:
            bad.append(place)
    expected = f"start:end with two whole numbers, {' or '.join(words)}, or nothing"
    return spans, [Fault("not_a_span", expected, np.array(bad, np.int64))] if bad else []


def _integer(sign: str, digits: str) -> int:
    return int(f"{sign}0{digits[:_DIGITS]}")
