"""Submitted code against reference notebooks: shared passages by winnowed fingerprints."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.errors import PrerequisiteError, ReportsError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["Match", "code_of", "find_copies"]

_SUFFIXES = {".py", ".ipynb"}
_MAGIC = ("%", "!")
_WINDOW = 5


@dataclass(frozen=True, slots=True)
class Match:
    """Two files that share code.

    Parameters
    ----------
    submission, reference : str
        The files, relative to the folders that were compared.
    share_of_submission, share_of_reference : float
        How much of each is found in the other, in [0, 1].
    characters : int
        How long the shared passages are, in the normalised code.
    """

    submission: str
    reference: str
    share_of_submission: float
    share_of_reference: float
    characters: int


def find_copies(
    submissions: str | os.PathLike[str],
    references: str | os.PathLike[str],
    *,
    threshold: float = 0.6,
    noise: int = 25,
) -> list[Match]:
    """Return the pairs of submitted and reference files that share much code, the worst first.

    Names of variables and functions do not count, nor do comments and white space: copydetect
    replaces them before it takes fingerprints.

    Parameters
    ----------
    submissions, references : path
        Python files and notebooks, or folders of them. Only a notebook's code cells count.
    threshold : float, optional
        The share of the submission from which a pair is reported; 0.6 is copydetect's choice for
        its pairs, not a proof of copying.
    noise : int, optional
        How many characters of normalised code have to agree in a row to count at all.

    Raises
    ------
    PrerequisiteError
        If copydetect is not installed.
    ReportsError
        If a folder holds no code, or a notebook is none.
    """
    ours = dict(_fingerprints(Path(submissions), noise))
    theirs = dict(_fingerprints(Path(references), noise))
    from copydetect import compare_files  # noqa: PLC0415 an extra

    found = []
    for name, one in ours.items():
        for other, two in theirs.items():
            # A file without a fingerprint is too short to say anything.
            if not one.token_coverage or not two.token_coverage:
                continue
            characters, (share, back), _ = compare_files(one, two)
            if share >= threshold:
                found.append(Match(name, other, float(share), float(back), int(characters)))
    return sorted(found, key=lambda m: (-m.share_of_submission, m.submission, m.reference))


def _fingerprints(place: Path, noise: int) -> Iterator[tuple[str, Any]]:
    try:
        from copydetect import CodeFingerprint  # noqa: PLC0415 an extra
    except ImportError as error:
        raise PrerequisiteError(
            "comparing code needs copydetect: pip install 'mlegrade[contamination]'"
        ) from error
    paths = [place] if place.is_file() else sorted(place.rglob("*"))
    paths = [path for path in paths if path.suffix.lower() in _SUFFIXES and path.is_file()]
    if not paths:
        raise ReportsError(f"there are no Python files and notebooks in {place}.")
    for path in paths:
        name = path.name if place.is_file() else path.relative_to(place).as_posix()
        code = io.StringIO(code_of(path))
        yield name, CodeFingerprint(f"{name}.py", noise, _WINDOW, language="python", fp=code)


def code_of(path: Path) -> str:
    """Return the code of a Python file, or of a notebook's code cells.

    Raises
    ------
    ReportsError
        If the notebook is none.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix.lower() != ".ipynb":
        return text
    try:
        cells = json.loads(text)["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReportsError(f"{path} is no notebook ({error!r}).") from error
    lines = [line for source in sources for line in source.split("\n")]
    return "\n".join(line for line in lines if not line.lstrip().startswith(_MAGIC)) + "\n"
