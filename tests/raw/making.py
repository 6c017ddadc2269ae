"""Small raw data in Kaggle's layout, from declarations of a few lines.

A `Raw` names the tables of a download with their columns, the files that stand beside them, and
what has to be true of the split. The content of an image or a recording says whose it is: preparers
move such files without a look, and it tells afterwards whose file came where.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

Tables = dict[str, pd.DataFrame]
Files = Callable[[Tables], dict[str, bytes]]
Values = list[Any]


@dataclass(frozen=True)
class Column:
    """How a column is drawn, and what else a value of it could have been."""

    draw: Callable[[np.random.Generator, pd.DataFrame], Values]
    other: Callable[[Any], Any] = lambda value: value


def choice(*values: Any) -> Column:
    """One of some values; the first rows have each of them."""

    def draw(rng: np.random.Generator, table: pd.DataFrame) -> Values:
        n = len(table)
        return [*values, *(values[at] for at in rng.integers(0, len(values), n))][:n]

    return Column(draw, lambda value: values[(values.index(value) + 1) % len(values)])


def floats(low: float = 0.0, high: float = 1.0, digits: int = 4) -> Column:
    return Column(
        lambda rng, table: [round(float(x), digits) for x in rng.uniform(low, high, len(table))],
        lambda value: round(low + high - value, digits),
    )


def whole(low: int, high: int) -> Column:
    return Column(
        lambda rng, table: [int(x) for x in rng.integers(low, high + 1, len(table))],
        lambda value: low + (value - low + 1) % (high + 1 - low),
    )


def ids(form: str = "{}", start: int = 0) -> Column:
    """A running number in a form such as ``"{:05d}.jpg"``; numbers for the form ``"{}"``."""

    def draw(rng: np.random.Generator, table: pd.DataFrame) -> Values:
        del rng
        numbers = range(start, start + len(table))
        return list(numbers) if form == "{}" else [form.format(number) for number in numbers]

    return Column(draw)


def hexes(length: int, suffix: str = "") -> Column:
    """Distinct hexadecimal ids that begin with a letter, so that they are no numbers."""

    def draw(rng: np.random.Generator, table: pd.DataFrame) -> Values:
        return [
            f"{'abcdef'[at % 6]}{at:04x}{rng.bytes(length).hex()}"[:length] + suffix
            for at in range(len(table))
        ]

    return Column(draw)


WORDS = [
    "the",
    "house",
    "of",
    "a",
    "green",
    "river",
    "and",
    "seven",
    "birds",
    "over",
    "it",
    "before",
]


def text(length: int = 6) -> Column:
    """Sentences, each with a number of its own, some with quotes, commas and accents."""

    def draw(rng: np.random.Generator, table: pd.DataFrame) -> Values:
        extras = ["", ', "so to say"', " déjà vu", " it's"]
        return [
            " ".join(rng.choice(WORDS, length)) + f" {at}{extras[at % len(extras)]}"
            for at in range(len(table))
        ]

    return Column(draw, lambda value: value + " or so")


def of(function: Callable[[Any], Any], other: Callable[[Any], Any] = lambda value: value) -> Column:
    """Something that follows from the columns before, row by row."""
    return Column(lambda _, table: [function(row) for row in table.itertuples(index=False)], other)


def drawn(
    function: Callable[[np.random.Generator, int], Any],
    other: Callable[[Any], Any] = lambda value: value,
) -> Column:
    """Something drawn for each row from a generator and the row's number."""
    return Column(lambda rng, table: [function(rng, at) for at in range(len(table))], other)


def table(rows: int, columns: Mapping[str, Column] | None = None, **more: Column) -> Table:
    return Table(rows, {**(columns or {}), **more})


@dataclass(frozen=True)
class Table:
    """A table of some rows."""

    rows: int
    columns: Mapping[str, Column]

    def make(self, rng: np.random.Generator) -> pd.DataFrame:
        made = pd.DataFrame(index=range(self.rows))
        for name, column in self.columns.items():
            made[name] = pd.Series(column.draw(rng, made), dtype=None)
        return made


@dataclass(frozen=True)
class Raw:
    """The raw data of a competition, and what its split has to be like.

    Parameters
    ----------
    tables : mapping of str to Table
        The tables by their paths; the suffix (csv, tsv, txt, json, jsonl) says how they are
        written, and those that begin with ``~`` are not.
    files : callable, optional
        From the tables to further files by their paths; see `each`.
    pack : mapping of str to str, optional
        Archives, and the folder or file that goes into each and is then no longer beside it.
    labels : mapping of str to sequence of str, optional
        The columns that tell the truth, by their tables. Other values of them in test rows must
        not change any byte of the public side.
    leaks : bool, optional
        Whether labels do reach the public side, unless the data is made with fixes.
    unit : str, optional
        The column of raw tables that tells what is shared out: an id, a patient, a place.
    test : int
        How many units become test units.
    seed : int, optional
        The seed with which the units of the first table that has them are drawn; None where the
        split is of another kind.
    order : tuple of str, optional
        The order of training and of test rows: that of the ``draw``, that of the raw ``file``, or
        ``sorted`` by unit.
    by_name : bool, optional
        Whether the units are drawn from in the order of their names, rather than as they come.
    renumbered : bool, optional
        Whether the prepared data calls units by other names: then those that are drawn count as
        the test units.
    train_in, test_in : str, optional
        The prepared tables in which the training and the test units are found, and their column
        there if its name is another, after a colon; or ``files:`` and the public folder (or the
        beginning of paths) in which their files are. Test units may be the ``rest``.
    partly : bool, optional
        Whether some files of units are not handed out.
    shared : sequence of str, optional
        Public folders that hold files of training and test units alike.
    perfect : str, optional
        The prepared file that is a perfect submission; by default the answers.
    sample_valid : bool, optional
        Whether the sample submission has a score: a constant has no correlation.
    elsewhere : sequence of str, optional
        Files that are no part of Kaggle's download.
    constants : mapping of str to object, optional
        Values for constants of the preparer that fit the real size only.
    json_lines : bool, optional
        Whether JSON files have a record a line, whatever their suffix.
    """

    tables: Mapping[str, Table] = field(default_factory=dict)
    files: Files = lambda _: {}
    pack: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leaks: bool = False
    unit: str | None = None
    test: int = 0
    seed: int | None = 0
    order: tuple[str, str] = ("draw", "draw")
    by_name: bool = False
    renumbered: bool = False
    train_in: str | None = None
    test_in: str | None = None
    shared: tuple[str, ...] = ()
    partly: bool = False
    perfect: str | None = None
    sample_valid: bool = True
    elsewhere: tuple[str, ...] = ()
    constants: Mapping[str, Any] = field(default_factory=dict)
    json_lines: bool = False

    def make_tables(self, seed: int = 0) -> Tables:
        rng = np.random.default_rng(seed)
        return {name: declared.make(rng) for name, declared in self.tables.items()}

    def shares(self, tables: Tables) -> tuple[list[str], list[str]]:
        """Return training and test units as the specification draws them, in numpy's terms."""
        table = next(table for table in tables.values() if self.unit in table)
        units = [str(unit) for unit in table[self.unit].unique()]
        units = sorted(units) if self.by_name else units
        order = np.random.RandomState(self.seed).permutation(len(units))
        test, train = order[: self.test], order[self.test :]
        return [units[at] for at in train], [units[at] for at in test]

    def drawn(self, tables: Tables) -> set[str]:
        """Return the test units that the specification draws."""
        return set(self.shares(tables)[1])

    def relabelled(self, tables: Tables, units: set[str]) -> Tables:
        """Return the tables with other labels in the rows of some units."""
        changed = dict(tables)
        for name, columns in self.labels.items():
            new = tables[name].copy()
            rows = new[self.unit].astype(str).isin(units) if self.unit in new else slice(None)
            for column in columns:
                other = self.tables[name].columns[column].other
                new.loc[rows, column] = new.loc[rows, column].map(other)
            changed[name] = new
        return changed

    def write(self, folder: Path, tables: Tables | None = None) -> None:
        """Write the raw data into a new folder."""
        tables = self.make_tables() if tables is None else tables
        for name, content in tables.items():
            if name.startswith("~"):  # known to the maker only
                continue
            write_table(folder / name, content, json_lines=self.json_lines)
        for name, content in self.files(tables).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for archive, inside in self.pack.items():
            pack(folder / archive, folder / inside)
        for inside in self.pack.values():
            path = folder / inside
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def each(name: str, *forms: str, unit: str) -> Files:
    """Files for each row of a table: their paths with column names in braces, and their unit."""

    def files(tables: Tables) -> dict[str, bytes]:
        return {
            form.format(**row): f"{row[unit]}|{form}|{at}".encode()
            for at, row in enumerate(tables[name].to_dict("records"))
            for form in forms
        }

    return files


def others(*names: str) -> Files:
    """Files that belong to no unit."""
    return lambda _: {name: f"|{name}".encode() for name in names}


def together(*makers: Files) -> Files:
    return lambda tables: {k: v for maker in makers for k, v in maker(tables).items()}


def unit_of(content: bytes) -> str | None:
    """Return the unit that a file of `each` belongs to, told from its content."""
    head, bar, _ = content[:200].partition(b"|")
    unit = head.decode("latin-1")
    return unit if bar and unit and unit.isascii() and unit.isprintable() else None


def write_table(path: Path, content: pd.DataFrame, *, json_lines: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        content.to_csv(path, index=False)
    elif path.suffix == ".tsv":
        content.to_csv(path, index=False, sep="\t")
    elif path.suffix == ".txt":
        path.write_text("".join(f"{line}\n" for line in content.iloc[:, 0]), encoding="utf-8")
    else:
        content = content.astype(object).where(content.map(_is_there), None)
        records = [json.dumps(row) for row in content.to_dict("records")]
        lines = json_lines or path.suffix == ".jsonl"
        path.write_text("\n".join(records) + "\n" if lines else f"[{', '.join(records)}]")


def _is_there(value: object) -> bool:
    return value is not None and value == value  # noqa: PLR0124 nothing else differs from itself


def pack(archive: Path, inside: Path) -> None:
    """Pack a folder, its own name included, or a file."""
    paths = sorted(path for path in inside.rglob("*") if path.is_file()) or [inside]
    names = [(path, path.relative_to(inside.parent).as_posix()) for path in paths]
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path, name in names:
                packed.write(path, name)
    elif archive.suffix == ".7z":
        import py7zr

        with py7zr.SevenZipFile(archive, "w") as packed:
            for path, name in names:
                packed.write(path, name)
    else:
        with tarfile.open(archive, "w:gz") as packed:
            for path, name in names:
                packed.add(path, name)
