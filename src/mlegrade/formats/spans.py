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

_DIGITS = sys.int_info.str_digits_check_threshold  # what Python converts whatever its limit is
_SPAN = re.compile(rf"\s*([+-]?[0-9]{{1,{_DIGITS}}})\s*:\s*([+-]?[0-9]{{1,{_DIGITS}}})\s*")


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
            spans.append((int(match[1]), int(match[2])))
            continue
        word = cell.strip()
        spans.append(allowed.get(word))
        if word and word not in allowed:
            bad.append(place)
    expected = f"start:end with two whole numbers, {' or '.join(words)}, or nothing"
    return spans, [Fault("not_a_span", expected, np.array(bad, np.int64))] if bad else []
