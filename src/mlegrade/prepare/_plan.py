"""What preparing is to do, and what it came to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mlegrade.prepare._verify import VERIFY

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Plan", "Prepared"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What preparing is to do.

    Parameters
    ----------
    answers_only : bool, optional
        Whether to make nothing but the answers and the sample submission, of the few raw files
        that they need.
    fixes : bool, optional
        Whether to mend the leaks and errors that the competition names. Such data has its own
        place, ``fixes/<id>`` below the data directory, and its own facts.
    verify : str, optional
        How the result is verified: ``bytes``, ``content`` or ``off``.
    keep_raw : bool, optional
        Whether the download stays when all is done and verified. Only one below the data
        directory is ever removed, and none without verification.
    link : bool, optional
        Whether the result may share files with the download by hard links; by default with one
        below the data directory.
    force : bool, optional
        Whether data that is already in place is made anew.
    """

    answers_only: bool = False
    fixes: bool = False
    verify: str = "bytes"
    keep_raw: bool = True
    link: bool | None = None
    force: bool = False

    def __post_init__(self) -> None:
        if self.verify not in VERIFY:
            raise ValueError(f"verify is one of {', '.join(VERIFY)}, not {self.verify!r}.")
        if self.verify == "off" and not self.keep_raw:
            raise ValueError("without verification the download is kept.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing a competition came to.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    folder : Path
        The folder with ``public`` and ``private``.
    already_there : bool
        Whether the data was in place before.
    verified : int
        How many files were verified, and agreed.
    how : str
        How they were verified: ``bytes``, ``content`` or ``off``.
    variant : str
        ``mle-bench``, or ``fixes`` where leaks and errors are mended.
    answers_only : bool
        Whether there is nothing but the answers and the sample submission.
    repacked : bool
        Whether the download is another archive than MLE-bench's, as far as its checksum goes,
        though all prepared files that have a checksum agree with it.
    """

    competition_id: str
    folder: Path
    already_there: bool
    verified: int
    how: str = "bytes"
    variant: str = "mle-bench"
    answers_only: bool = False
    repacked: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-compatible data."""
        return {**asdict(self), "folder": str(self.folder)}
