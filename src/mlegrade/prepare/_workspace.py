"""Where a preparer works: the download on one side, public and private data on the other."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd

from mlegrade.errors import NotPreparedError, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Workspace"]

_LARGEST_FACTOR = 200  # of a member's size against its packed size; images and text stay far below
_LEAST_SUSPECT = 1 << 30
_PANDAS = tuple(int(part) for part in pd.__version__.split(".")[:2])
# pandas 3.1 reads doubles exactly by default and deprecates asking for it.
_EXACT: dict[str, Any] = {} if _PANDAS >= (3, 1) else {"float_precision": "round_trip"}


class Workspace:
    """The raw files of a competition, and the folders to fill.

    Parameters
    ----------
    competition_id : str
        The competition's id, for messages.
    source : Path
        A folder with the download, or the downloaded zip archive itself.
    public, private, scratch : Path
        Empty folders: for what an agent may see, for the answers, and for files on the way.
    """

    def __init__(
        self, competition_id: str, source: Path, *, public: Path, private: Path, scratch: Path
    ) -> None:
        self.competition_id = competition_id
        self.source = source
        self.public = public
        self.private = private
        self.scratch = scratch

    def raw(self, name: str) -> Path:
        """Return the path of a raw file, unpacked if need be.

        Parameters
        ----------
        name : str
            The file's path in the download, such as ``train.csv``. It is looked for in the
            download's folder, in ``train.csv.zip`` or ``train.zip``, and in any other zip archive
            of the folder.

        Raises
        ------
        NotPreparedError
            If it is nowhere.
        SetupError
            If an archive is damaged, or unpacks to a suspicious size.
        """
        if (self.source / name).is_file():
            return self.source / name
        unpacked = self.scratch / name
        if unpacked.is_file():
            return unpacked
        for archive in self._archives(name):
            try:
                if _unpack(archive, name, unpacked):
                    return unpacked
            except zipfile.BadZipFile as error:
                raise SetupError(f"{archive} is damaged ({error}); download it again.") from error
        raise NotPreparedError(
            f"the raw file {name!r} of {self.competition_id} is neither in {self.source} nor in a "
            f"zip archive there. Download the data from "
            f"https://www.kaggle.com/competitions/{self.competition_id}/data (its rules have to be "
            f"accepted there once), then run "
            f"`mlegrade prepare {self.competition_id} --from FOLDER`."
        )

    def read_csv(self, name: str, **options: Any) -> pd.DataFrame:
        """Read a raw table with pandas' defaults, numbers to the nearest double."""
        table: pd.DataFrame = pd.read_csv(self.raw(name), **_EXACT, **options)
        return table

    def _archives(self, name: str) -> Iterator[Path]:
        """Yield the archives that may hold a file, the likeliest first, each once."""
        if self.source.is_file():
            yield self.source
            return
        path = self.source / name
        likely = [path.with_name(f"{path.name}.zip"), path.with_suffix(".zip")]
        others = sorted(self.source.glob("*.zip")) if self.source.is_dir() else []
        yield from (archive for archive in dict.fromkeys([*likely, *others]) if archive.is_file())


def _unpack(archive: Path, name: str, target: Path) -> bool:
    """Unpack one file; False if the archive does not hold it.

    The target's place is ours to choose, whatever path the archive gives its members.
    """
    with zipfile.ZipFile(archive) as members:
        wanted = {name, name.rpartition("/")[2]}
        member = next((info for info in members.infolist() if info.filename in wanted), None)
        if member is None:
            return False
        allowed = max(_LEAST_SUSPECT, _LARGEST_FACTOR * member.compress_size)
        if member.file_size > allowed:
            raise SetupError(
                f"{name!r} in {archive} would unpack to {member.file_size:,} bytes, more than "
                f"{_LARGEST_FACTOR} times its packed size; download the archive again."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.partial")
        # zipfile reads no more than the declared size, and compares the checksum at the end.
        with members.open(member) as packed, partial.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
        partial.replace(target)
    return True
