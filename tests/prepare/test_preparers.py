"""Every preparer on small raw data: what its split promises holds, and grading works on it."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from cases import GOLDEN
from mlegrade import Grader, validate
from mlegrade.competitions import get
from mlegrade.prepare._verify import sample_submission, verify
from preparing import contents, digests, made, pins, prepared, run
from raw import RAWS
from raw.making import unit_of

NAMES = sorted(RAWS)
PINS = json.loads(Path(__file__).with_name("pins.json").read_text(encoding="ascii"))


def units(folder: Path, where: str, unit: str | None) -> list[str]:
    """Return the units of a prepared table or of the files of a public folder; see `Raw`."""
    name, _, column = where.partition(":")
    if name == "files":
        found = contents(folder / "public").items()
        owners = (unit_of(file) for path, file in found if path.startswith(column))
        return [owner for owner in owners if owner is not None]
    path = folder / name
    lines = {"lines": True} if path.read_bytes()[:1] == b"{" else {}
    dtype = {column or unit: str}
    if path.suffix.startswith(".json"):
        table = pd.read_json(path, dtype=dtype, **lines)
    else:
        table = pd.read_csv(path, dtype=dtype, sep="\t" if path.suffix == ".tsv" else ",")
    return [str(value) for value in table[column or unit]]


def test_units(name: str) -> set[str]:
    raw = RAWS[name]
    if raw.renumbered:
        return raw.drawn(raw.make_tables())
    if raw.test_in == "rest":
        known = {str(v) for t in raw.make_tables().values() if raw.unit in t for v in t[raw.unit]}
        return known - set(units(prepared(name), str(raw.train_in), raw.unit))
    where = raw.test_in or f"private/{get(name).answers_file}"
    return set(units(prepared(name), where, raw.unit))


test_units.__test__ = False


@pytest.mark.parametrize("name", NAMES)
def test_the_split_is_as_specified(name: str) -> None:
    raw, test = RAWS[name], test_units(name)
    assert len(test) == raw.test
    if raw.train_in:
        train = set(units(prepared(name), raw.train_in, raw.unit))
        assert not train & test
        known = {str(v) for t in raw.make_tables().values() if raw.unit in t for v in t[raw.unit]}
        assert train | test <= known


@pytest.mark.parametrize("name", [name for name in NAMES if RAWS[name].seed is not None])
def test_the_units_that_are_drawn_become_test_units(name: str) -> None:
    assert test_units(name) == RAWS[name].drawn(RAWS[name].make_tables())


ORDERED = [name for name in NAMES if RAWS[name].seed is not None and not RAWS[name].renumbered]


@pytest.mark.parametrize("name", ORDERED)
def test_rows_come_in_the_order_that_is_specified(name: str) -> None:
    raw = RAWS[name]
    tables = raw.make_tables()
    known = [
        str(unit) for table in tables.values() if raw.unit in table for unit in table[raw.unit]
    ]
    places = (raw.train_in, raw.test_in or f"private/{get(name).answers_file}")
    for where, drawn, order in zip(places, raw.shares(tables), raw.order, strict=True):
        if where is None or where.startswith("files:"):  # there is no order of files
            continue
        key = {"draw": drawn.index, "file": known.index, "sorted": str}[order]
        found = list(dict.fromkeys(units(prepared(name), where, raw.unit)))
        assert found == sorted(drawn, key=key), where


@pytest.mark.parametrize("name", [name for name in NAMES if RAWS[name].labels])
def test_no_label_of_the_test_part_reaches_the_public_side(name: str, tmp_path: Path) -> None:
    raw, tables = RAWS[name], RAWS[name].make_tables()
    changed = raw.relabelled(tables, test_units(name))
    again = made(name, tmp_path / "again", changed)
    assert digests(again / "private") != digests(prepared(name) / "private")
    same = digests(again / "public") == digests(prepared(name) / "public")
    assert same != raw.leaks
    if raw.leaks:
        before, after = (
            made(name, tmp_path / str(number), content, fixes=True)
            for number, content in enumerate((tables, changed))
        )
        assert digests(before / "public") == digests(after / "public")


@pytest.mark.parametrize("name", NAMES)
def test_files_are_on_the_side_of_their_unit(name: str) -> None:
    test = test_units(name)
    for path, content in contents(prepared(name) / "public").items():
        unit = unit_of(content)
        if unit is not None and not path.startswith(RAWS[name].shared):
            side = "test" if "test" in path.lower() else "train"
            assert side == ("test" if unit in test else "train"), path


@pytest.mark.parametrize("name", [name for name in NAMES if not RAWS[name].partly])
def test_all_files_of_units_are_there(name: str) -> None:
    raw = RAWS[name]
    expected = {content for content in raw.files(raw.make_tables()).values() if unit_of(content)}
    found = set(contents(prepared(name) / "public").values())
    assert expected <= found


@pytest.mark.parametrize("name", NAMES)
def test_sample_submission_and_answers_are_graded(name: str) -> None:
    competition, folder = get(name), prepared(name)
    grader = Grader(name, answers=folder / "private" / competition.answers_file)
    sample = sample_submission(competition, folder)
    assert sample is not None
    report = grader(sample)
    assert report.valid_submission == RAWS[name].sample_valid, report.error
    perfect = folder / (RAWS[name].perfect or f"private/{competition.answers_file}")
    report = grader(perfect)
    assert report.valid_submission, report.error


@pytest.mark.parametrize("name", NAMES)
def test_what_was_prepared_serves_who_only_checks_the_form(name: str) -> None:
    folder = prepared(name)
    perfect = folder / (RAWS[name].perfect or f"private/{get(name).answers_file}")
    checked = validate(perfect, name, data_dir=folder.parents[1])
    assert checked.ok, checked.problems
    assert checked.rows_checked
    found = verify(get(name), folder, "content", answers_only=False, fixes=False)
    assert found.files >= 2


TABLES = [name for name in NAMES if get(name).answers_file.endswith(".csv")]


@pytest.mark.parametrize("name", TABLES)
def test_answers_have_the_columns_of_the_golden_ones(name: str) -> None:
    file = get(name).answers_file
    ours = list(pd.read_csv(prepared(name) / "private" / file, nrows=0))
    cases = json.loads((GOLDEN / name / "cases.json").read_text(encoding="utf-8"))
    theirs = list(pd.read_csv(GOLDEN / name / cases["answers"], nrows=0))
    # Synthetic raw data need not have columns that are neither looked at nor graded.
    assert ours == [column for column in theirs if column in ours]


@pytest.mark.parametrize("name", NAMES)
def test_a_zip_archive_serves_like_a_folder(name: str, tmp_path: Path) -> None:
    RAWS[name].write(tmp_path / "raw")
    archive = tmp_path / f"{name}.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted((tmp_path / "raw").rglob("*")):
            packed.write(path, path.relative_to(tmp_path / "raw"))
    folder = run(name, archive, tmp_path / "data")
    assert digests(folder) == digests(prepared(name))


@pytest.mark.parametrize(
    "name", [name for name in NAMES if get(name).answers_raw_files is not None]
)
def test_answers_come_from_the_files_that_the_facts_name(name: str, tmp_path: Path) -> None:
    RAWS[name].write(tmp_path / "all")
    for file in (*(get(name).answers_raw_files or ()), *RAWS[name].elsewhere):
        target = tmp_path / "few" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tmp_path / "all" / file, target)
    folder = run(name, tmp_path / "few", tmp_path / "data", answers_only=True)
    assert digests(folder / "private") == digests(prepared(name) / "private")
    # What is there of the public side is whole.
    assert digests(folder / "public").items() <= digests(prepared(name) / "public").items()
    assert verify(get(name), folder, "content", answers_only=True, fixes=False).files


@pytest.mark.parametrize("name", [name for name in NAMES if get(name).fixes])
def test_fixed_data_is_graded_and_differs(name: str, tmp_path: Path) -> None:
    folder = made(name, tmp_path, fixes=True)
    fixed, plain = ({**digests(f), "mlegrade.json": ""} for f in (folder, prepared(name)))
    assert fixed != plain
    competition = get(name)
    grader = Grader(name, answers=folder / "private" / competition.answers_file)
    sample = sample_submission(competition, folder)
    assert sample is not None
    assert grader(sample).valid_submission == RAWS[name].sample_valid


@pytest.mark.parametrize("name", PINS)
def test_every_file_is_what_it_was(name: str) -> None:
    """After a change that is meant: `python scripts/make_pins.py`, and a look at the difference."""
    competition, _, fixes = name.partition(" ")
    assert pins(prepared(competition, fixes=bool(fixes))) == PINS[name]


def test_every_competition_is_pinned() -> None:
    fixed = [f"{name} fixes" for name in NAMES if get(name).fixes]
    assert sorted(PINS) == sorted([*NAMES, *fixed])
