"""What a competition costs: to download, to store, to grade; None where that is not known."""

from __future__ import annotations

import os
import stat
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mlegrade import data
from mlegrade.competitions import get
from mlegrade.prepare._costs import COSTS

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.competitions import Competition

__all__ = ["PUBLISHED", "Size", "size"]

PUBLISHED = {"lite": 158_000_000_000, "low": 158_000_000_000, "all": 3_300_000_000_000}
"""Bytes to download for a split, as MLE-bench's README tells them."""


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of a competition's size.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    download : int or None
        The bytes of Kaggle's archive, as Kaggle tells them.
    raw, public, private : int or None
        The bytes on the disk: of the download, and of what was prepared. What is linked is
        counted in each place, but takes its room once.
    test_rows : int or None
        The rows of the answers.
    grade_rows, grade_seconds, grade_mib : float or None
        Time and memory of grading a submission, file to report, and the rows of the synthetic
        data that they were measured on: those of the real test set where that was practical.
    answers_only : bool
        Whether the answers can be prepared without most of the download.
    """

    competition_id: str
    download: int | None = None
    raw: int | None = None
    public: int | None = None
    private: int | None = None
    test_rows: int | None = None
    grade_rows: int | None = None
    grade_seconds: float | None = None
    grade_mib: int | None = None
    answers_only: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        return asdict(self)


def size(
    competition: str | Competition,
    data_dir: str | os.PathLike[str] | None = None,
    *,
    download: int | None = None,
) -> Size:
    """Return what is known of a competition's size.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    data_dir : path, optional
        The data directory, whose files are counted.
    download : int, optional
        The size of the archive, where Kaggle was asked for it.
    """
    competition = get(competition)
    paths = data.paths(competition.id, data_dir)
    rows, seconds, mib = COSTS.get(competition.id, (None, None, None))
    if download is None and not competition.raw_files:
        download = 0
    return Size(
        competition.id,
        download=download,
        raw=_bytes_below(paths.raw),
        public=_bytes_below(paths.public),
        private=_bytes_below(paths.private),
        test_rows=competition.test_rows,
        grade_rows=rows,
        grade_seconds=seconds,
        grade_mib=mib,
        answers_only=competition.answers_raw_files is not None,
    )


def _bytes_below(folder: Path) -> int | None:
    """Return the bytes of the files below a folder; None if there is no such folder."""
    if not folder.is_dir():
        return None
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            found = os.stat(os.path.join(place, name), follow_symlinks=False)  # noqa: PTH116, PTH118 quick
            total += found.st_size if stat.S_ISREG(found.st_mode) else 0
    return total
