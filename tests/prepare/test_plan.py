"""What preparing may be asked for: answers only, data of MLE-bench, verification, fixes."""

from __future__ import annotations

import errno
import importlib.util
import json
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlegrade import competition, data, grade
from mlegrade.errors import ChecksumError, NotPreparedError, PrerequisiteError, SetupError
from mlegrade.prepare import prepare, size
from prepared import DIGITS
from raw import RAWS

PETS = "petfinder-pawpularity-score"
PIZZA = "random-acts-of-pizza"


def made(name: str, folder: Path, **options: Any) -> Any:
    """Prepare synthetic raw data that lies where a download would."""
    raw = folder / name / "raw"
    if not raw.exists():
        RAWS[name].write(raw)
    return prepare(name, data_dir=folder, **{"verify": "content", **options})


def test_answers_only_needs_no_images(tmp_path: Path) -> None:
    RAWS[PETS].write(tmp_path / PETS / "raw")
    shutil.rmtree(tmp_path / PETS / "raw" / "train")
    done = made(PETS, tmp_path, answers_only=True)
    assert done.answers_only
    assert data.is_prepared(PETS, "test.csv", tmp_path)
    sample = done.folder / "public" / "sample_submission.csv"
    assert grade(sample, PETS, data_dir=tmp_path).valid_submission
    assert made(PETS, tmp_path, answers_only=True).already_there
    with pytest.raises(NotPreparedError, match="folder 'train'"):
        made(PETS, tmp_path)


def test_answers_only_is_made_whole_when_more_is_wanted(tmp_path: Path) -> None:
    made(PETS, tmp_path, answers_only=True)
    done = made(PETS, tmp_path)
    assert not done.already_there
    assert not done.answers_only
    assert list((done.folder / "public" / "test").iterdir())
    again = made(PETS, tmp_path, answers_only=True)
    assert again.already_there
    assert not again.answers_only


def test_answers_that_need_images_are_not_made_alone(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"more than tables\. Prepare it without"):
        made("plant-seedlings-classification", tmp_path, answers_only=True)


@pytest.mark.parametrize("inside", ["", "prepared", f"{PETS}/prepared"])
def test_data_of_mle_bench_is_taken_over(inside: str, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    folder = made(PETS, tmp_path / "ours").folder
    (folder / "mlegrade.json").unlink()
    (theirs / inside).parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(folder, theirs / inside)
    done = prepare(PETS, adopt=theirs, data_dir=tmp_path / "data", verify="content")
    assert not done.already_there
    assert done.verified == 2
    public = done.folder / "public"
    names = sorted(path.relative_to(public) for path in public.rglob("*"))
    assert names == sorted(
        path.relative_to(folder / "public") for path in (folder / "public").rglob("*")
    )
    assert (public / "train.csv").samefile(theirs / inside / "public" / "train.csv")
    assert data.about(done.folder)["adopted"]
    copied = prepare(
        PETS, adopt=theirs, data_dir=tmp_path / "copy", verify="content", link=False
    ).folder
    assert not (copied / "public" / "train.csv").samefile(public / "train.csv")


def test_only_the_answers_are_taken_over(tmp_path: Path) -> None:
    folder = made(PETS, tmp_path / "ours").folder
    done = prepare(
        PETS, adopt=folder, data_dir=tmp_path / "data", verify="content", answers_only=True
    )
    found = {path.name for path in done.folder.rglob("*") if path.is_file()}
    assert found == {"test.csv", "sample_submission.csv", "mlegrade.json"}


def test_what_is_taken_over_is_verified_first(tmp_path: Path) -> None:
    folder = made(PETS, tmp_path / "ours").folder
    with pytest.raises(ChecksumError, match="expected MD5"):
        prepare(PETS, adopt=folder, data_dir=tmp_path / "data")
    assert not (tmp_path / "data" / PETS / "prepared").exists()
    with pytest.raises(NotPreparedError, match=r"private/test\.csv"):
        prepare(PETS, adopt=tmp_path / "data", data_dir=tmp_path / "data")


def test_content_is_looked_at(tmp_path: Path) -> None:
    folder = made(PETS, tmp_path).folder
    sample = folder / "public" / "sample_submission.csv"
    pd.read_csv(sample).iloc[1:].to_csv(sample, index=False)
    with pytest.raises(ChecksumError, match=r"sample submission.*does not fit.*--force"):
        made(PETS, tmp_path)
    (folder / "private" / "test.csv").write_text("Id,Pawpularity\na,much\n")
    with pytest.raises(ChecksumError, match=r"test\.csv of petfinder.* is damaged"):
        made(PETS, tmp_path)
    assert made(PETS, tmp_path, verify="off").verified == 0
    with pytest.raises(ValueError, match="bytes, content, off"):
        made(PETS, tmp_path, verify="much")


def test_archives_are_looked_at(tmp_path: Path) -> None:
    name = "aerial-cactus-identification"
    done = made(name, tmp_path)
    assert done.verified == 4
    path = done.folder / "public" / "train.zip"
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    with pytest.raises(ChecksumError, match=r"train\.zip"):
        made(name, tmp_path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("numbers.txt", " ".join(map(str, range(999))))
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF  # of the packed data, which now cannot be unpacked at all
    path.write_bytes(content)
    with pytest.raises(ChecksumError, match=r"train\.zip is damaged"):
        made(name, tmp_path)


def test_parquet_files_are_looked_at(tmp_path: Path) -> None:
    name = "icecube-neutrinos-in-deep-ice"
    # Its published sums hold for nobody: the content is looked at whatever is asked for.
    done = made(name, tmp_path, verify="bytes", force=True, link=False)
    assert done.how == "content"
    path = done.folder / "public" / "test_meta.parquet"
    content = path.read_bytes()
    for damaged in (content[:-1], content[1:], b"", b"PAR1"[:2]):
        path.write_bytes(damaged)
        with pytest.raises(ChecksumError, match=r"test_meta\.parquet is no whole parquet file"):
            made(name, tmp_path)
    path.write_bytes(content)
    assert made(name, tmp_path).already_there


@pytest.mark.parametrize(
    "name",
    ["statoil-iceberg-classifier-challenge", "text-normalization-challenge-english-language"],
)
def test_sample_submissions_in_archives_are_looked_at(name: str, tmp_path: Path) -> None:
    done = made(name, tmp_path)
    assert done.verified >= 2
    (sample,) = done.folder.glob(f"public/{competition(name).sample_submission_file}")
    sample.unlink()
    with pytest.raises(ChecksumError, match=rf"{sample.name} of {name} is missing"):
        made(name, tmp_path)


def test_fixed_data_has_a_place_and_a_note_of_its_own(tmp_path: Path) -> None:
    plain = made(PIZZA, tmp_path)
    fixed = made(PIZZA, tmp_path, fixes=True)
    assert (plain.variant, fixed.variant) == ("mle-bench", "fixes")
    assert fixed.folder == tmp_path / "fixes" / PIZZA / "prepared"
    leak = "giver_username_if_known"
    for part in ("train", "test"):
        assert leak in (plain.folder / "public" / f"{part}.json").read_text()
        assert leak not in (fixed.folder / "public" / f"{part}.json").read_text()
    note = json.loads((fixed.folder / "mlegrade.json").read_text())
    assert note["fixes"] == ["The giver's name is removed from all records."]
    answers = fixed.folder / "private" / "test.csv"
    for folder, variant in ((tmp_path, "mle-bench"), (tmp_path / "fixes", "fixes")):
        report = grade(answers, PIZZA, data_dir=folder)
        assert report.data_variant == variant
        assert report.to_dict()["data_variant"] == variant
        assert report.flags == (() if variant == "fixes" else ("leak",))
    assert grade(answers, PIZZA, answers=answers).data_variant == "fixes"
    assert grade(answers, PIZZA, answers=answers.read_bytes()).data_variant is None


def test_what_needs_no_fixes_gets_none(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="nothing to fix"):
        made(PETS, tmp_path, fixes=True)
    with pytest.raises(SetupError, match="Drop `--fixes`"):
        prepare(PIZZA, adopt=tmp_path, data_dir=tmp_path, fixes=True)


def test_a_preparer_that_stumbles_says_over_what(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    RAWS[PETS].write(raw)
    (raw / "train.csv").write_text("Name\nRex\nKitty\n")
    with pytest.raises(SetupError, match=r"stumbled.*raw.*Pawpularity.*download it again"):
        prepare(PETS, source=raw, data_dir=tmp_path)
    with pytest.raises(NotPreparedError, match="does not exist"):
        prepare(PETS, source=tmp_path / "none", data_dir=tmp_path)
    with pytest.raises(NotPreparedError, match=r"no zip archive.*Name the folder that it is in"):
        prepare(PETS, source=raw / "train.csv", data_dir=tmp_path)


def test_a_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = "denoising-dirty-documents"
    RAWS[name].write(tmp_path / "raw")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(PrerequisiteError, match=r"PIL.*pip install 'mlegrade\[prepare\]'"):
        prepare(name, source=tmp_path / "raw", data_dir=tmp_path)


def test_a_damaged_member_of_an_archive_is_no_crash(tmp_path: Path) -> None:
    name = "aerial-cactus-identification"
    RAWS[name].write(tmp_path / "raw")
    path = tmp_path / "raw" / "train.zip"
    content = bytearray(path.read_bytes())
    content[80] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(SetupError, match=r"stumbled|damaged"):
        prepare(name, source=tmp_path / "raw", data_dir=tmp_path, verify="off")


def test_an_archive_is_compared_with_its_checksum(tmp_path: Path) -> None:
    RAWS[PETS].write(tmp_path / "raw")
    archive = shutil.make_archive(str(tmp_path / "all"), "zip", tmp_path / "raw")
    with pytest.raises(
        ChecksumError, match=r"all\.zip has not.*expected MD5 35dd.*--verify content"
    ):
        prepare(PETS, source=archive, data_dir=tmp_path)
    assert prepare(PETS, source=archive, data_dir=tmp_path, verify="content").verified == 2


def test_a_folder_of_others_is_neither_linked_nor_removed(tmp_path: Path) -> None:
    RAWS[PETS].write(tmp_path / "raw")
    options = {"source": tmp_path / "raw", "verify": "content"}
    done = prepare(PETS, data_dir=tmp_path / "a", keep_raw=False, **options)
    (theirs, *_) = sorted((tmp_path / "raw" / "train").iterdir())
    ours = next((done.folder / "public").glob(f"*/{theirs.name}"))
    assert not ours.samefile(theirs)
    linked = prepare(PETS, data_dir=tmp_path / "b", link=True, **options).folder
    assert next((linked / "public").glob(f"*/{theirs.name}")).samefile(theirs)


def test_sizes_are_counted(tmp_path: Path) -> None:
    before = size(PETS, tmp_path)
    assert (before.raw, before.public, before.private) == (None, None, None)
    done = made(PETS, tmp_path)
    after = size(PETS, tmp_path, download=12)
    assert after.download == 12
    assert after.private == (done.folder / "private" / "test.csv").stat().st_size
    public = (path for path in (done.folder / "public").rglob("*") if path.is_file())
    assert after.public == sum(path.stat().st_size for path in public)
    assert after.test_rows == 992
    assert after.answers_only
    assert size(DIGITS, tmp_path).download == 0
    assert json.dumps(after.to_dict())


def test_the_table_of_costs_is_current() -> None:
    root = Path(__file__).parents[2]
    script = root / "scripts" / "make_costs.py"
    spec = importlib.util.spec_from_file_location("make_costs", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    current = module.TARGET.read_text(encoding="utf-8")
    assert current == module.render(), "run: python scripts/make_costs.py"


def test_a_sample_submission_has_to_be_there(tmp_path: Path) -> None:
    folder = made(PETS, tmp_path).folder
    (folder / "public" / "sample_submission.csv").unlink()
    with pytest.raises(ChecksumError, match=r"sample_submission\.csv of .* is missing"):
        prepare(PETS, adopt=folder, data_dir=tmp_path / "data", verify="content")


def test_links_that_lead_out_are_not_taken_over(tmp_path: Path) -> None:
    folder = made(PETS, tmp_path).folder
    (tmp_path / "secret").write_text("secret")
    (folder / "public" / "secret").symlink_to(tmp_path / "secret")
    with pytest.raises(SetupError, match="leads out of"):
        prepare(PETS, adopt=folder, data_dir=tmp_path / "data", verify="content")
    assert not (tmp_path / "data" / PETS / "prepared").exists()


def test_the_download_goes_although_the_data_was_there(tmp_path: Path) -> None:
    made(PETS, tmp_path)
    done = prepare(PETS, data_dir=tmp_path, verify="content", keep_raw=False)
    assert done.already_there
    assert [path.name for path in (tmp_path / PETS).iterdir()] == ["prepared"]


def test_a_folder_that_was_named_never_goes(tmp_path: Path) -> None:
    raw = tmp_path / PETS / "raw"
    RAWS[PETS].write(raw)
    prepare(PETS, source=raw, data_dir=tmp_path, verify="content", keep_raw=False)
    assert (raw / "train.csv").is_file()


def test_nothing_goes_unverified() -> None:
    with pytest.raises(ValueError, match="the download is kept"):
        prepare(PETS, verify="off", keep_raw=False)


def test_what_the_system_refuses_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"Not a directory: .*file.* run the command again"):
        prepare(DIGITS, data_dir=tmp_path / "file")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(SetupError, match=r"^No space left on device\. Make room .*--data-dir"):
        prepare(DIGITS, data_dir=tmp_path)
    assert not list((tmp_path / DIGITS).iterdir())

    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "there")

    monkeypatch.setattr(pd.DataFrame, "to_csv", read_only)
    with pytest.raises(SetupError, match=r"^Read-only file system: there\. Look at the rights"):
        prepare(DIGITS, data_dir=tmp_path)
