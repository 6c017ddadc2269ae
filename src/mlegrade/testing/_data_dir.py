"""A data directory with synthetic data, as a preparer would have left it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlegrade import data
from mlegrade.competitions import get
from mlegrade.errors import SetupError
from mlegrade.testing._broken import broken
from mlegrade.testing._synthesis import synthesize
from mlegrade.testing._tables import packed, to_csv

if TYPE_CHECKING:
    import os

    from mlegrade.competitions import Competition

__all__ = ["Written", "write_data_dir"]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    data_dir : Path
        The data directory.
    submissions : Path
        A folder with submissions: ``perfect.csv``, ``plausible.csv``, ``baseline.csv`` and those in
        ``broken``, which have to be refused.
    """

    competition_id: str
    data_dir: Path
    submissions: Path


def write_data_dir(
    competition: str | Competition,
    out: str | os.PathLike[str],
    *,
    rows: int = 50,
    seed: int = 0,
) -> Written:
    """Write a data directory in which grading, validating and running agents work.

    Parameters
    ----------
    competition : str or Competition
        The competition's id, or any unambiguous prefix of it.
    out : path
        The data directory; other competitions in it stay as they are.
    rows : int, optional
        About how many rows the answers get.
    seed : int, optional
        The same seed gives the same files.

    Raises
    ------
    SetupError
        If data that is not synthetic is in the way.
    """
    found = get(competition)
    paths = data.paths(found.id, out)
    if paths.prepared.exists() and not data.is_synthetic(paths.prepared):
        raise SetupError(
            f"{paths.prepared} holds data that is not synthetic; name another folder with --out."
        )
    submissions = paths.root / "submissions"
    refused = submissions / "broken"
    for folder in (paths.public, paths.private, refused):
        folder.mkdir(parents=True, exist_ok=True)
    (paths.public / data.SYNTHETIC).write_text(
        "Synthetic data of mlegrade: good for trying things out, not for comparing.\n"
    )
    made = synthesize(found, rows, seed)
    (paths.private / made.competition.answers_file).write_bytes(made.answers)
    sample = paths.public / made.competition.sample_submission_file
    sample.write_bytes(
        packed(sample.stem, made.baseline) if sample.suffix == ".zip" else made.baseline
    )
    (paths.public / "description.md").write_text(made.competition.description(), encoding="utf-8")
    keys = made.competition.grading.submission.key.columns
    test = {name: made.tables["perfect"][name] for name in keys}
    if made.competition.sample_submission_file != "test.csv":
        (paths.public / "test.csv").write_bytes(to_csv(test))
    for name in made.tables:
        (submissions / f"{name}.csv").write_bytes(getattr(made, name))
    for number, (_, content) in enumerate(broken(made).items(), start=1):
        (refused / f"{number:02d}.csv").write_bytes(content)
    return Written(made.competition.id, Path(out), submissions)
