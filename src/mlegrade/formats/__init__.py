"""What stands inside a cell, to arrays and back: run lengths, numbers in a row, groups of tokens.

Decoders take whole columns, work in bounded memory and never raise for bad text: they return the
values together with the `Fault` of every cell that has one. The schema turns faults into errors.
"""

from mlegrade.formats._fault import Fault
from mlegrade.formats._spots import token_spots
from mlegrade.formats.groups import Groups, decode_groups, encode_groups
from mlegrade.formats.integers import IntegerLists
from mlegrade.formats.label_sets import decode_label_sets
from mlegrade.formats.permutations import Items, decode_permutations
from mlegrade.formats.run_lengths import decode_run_lengths, encode_run_lengths
from mlegrade.formats.spans import Span, decode_spans
from mlegrade.formats.tokens import (
    WordLists,
    WordSets,
    all_numbers,
    as_read_by_pandas,
    decode_first_integers,
    split_at_blanks,
    split_numerals,
)

__all__ = [
    "Fault",
    "Groups",
    "IntegerLists",
    "Items",
    "Span",
    "WordLists",
    "WordSets",
    "all_numbers",
    "as_read_by_pandas",
    "decode_first_integers",
    "decode_groups",
    "decode_label_sets",
    "decode_permutations",
    "decode_run_lengths",
    "decode_spans",
    "encode_groups",
    "encode_run_lengths",
    "split_at_blanks",
    "split_numerals",
    "token_spots",
]
