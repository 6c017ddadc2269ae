"""The catalogue of competitions, and one folder for each.

Looking a competition up reads one generated table; its facts, grader and texts are read when they
are asked for. Other packages add competitions by the entry point group ``mlegrade.competitions``.
The package itself can be called like `ids`: ``mlegrade.competitions("lite")``.
"""

import sys
from types import ModuleType

from mlegrade.competitions._catalogue import (
    SPLITS,
    Summary,
    get,
    ids,
    register,
    summaries,
)
from mlegrade.competitions._competition import (
    FIXES,
    ISSUE_KINDS,
    Checksums,
    Competition,
    KnownIssue,
)

__all__ = [
    "FIXES",
    "ISSUE_KINDS",
    "SPLITS",
    "Checksums",
    "Competition",
    "KnownIssue",
    "Summary",
    "get",
    "ids",
    "register",
    "summaries",
]


class _Catalogue(ModuleType):
    """Lets ``mlegrade.competitions`` be both the package and the function of that name."""

    def __call__(self, split: str | None = None) -> list[str]:
        return ids(split)


sys.modules[__name__].__class__ = _Catalogue
