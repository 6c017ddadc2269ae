"""A tiny test set of Spooky Author Identification, and submissions to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from click.testing import Result

HEADER = "id,EAP,HPL,MWS\n"
ANSWERS = HEADER + "id1,1,0,0\nid2,0,1,0\nid3,0,0,1\n"
GOOD = HEADER + "id3,0.05,0.05,0.9\nid1,0.9,0.05,0.05\nid2,0.05,0.9,0.05\n"
MIDDLING = HEADER + "id1,0.7,0.15,0.15\nid2,0.15,0.7,0.15\nid3,0.15,0.15,0.7\n"
POOR = HEADER + "id1,0.2,0.4,0.4\nid2,0.4,0.2,0.4\nid3,0.4,0.4,0.2\n"
BROKEN = HEADER + "id1,0.9,0.05,0.05\nid2,0.05,0.9,0.05\n"
SAMPLE = HEADER + "id1,0.4,0.3,0.3\nid2,0.4,0.3,0.3\nid3,0.4,0.3,0.3\n"

SPOOKY = "spooky-author-identification"

Call: TypeAlias = Callable[..., Result]


def parsed(result: Result) -> Any:
    """Return the standard output as JSON: nothing else may stand there."""
    return json.loads(result.stdout)
